// The real machine: its own files, and those of a host whose root is mounted elsewhere.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMachine } from '../../collector/machine.ts';
import { systemClock } from '../../core/runtime/clock.ts';

const machineAt = (hostRoot: string) =>
  createMachine({ hostRoot, dockerHost: 'unix:///none.sock', clock: systemClock });
const here = machineAt('');

describe('this machine', () => {
  test('files of /proc, however the kernel cuts them', () => {
    expect(here.readText('/proc/self/stat')).toMatch(/^\d+ \(/);
    expect(here.readText('/proc/cpuinfo').length).toBeGreaterThan(100);
  });

  test('constants of the kernel', () => {
    expect(here.clockTicks).toBe(100);
    expect([4096, 16384, 65536]).toContain(here.pageBytes);
    expect(here.cpuCount).toBeGreaterThan(0);
    expect(here.architecture).toMatch(/^(x86_64|aarch64)$/);
  });

  test('clocks go on', () => {
    expect(here.unixSeconds()).toBeGreaterThan(1_700_000_000);
    expect(here.monotonicSeconds()).toBeLessThanOrEqual(here.monotonicSeconds());
  });
});

describe('a host mounted elsewhere', () => {
  const root = mkdtempSync(join(tmpdir(), 'host-'));
  mkdirSync(join(root, 'proc/1/net'), { recursive: true });
  mkdirSync(join(root, 'sys/class/net'), { recursive: true });
  writeFileSync(join(root, 'proc/loadavg'), '1 2 3\n');
  writeFileSync(join(root, 'proc/1/net/dev'), 'of the host\n');
  writeFileSync(join(root, 'proc/long'), 'ü'.repeat(200_000));
  symlinkSync('../../devices/x', join(root, 'sys/class/net/eth0'));
  const host = machineAt(`${root}/`);

  test.each([
    { path: '/proc/loadavg', gives: '1 2 3\n' },
    { path: '/proc/net/dev', gives: 'of the host\n' },
    { path: '/proc/long', gives: 'ü'.repeat(200_000) },
  ])('$path', async ({ path, gives }) => {
    expect(host.readText(path)).toBe(gives);
    if (!path.includes('/net/')) expect(await host.readTextSlowly(path)).toBe(gives);
  });

  test('links and lists', async () => {
    expect(host.linkTarget('/sys/class/net/eth0')).toBe('../../devices/x');
    expect(host.linkTarget('/proc/loadavg')).toBeUndefined();
    expect(host.list('/sys/class/net')).toEqual(['eth0']);
    expect((await host.filesystemUse('/', 5, true)).blocks).toBeGreaterThan(0);
  });

  test('what is not there', () => {
    expect(() => host.readText('/proc/none')).toThrow('ENOENT');
    expect(host.readTextIfThere('/proc/none')).toBeUndefined();
    expect(host.readTextIfThere('/proc/loadavg/below')).toBeUndefined();
    expect(host.listIfThere('/proc/none')).toEqual([]);
    expect(() => host.list('/proc/none')).toThrow('ENOENT');
    expect(() => host.readTextIfThere('/proc/1')).toThrow('EISDIR');
  });

  test('a long file does not spoil the short ones after it', () => {
    host.readText('/proc/long');
    expect(host.readText('/proc/loadavg')).toBe('1 2 3\n');
  });
});

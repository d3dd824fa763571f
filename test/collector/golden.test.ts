// The collector as a process on this machine: its scrape parses, selects, answers in time, and it stops when told.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExposition } from '../../collector/exposition.ts';
import { root } from '../../compose/place.ts';
import { gauge, sample } from '../../core/contracts/sample.ts';
import { renderExposition } from '../../core/lib/promtext.ts';
import { engines } from '../engines.ts';
import { expandNames, nodeNames } from './names.ts';

let port: number;
let collector: ChildProcess;
let said = '';

beforeAll(async () => {
  port = await freePort();
  collector = start({ COLLECTOR_PORT: String(port), COLLECTOR_DNS_NAMES: '' });
  collector.stdout!.on('data', (chunk) => {
    said += chunk;
  });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status === 200);
}, 60_000);

afterAll(() => collector.kill('SIGKILL'));

function start(environment: Record<string, string>): ChildProcess {
  const data = mkdtempSync(join(tmpdir(), 'collector-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    ODYSSEY_DATA: data,
    DOCKER_HOST: `unix://${data}/none.sock`,
    ...environment,
  };
  return spawn(process.execPath, ['collector/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: found } = server.address() as { port: number };
      server.close(() => resolve(found));
    });
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const scrape = async (query = '') => (await fetch(`http://127.0.0.1:${port}/metrics${query}`)).text();

/** Resolves to what promtool complains about; 0 and 3 are its codes for text that parses. */
function checkMetrics(promtool: string, text: string): Promise<{ code: number; complaints: string[] }> {
  return new Promise((resolve) => {
    const child = execFile(promtool, ['check', 'metrics'], (error, stdout, stderr) => {
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      resolve({ code: error === null ? 0 : Number(error.code), complaints });
    });
    child.stdin!.end(text);
  });
}

/** Names of our own pass the lint as well; those we inherited do not, and need not. */
const ours = /^(collector_|dns_|machine_inventory|tcp_)/;

describe('a scrape', () => {
  test.skipIf(engines.length === 0)('parses for promtool (no promtool here)', async () => {
    for (const { promtool } of engines) {
      const { code, complaints } = await checkMetrics(promtool, await scrape());
      expect([0, 3]).toContain(code);
      expect(complaints.filter((line) => ours.test(line) || /^error while/.test(line))).toEqual([]);
    }
  });

  test('no series comes twice', async () => {
    const series = (await scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const names = series.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('has what every Linux tells, and the failure of no source', async () => {
    const { samples } = parseExposition(await scrape());
    const always = [
      'CPU seconds',
      'load',
      'system',
      'uname',
      'kernel counters',
      'paging',
      'network',
      'interfaces',
      'the process itself',
      'textfiles',
    ];
    const wanted = nodeNames.filter(({ family }) => always.includes(family)).flatMap(({ names }) => expandNames(names));
    const found = new Set(samples.map(({ name }) => name));
    const lacking = wanted.filter((name) => !found.has(name) && name !== 'node_network_speed_bytes');
    expect(lacking).toEqual([]);
    const failed = samples.filter(({ name, value }) => name === 'node_scrape_collector_success' && value !== 1);
    const outside = ['systemd', 'timex']; // these ask programs that a machine may lack or forbid
    expect(failed.map(({ labels }) => labels['collector']!).filter((name) => !outside.includes(name))).toEqual([]);
  });

  test('agrees with the files it was read from', async () => {
    const { samples } = parseExposition(await scrape('?collect[]=filesystem&collect[]=filefd'));
    expect(samples.find(({ labels }) => labels['mountpoint'] === '/' && existsSync('/proc/1/mounts'))).toBeDefined();
    expect(new Set(samples.map(({ labels }) => labels['collector']))).toEqual(
      new Set([undefined, 'filesystem', 'filefd']),
    );
  });

  test('of a source that does not exist is refused', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics?collect[]=cpus`);
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('No source is called cpus'),
    ]);
  });

  test('takes well under a second', async () => {
    const started = performance.now();
    await scrape();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test.skipIf(engines.length === 0)('labels of random text still parse for promtool (no promtool here)', async () => {
  const odd = ['a\nb', '"', '\\', 'x'.repeat(1_000_000), '\ud800', '{}', ' ', '\u0000', 'é🙂', '\\n', '"} 1\nfake 2'];
  const text = renderExposition(
    [gauge('odd_info', 'Odd.')],
    odd.map((value, at) => sample('odd_info', 1, { at: String(at), value })),
  );
  const { code, complaints } = await checkMetrics(engines[0]!.promtool, text);
  expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
});

describe('the process', () => {
  test.each([
    {
      given: 'a typing mistake in a setting',
      environment: { COLLECTOR_PROT: '1' },
      gives: 'COLLECTOR_PROT is not a setting',
    },
    {
      given: 'a source that does not exist',
      environment: { COLLECTOR_SOURCES_OFF: 'cpus' },
      gives: 'No source is called cpus',
    },
  ])('$given ends it with a sentence', async ({ environment, gives }) => {
    const child = start(environment);
    let complaint = '';
    child.stderr!.on('data', (chunk) => {
      complaint += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(complaint).toContain(gives);
    expect(complaint).not.toContain('    at ');
  });

  test('stops when told, at once and with 0', async () => {
    const ended = new Promise((resolve) => collector.once('exit', resolve));
    const started = performance.now();
    collector.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(said).toContain('"msg":"ready"');
  });
});

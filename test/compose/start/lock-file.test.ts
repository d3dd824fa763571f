// The lock and the children's list on a real folder, with real processes.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../../compose/place.ts';
import { leftChildren, lockHolder, rememberChildren, takeLock } from '../../../compose/start/lock-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lock file', () => {
  test('is taken, held against a second one, and given back', () => {
    const first = takeLock(folder);
    expect(first.kind).toBe('locked');
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    expect(takeLock(folder)).toEqual({ kind: 'refused', reason: `process ${process.pid} holds it` });
    if (first.kind === 'locked') first.release();
    expect(lockHolder(folder)).toBeUndefined();
    expect(takeLock(folder).kind).toBe('locked');
  });

  test.each([
    { given: 'a process that is gone', text: '4194303 1\n' },
    { given: 'a later process with the same number', text: `${process.pid} 1\n` },
    { given: 'nothing readable', text: '' },
  ])('left by $given it is taken over, without leaving files behind', ({ text }) => {
    writeFileSync(join(folder, 'supervisor.lock'), text);
    expect(takeLock(folder).kind).toBe('locked');
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    expect(readdirSync(folder)).toEqual(['supervisor.lock']);
  });

  test('of many that find a stale lock at once exactly one gets it', async () => {
    writeFileSync(join(folder, 'supervisor.lock'), '4194303 1\n');
    const script = `
      const { takeLock } = await import(${JSON.stringify(join(root, 'compose/start/lock-file.ts'))});
      console.log(takeLock(${JSON.stringify(folder)}).kind);
      setTimeout(() => {}, 3000);`;
    const said = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          new Promise<string>((resolve) => {
            const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
            child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
          }),
      ),
    );
    expect(said.sort()).toEqual(['locked', 'refused', 'refused', 'refused']);
  });
});

describe('children', () => {
  test('only those that still run are left', async () => {
    const child = spawn('sleep', ['30']);
    rememberChildren(folder, [child.pid!, 4_194_303]);
    expect(readFileSync(join(folder, 'children'), 'utf8')).toMatch(/^\d+ \d+\n$/);
    expect(leftChildren(folder)).toEqual([child.pid]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    expect(leftChildren(folder)).toEqual([]);
  });

  test('without a list there are none', () => {
    expect(existsSync(join(folder, 'children'))).toBe(false);
    expect(leftChildren(folder)).toEqual([]);
  });
});

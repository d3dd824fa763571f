// Programs are hashed once, and what changes, is no file or is too large has no hash; a file that never answers holds one call.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProgramHash } from '../../collector/program-hash.ts';

const within = (timeoutSeconds: number) => ({ timeoutSeconds, onlyKnown: false });
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
let folder: string;
let link: string;
const file = () => join(folder, 'program');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-hash-'));
  link = join(folder, 'exe');
  symlinkSync(file(), link);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('of a program that runs, as the kernel links it', async () => {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  await once(child, 'spawn');
  try {
    expect(await createProgramHash()(`/proc/${child.pid}/exe`, within(30))).toBe(
      sha256(readFileSync(`/proc/${child.pid}/exe`)),
    );
  } finally {
    child.kill();
  }
});

test.each([0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])('of %i bytes', async (bytes) => {
  const content = Buffer.alloc(bytes, 'odd');
  writeFileSync(file(), content);
  expect(await createProgramHash()(link, within(30))).toBe(sha256(content));
});

test('follows a file that is written anew, though its size and its date stay', async () => {
  const hash = createProgramHash();
  writeFileSync(file(), 'good');
  const { atime, mtime } = statSync(file());
  expect(await hash(link, within(30))).toBe(sha256('good'));
  writeFileSync(file(), 'evil');
  utimesSync(file(), atime, mtime);
  expect(await hash(link, within(30))).toBe(sha256('evil'));
});

test('of what is too large, is missing or is no file there is none', async () => {
  const hash = createProgramHash(3);
  writeFileSync(file(), '1234');
  expect(await hash(link, within(30))).toBeUndefined();
  writeFileSync(file(), '123');
  expect(await hash(link, within(30))).toBe(sha256('123'));
  expect(await hash(folder, within(30))).toBeUndefined();
  expect(await hash('/proc/4194305/exe', within(30))).toBeUndefined();
  unlinkSync(file());
  execFileSync('mkfifo', [file()]);
  expect(await hash(link, within(30))).toBeUndefined();
  unlinkSync(file());
});

test('nothing is read for who asks only for what is known', async () => {
  const hash = createProgramHash();
  const known = { timeoutSeconds: 30, onlyKnown: true };
  writeFileSync(file(), 'a program');
  expect(await hash(link, known)).toBeUndefined();
  await hash(link, within(30));
  expect(await hash(link, known)).toBe(sha256('a program'));
});

test('what is late goes on, nothing else is begun meanwhile, and it is known later', async () => {
  const hash = createProgramHash();
  const content = Buffer.alloc(16 * 1024 * 1024, 'slow');
  writeFileSync(file(), content);
  expect(await hash(link, within(0.001))).toBeUndefined();
  expect(await hash('/proc/self/exe', within(30))).toBeUndefined();
  const began = performance.now();
  let found: string | undefined;
  while (found === undefined && performance.now() - began < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await hash(link, within(0.5));
  }
  expect(found).toBe(sha256(content));
}, 60_000);

// Programs are hashed once, and what changes, is no file or is too large has no hash; a file that never answers holds one call.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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

test('of the program that runs this, as the kernel links it', async () => {
  const hash = createProgramHash();
  expect(await hash('/proc/self/exe', 30)).toBe(sha256(readFileSync('/proc/self/exe')));
});

test.each([0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])('of %i bytes', async (bytes) => {
  const content = Buffer.alloc(bytes, 'odd');
  writeFileSync(file(), content);
  expect(await createProgramHash()(link, 30)).toBe(sha256(content));
});

test('follows a file that is written anew, though its size and its date stay', async () => {
  const hash = createProgramHash();
  writeFileSync(file(), 'good');
  const { atime, mtime } = statSync(file());
  expect(await hash(link, 30)).toBe(sha256('good'));
  writeFileSync(file(), 'evil');
  utimesSync(file(), atime, mtime);
  expect(await hash(link, 30)).toBe(sha256('evil'));
});

test('of what is too large, is missing or is no file there is none', async () => {
  const hash = createProgramHash(3);
  writeFileSync(file(), '1234');
  expect(await hash(link, 30)).toBeUndefined();
  writeFileSync(file(), '123');
  expect(await hash(link, 30)).toBe(sha256('123'));
  expect(await hash(folder, 30)).toBeUndefined();
  expect(await hash('/proc/4194305/exe', 30)).toBeUndefined();
  unlinkSync(file());
  execFileSync('mkfifo', [file()]);
  expect(await hash(link, 30)).toBeUndefined();
  unlinkSync(file());
});

test('what is late goes on, nothing else is begun meanwhile, and it is known later', async () => {
  const hash = createProgramHash();
  const content = Buffer.alloc(64 * 1024 * 1024, 'slow');
  writeFileSync(file(), content);
  expect(await hash(link, 0.001)).toBeUndefined();
  expect(await hash('/proc/self/exe', 30)).toBeUndefined();
  const began = performance.now();
  let found: string | undefined;
  while (found === undefined && performance.now() - began < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await hash(link, 0.5);
  }
  expect(found).toBe(sha256(content));
}, 30_000);

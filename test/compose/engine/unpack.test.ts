// Packages of the real distribution, unpacked beside the system: whole or not at all, and only once.
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseRelease } from '../../../compose/engine/release.ts';
import { unpackPackages } from '../../../compose/engine/unpack.ts';

const hasApt = existsSync('/usr/bin/apt-get');
let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-unpack-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { codename } = parseRelease(readFileSync('/etc/os-release', 'utf8'));
/** The suite of updates is short, so that apt has little to read. */
const suite = (name: string) => ({ kind: 'suite', suite: name }) as const;
const request = (changed: Partial<Parameters<typeof unpackPackages>[0]>) => ({
  from: { kind: 'own' } as const,
  packages: ['hello', 'no-such-package-here'],
  optional: ['no-such-package-here'],
  relocations: [],
  into: join(folder, 'hello'),
  progress: (line: string) => lines.push(line),
  ...changed,
});

describe.skipIf(!hasApt)('unpack', { timeout: 120_000 }, () => {
  test('a package is there, runs, and leaves nothing else behind; the second time nothing is done', async () => {
    await unpackPackages(request({}));
    const program = join(folder, 'hello/usr/bin/hello');
    expect((await promisify(execFile)(program, ['--version'])).stdout).toContain('hello');
    expect(readdirSync(folder)).toEqual(['hello']);
    expect(lines).toEqual([
      'getting hello, no-such-package-here (own sources)',
      expect.stringMatching(/^ {2}hello \S+ \(.*B\)$/),
    ]);

    const before = statSync(program).ctimeMs;
    await unpackPackages(request({}));
    expect(lines).toHaveLength(2);
    expect(statSync(program).ctimeMs).toBe(before);
  });

  test('what cannot be had is said in a sentence, and what was there stays; only a dead run is cleared away', async () => {
    const dead = ['.hello.4194303', '.hello.4194303.apt'];
    for (const name of ['hello', `.hello.${process.ppid}`, ...dead]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'hello/kept'), 'kept');
    const impossible = request({ from: suite(`${codename}-updates`), optional: [] });
    await expect(unpackPackages(impossible)).rejects.toThrow(/no-such-package-here.* cannot be downloaded/);
    expect(readdirSync(folder).sort()).toEqual([`.hello.${process.ppid}`, 'hello']);
    expect(readFileSync(join(folder, 'hello/kept'), 'utf8')).toBe('kept');
  });

  test('a suite that the mirror lacks is an error of apt, not an empty folder', async () => {
    const request404 = request({ from: suite('no-such-suite') });
    await expect(unpackPackages(request404)).rejects.toThrow(/^apt cannot read its sources: /);
    expect(readdirSync(folder)).toEqual([]);
  });
});

// The way in: what it refuses, what it hands on, and that it leaves standard output to the program.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../compose/place.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-script-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

function run(
  checkout: string,
  args: string[],
  after?: (child: ReturnType<typeof spawn>) => void,
  environment: Record<string, string> = {},
): Promise<Ran> {
  const env = { PATH: '/nowhere', ...environment };
  const child = spawn(process.execPath, [join(checkout, 'compose/start.mjs'), ...args], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    after?.(child);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** A checkout whose only program prints its arguments; with or without what npm notes after an install. */
function checkout(name: string, program: string, installed: object | undefined): string {
  const at = join(folder, name);
  mkdirSync(join(at, 'compose/doctor'), { recursive: true });
  cpSync(join(root, 'compose/start.mjs'), join(at, 'compose/start.mjs'));
  writeFileSync(join(at, 'compose/doctor/main.ts'), program);
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };
  writeFileSync(join(at, 'package-lock.json'), JSON.stringify({ packages }));
  if (installed === undefined) return at;
  mkdirSync(join(at, 'node_modules'));
  writeFileSync(join(at, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  const pinned = `node-linux-${process.arch}`;
  symlinkSync(join(root, 'node_modules', pinned), join(at, 'node_modules', pinned));
  return at;
}

const printArguments = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;';
const whole = { 'node_modules/a': { version: '1.0.0' } };

describe('start.mjs', () => {
  test.each([
    { args: [], says: /^Give one of:\n {2}npm run start / },
    { args: ['dance'], says: /^There is no "dance"\. Give one of:/ },
    { args: ['toString'], says: /^There is no "toString"/ },
  ])('$args → the list of verbs', async ({ args, says }) => {
    expect(await run(root, args)).toEqual({ code: 1, out: '', err: expect.stringMatching(says) });
  });

  test('arguments, exit code and output are handed on, and nothing is added', async () => {
    const at = checkout('whole', printArguments, whole);
    expect(await run(at, ['doctor', '--json', 'a b'])).toEqual({ code: 7, out: '["--json","a b"]\n', err: '' });
    expect(readFileSync(join(at, 'node_modules/.odyssey-stamp'), 'utf8')).toMatch(/^[0-9a-f]{64} /);
    expect((await run(at, ['doctor'])).code).toBe(7);
  });

  test.each([
    { given: 'nothing is installed', installed: undefined },
    { given: 'another version is installed', installed: { 'node_modules/a': { version: '0.9.0' } } },
    { given: 'a package is missing', installed: {} },
    {
      given: 'an optional package is of another version',
      installed: { ...whole, 'node_modules/b': { version: '1.0.0' } },
    },
  ])('$given → npm ci; where there is no npm that is said, on standard error', async ({ given, installed }) => {
    const ran = await run(checkout(given.replaceAll(' ', '-'), printArguments, installed), ['doctor']);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('npm does not start');
    expect(ran.err).toContain('nothing was started');
  });

  test('a verb whose program this checkout lacks is told', async () => {
    const ran = await run(checkout('lacking', printArguments, whole), ['replay']);
    expect(ran).toEqual({ code: 1, out: '', err: expect.stringMatching(/^detectors\/replay\/main\.ts is missing/) });
  });

  describe('a verb on the data folder', () => {
    const say = 'console.log(JSON.stringify([process.cwd(), process.env.ODYSSEY_DATA, ...process.argv.slice(2)]))';
    const at = checkout('data', printArguments, whole);
    mkdirSync(join(at, 'web/server/audit'), { recursive: true });
    writeFileSync(join(at, 'web/server/audit/main.ts'), say);
    const typedAt = join(at, 'web');
    test.each([
      { args: ['verify', 'a'], given: {}, sees: [join(at, 'data'), 'verify', 'a'] },
      { args: ['--data', 'mine', 'verify'], given: {}, sees: [join(typedAt, 'mine'), 'verify'] },
      { args: ['verify', '--data=/srv/d', 'a', 'b'], given: {}, sees: ['/srv/d', 'verify', 'a', 'b'] },
      { args: ['verify'], given: { ODYSSEY_DATA: '/srv/e' }, sees: ['/srv/e', 'verify'] },
      { args: ['verify', '--data'], given: {}, sees: [join(at, 'data'), 'verify', '--data'] },
    ])('$args, $given: runs where it was typed and sees $sees', async ({ args, given, sees }) => {
      const ran = await run(at, ['audit', ...args], undefined, { INIT_CWD: typedAt, ...given });
      expect(ran).toEqual({ code: 0, out: `${JSON.stringify([typedAt, ...sees])}\n`, err: '' });
    });
  });

  test.each([
    { signal: 'SIGTERM', code: 41 },
    { signal: 'SIGINT', code: 42 },
    { signal: 'SIGHUP', code: 43 },
  ] as const)('$signal reaches the program', async ({ signal, code }) => {
    const program = `process.on('${signal}', () => process.exit(${code})); setInterval(() => {}, 1000); console.log('up');`;
    const at = checkout(signal, program, whole);
    expect(await run(at, ['doctor'], (child) => child.kill(signal))).toMatchObject({ code });
  });

  test('a program that is killed is 128 and the signal', async () => {
    const at = checkout('killed', "process.kill(process.pid, 'SIGKILL');", whole);
    expect((await run(at, ['doctor'])).code).toBe(137);
  });
});

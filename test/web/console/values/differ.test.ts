// Differences: applied, they turn one text into the other; what is equal is not shown as changed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../../../web/console/values/differ.ts';

const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

test.each([
  { given: 'nothing', before: '', after: '', says: [] },
  { given: 'the same', before: 'a\nb\n', after: 'a\nb', says: [' a', ' b'] },
  { given: 'a line changed', before: 'a\nb\nc', after: 'a\nx\nc', says: [' a', '-b', '+x', ' c'] },
  { given: 'a line added', before: 'a\nc', after: 'a\nb\nc', says: [' a', '+b', ' c'] },
  { given: 'everything new', before: '', after: 'a\nb', says: ['+a', '+b'] },
  { given: 'a line moved', before: 'a\nb\nc', after: 'b\nc\na', says: ['-a', ' b', ' c', '+a'] },
])('$given', ({ before, after, says }) => {
  expect(told(before, after)).toEqual(says);
});

test('line numbers are those of each side', () => {
  expect(diffLines('a\nb', 'b\nc').map(({ before, after }) => [before, after])).toEqual([
    [1, undefined],
    [2, 1],
    [undefined, 2],
  ]);
});

test('any two texts: both can be read out of the difference', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (old, now) => {
      const diff = diffLines(old.join('\n'), now.join('\n'));
      expect(diff.filter(({ kind }) => kind !== 'new').map(({ text }) => text)).toEqual(old);
      expect(diff.filter(({ kind }) => kind !== 'gone').map(({ text }) => text)).toEqual(now);
    }),
  );
});

test('two long texts with nothing in common end soon', () => {
  const long = (name: string) => Array.from({ length: 5_000 }, (_, index) => `${name}${index}`).join('\n');
  expect(diffLines(long('a'), long('b'))).toHaveLength(10_000);
});

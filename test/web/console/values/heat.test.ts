// Heat strips: the worst of each minute, unknown as unknown, the most unusual now on top.
import { expect, test } from 'vitest';
import { cellKind, emptyCells, type HeatRow, sortRows } from '../../../../web/console/values/heat.ts';

test('minutes of which nothing is known yet are none of them known, and at most a day', () => {
  expect(emptyCells(0, 240)).toEqual([null, null, null, null]);
  expect(emptyCells(30, 90)).toEqual([null, null]);
  expect(emptyCells(60, 0)).toEqual([null]);
  expect(emptyCells(0, 1e10)).toHaveLength(1_440);
});

test.each([
  [99.95, false, 3],
  [0, true, 0],
  [null, false, 'unknown'],
  [null, true, 'warming'],
  [undefined, false, 'unknown'],
] as const)('score %s, warming %s → %s', (score, warming, kind) => {
  expect(cellKind(score, warming)).toBe(kind);
});

test('rows: unusual now, unusual before, then by name; nothing moves for a flicker within the ordinary', () => {
  const row = (title: string, scores: (number | null)[]): HeatRow => ({ id: title, title, scores, warming: false });
  const rows = [
    row('b-10', [1, 2, 3, 4, 95, 40]),
    row('b-2', [1, 2, 3, 4, 5, 80]),
    row('past', [99.99, 0, 0, 0, 0, 0]),
    row('silent', [null, null, null, null, null, null]),
    row('now', [0, 0, 0, 0, 0, 99.9]),
  ];
  expect(sortRows(rows).map(({ title }) => title)).toEqual(['now', 'past', 'b-2', 'b-10', 'silent']);
});

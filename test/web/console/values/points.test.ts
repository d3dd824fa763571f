// Points on one row of times: gaps stay gaps; windows of long lists; the line of a sparkline.
import { describe, expect, test } from 'vitest';
import { alignPoints, cutBelow, newestOf } from '../../../../web/console/values/points.ts';
import { sparkPath } from '../../../../web/console/values/spark.ts';
import { windowOf } from '../../../../web/console/values/window.ts';

test('nothing is drawn below the least that can be; a gap stays one', () => {
  expect(cutBelow([-1, null, 2], 0)).toEqual([0, null, 2]);
});

describe('aligned', () => {
  test('series meet on the grid of the step, and what was not measured is null', () => {
    const { times, columns } = alignPoints(
      [
        [
          [60, 1],
          [120, 2],
          [240, 4],
        ],
        [[121, 9]],
      ],
      60,
    );
    expect(times).toEqual([60, 120, 180, 240]);
    expect(columns).toEqual([
      [1, 2, null, 4],
      [null, 9, null, null],
    ]);
  });

  test('nothing is nothing, for each series', () => {
    expect(alignPoints([[], []], 60)).toEqual({ times: [], columns: [[], []] });
    expect(alignPoints([[], [[60, 1]]], 60).columns).toEqual([[null], [1]]);
  });

  test('a time far off makes no endless row', () => {
    const { times } = alignPoints(
      [
        [
          [0, 1],
          [1e9, 2],
        ],
      ],
      15,
    );
    expect(times.length).toBe(11_000);
    expect(times.at(-1)).toBeCloseTo(1e9, -2);
  });

  test('the newest value is the last that is known', () => {
    expect(newestOf([1, 2, 3], [5, 0, null])).toEqual([2, 0]);
    expect(newestOf([1], [null])).toBeUndefined();
    expect(newestOf([1, 2, 3, 4], [5, 6, null, null], 3)).toEqual([2, 6]);
    expect(newestOf([1, 2, 3, 4], [5, 6, null, null], 2)).toBeUndefined();
  });
});

describe('window', () => {
  test.each([
    { given: 'the top', scrollTop: 0, says: { first: 0, end: 32, before: 0, after: 30_976 } },
    { given: 'the middle', scrollTop: 16_000, says: { first: 488, end: 532, before: 15_616, after: 14_976 } },
    { given: 'the end', scrollTop: 31_360, says: { first: 968, end: 1_000, before: 30_976, after: 0 } },
    { given: 'beyond the end', scrollTop: 99_999, says: { first: 1_000, end: 1_000, before: 32_000, after: 0 } },
  ])('$given', ({ scrollTop, says }) => {
    expect(windowOf(1_000, 32, scrollTop, 640)).toEqual(says);
  });

  test('drawn and left out are always the whole', () => {
    for (const scrollTop of [0, 7, 3_000, 1e7]) {
      const { first, end, before, after } = windowOf(777, 32, scrollTop, 500);
      expect(before + (end - first) * 32 + after).toBe(777 * 32);
    }
  });
});

describe('sparkline', () => {
  test('a gap breaks the line', () => {
    expect(sparkPath([0, null, 10], 102, 12).match(/M/g)).toHaveLength(2);
    expect(sparkPath([0, 5, 10], 102, 12)).toBe('M1 11h.01L51 6L101 1');
  });

  test('what is not known draws nothing, what never changes a level line', () => {
    expect([sparkPath([null], 100, 20), sparkPath([], 100, 20)]).toEqual(['', '']);
    expect(sparkPath([0, 0], 102, 20)).toBe('M1 10h.01L101 10');
  });
});

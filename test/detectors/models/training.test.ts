// Which rows teach: the newest window, no gaps, nothing that is left out.
import { expect, test } from 'vitest';
import { HISTORY_ROWS_MAX } from '../../../detectors/models/model.ts';
import { trainingRows } from '../../../detectors/models/training.ts';

const history = (values: number[]) => ({ startSeconds: 1000, stepSeconds: 10, values: Float64Array.from(values) });

test.each([
  { given: 'nothing left out', leaveOut: [], expected: [1, 2, 3, 4] },
  { given: 'a stretch inside', leaveOut: [{ startSeconds: 1010, endSeconds: 1030 }], expected: [1, NaN, NaN, 4] },
  {
    given: 'a stretch that touches a row',
    leaveOut: [{ startSeconds: 1015, endSeconds: 1016 }],
    expected: [1, NaN, 3, 4],
  },
  {
    given: 'a stretch before and after',
    leaveOut: [{ startSeconds: 0, endSeconds: 9999 }],
    expected: [NaN, NaN, NaN, NaN],
  },
  { given: 'a stretch elsewhere', leaveOut: [{ startSeconds: 5000, endSeconds: 6000 }], expected: [1, 2, 3, 4] },
])('$given', ({ leaveOut, expected }) => {
  const rows = trainingRows(history([1, 2, 3, 4]), leaveOut);
  expect([...rows.values]).toEqual(expected);
  expect(rows.count).toBe(expected.filter((value) => !Number.isNaN(value)).length);
});

test('what is not finite does not teach', () => {
  const rows = trainingRows(history([1, Number.POSITIVE_INFINITY, NaN, 4]), []);
  expect([...rows.values]).toEqual([1, NaN, NaN, 4]);
  expect(rows.count).toBe(2);
});

test('only the newest rows are kept, and the given ones stay as they were', () => {
  const values = Float64Array.from({ length: HISTORY_ROWS_MAX + 5 }, (_, row) => row);
  const rows = trainingRows({ startSeconds: 0, stepSeconds: 60, values }, [{ startSeconds: 0, endSeconds: 1e9 }]);
  expect(rows.values.length).toBe(HISTORY_ROWS_MAX);
  expect(rows.startSeconds).toBe(300);
  expect(values[10]).toBe(10);
});

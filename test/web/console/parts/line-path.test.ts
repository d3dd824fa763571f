// Lines as pixels: gaps stay gaps, lonely points are seen, and many points in one column of pixels keep their extremes.
import { expect, test } from 'vitest';
import { traceLine } from '../../../../web/console/parts/line-path.ts';

const plane = { left: 10, bottom: 100, startSeconds: 0, lowest: 0, pixelsPerSecond: 1, pixelsPerValue: 1 };

function trace(values: ArrayLike<number | null>, pixelsPerSecond = 1, part?: { first: number; last: number }): string {
  const strokes: string[] = [];
  const pen = {
    moveTo: (x: number, y: number) => void strokes.push(`M${x},${y}`),
    lineTo: (x: number, y: number) => void strokes.push(`L${x},${y}`),
  };
  const times = Array.from({ length: values.length }, (_, index) => index);
  traceLine(pen, times, values, part ?? { first: 0, last: values.length - 1 }, { ...plane, pixelsPerSecond });
  return strokes.join(' ');
}

test.each([
  { given: 'points with room', values: [1, 2, 3], says: 'M10,99 L11,98 L12,97' },
  { given: 'a gap', values: [1, 2, null, 4, 5], says: 'M10,99 L11,98 M13,96 L14,95' },
  {
    given: 'a value that is none',
    values: Float64Array.of(1, 2, Number.NaN, 4, 5),
    says: 'M10,99 L11,98 M13,96 L14,95',
  },
  { given: 'a point alone', values: [null, 2, null, 4, 5], says: 'M11,98 L12,98 M13,96 L14,95' },
  { given: 'nothing measured', values: [null, null], says: '' },
  { given: 'nothing', values: [], says: '' },
])('$given', ({ values, says }) => {
  expect(trace(values)).toBe(says);
});

test.each([
  { given: 'first the lowest', values: [1, 5, 9, 5], says: 'M10,99 L10,91 L11,95' },
  { given: 'first the highest', values: [5, 9, 1, 5], says: 'M10,91 L10,99 L11,95' },
  { given: 'falling', values: [9, 5, 1, 5], says: 'M10,91 L10,99 L11,95' },
  { given: 'all alike', values: [5, 5, 5, 5], says: 'M10,95 L11,95' },
])('points of one column of pixels, $given', ({ values, says }) => {
  expect(trace(values, 0.2)).toBe(says);
});

test('a spike among thousands of points is drawn, with two strokes a column at most', () => {
  const values = Array.from({ length: 6_000 }, (_, index) => (index === 3_333 ? 90 : (index * 7) % 10));
  const strokes = trace(values, 0.01).split(' ');
  expect(strokes.length).toBeLessThanOrEqual(2 * 61);
  expect(strokes.filter((stroke) => stroke.endsWith(',10'))).toHaveLength(1);
});

test('only what is in sight', () => {
  expect(trace([1, 2, 3, 4], 1, { first: 1, last: 2 })).toBe('M11,98 L12,97');
});

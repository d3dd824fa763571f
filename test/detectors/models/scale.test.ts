// Centre and width of a series, down to the series that have none.
import { expect, test } from 'vitest';
import { scaleOf } from '../../../detectors/models/scale.ts';

test.each([
  { given: 'spread values', values: [1, 2, 3, 4, 5, 6, 7], centre: 4, spread: 1.4826 * 2 },
  { given: 'mostly at rest', values: [0, 0, 0, 0, 0, 0, 0, 10], centre: 0, spread: Math.sqrt(12.5 - 1.5625) },
  { given: 'constant', values: [50, 50, 50], centre: 50, spread: 0.5 },
  { given: 'constant zero', values: [0, 0, 0], centre: 0, spread: 1e-6 },
  { given: 'with gaps', values: [1, Number.NaN, 3, 5], centre: 3, spread: 1.4826 * 2 },
])('$given → centre $centre, spread $spread', ({ values, centre, spread }) => {
  expect(scaleOf(values).centre).toBeCloseTo(centre, 9);
  expect(scaleOf(values).spread).toBeCloseTo(spread, 9);
});

test('nothing at all still has a width', () => {
  expect(scaleOf([]).spread).toBeGreaterThan(0);
});

// The nearest row of channels: exactly the nearest, with each channel's part in the distance.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { fitRowNearest, scoreRowNearest } from '../../../../detectors/models/voters/row-nearest.ts';

const random = createRandom(5);
const rows = Float32Array.from({ length: 3 * 800 }, () => random());
const nearest = fitRowNearest(rows, 3)!;

test.each([
  [0.2, 0.5, 0.9],
  [2, 2, 2],
  [0.5, 0.5, -3],
])('the distance of %d, %d, %d is the least there is', (...row) => {
  const parts = new Float64Array(3);
  const found = scoreRowNearest(nearest, Float64Array.from(row), parts);
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 800; at++) {
    least = Math.min(least, Math.hypot(...row.map((value, channel) => value - rows[3 * at + channel]!)));
  }
  expect(found).toBeCloseTo(least, 3);
  expect(Math.sqrt(parts[0]! + parts[1]! + parts[2]!)).toBeCloseTo(found, 6);
});

test('a training row is not its own neighbour', () => {
  const parts = new Float64Array(3);
  const row = Float64Array.from(rows.subarray(300, 303));
  expect(scoreRowNearest(nearest, row, parts, 100)).toBeCloseTo(0, 3);
  expect(scoreRowNearest(nearest, row, parts, 100, 10)).toBeGreaterThan(0.001);
});

test('NaN has no neighbour; rows with NaN are no references', () => {
  expect(scoreRowNearest(nearest, Float64Array.from([0.5, Number.NaN, 0.5]), new Float64Array(3))).toBeNaN();
  expect(fitRowNearest(new Float32Array(30).fill(Number.NaN), 3)).toBeNull();
});

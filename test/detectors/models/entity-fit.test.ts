// What is learned of an entity, and how its fused score is smoothed.
import { expect, test } from 'vitest';
import { learnEntity, smooth } from '../../../detectors/models/entity-fit.ts';
import { busyHost } from './made-series.ts';

test.each([
  { last: [4], count: 1, expected: 4 },
  { last: [4, 0, 0, 0], count: 4, expected: 2.5 },
  { last: [0, 4, 4, 4], count: 4, expected: 1.5 },
])('$last is smoothed to $expected', ({ last, count, expected }) => {
  expect(smooth(last, count)).toBeCloseTo(expected, 9);
});

test('the same seed learns the same, and the calibration has a tail', () => {
  const channels = busyHost(1000);
  const learned = learnEntity(channels, 60, 1, 'percentile');
  expect(learnEntity(channels, 60, 1, 'percentile')).toEqual(learned);
  expect(learned.calibration.tailShare).toBeGreaterThan(0);
});

// Waiting after failures: longer each time, bounded, never in step.
import { expect, test } from 'vitest';
import { backOffSeconds } from '../../detectors/back-off.ts';

test.each([
  { failures: 1, chance: 0.5, seconds: 15 },
  { failures: 2, chance: 0.5, seconds: 30 },
  { failures: 3, chance: 0.5, seconds: 60 },
  { failures: 9, chance: 0.5, seconds: 60 },
  { failures: 1e9, chance: 0.5, seconds: 60 },
  { failures: 1, chance: 0, seconds: 11.25 },
  { failures: 1, chance: 1, seconds: 18.75 },
])('after $failures failures, chance $chance → $seconds s', ({ failures, chance, seconds }) => {
  expect(backOffSeconds(failures, 15, 60, () => chance)).toBeCloseTo(seconds);
});

// What a young series still waits for, and how long.
import { expect, test } from 'vitest';
import { entityWarmUp, seriesWarmUp } from '../../../detectors/models/warm-up.ts';

test.each([
  { rows: 0, missing: ['first model', 'long windows', 'season'], secondsLeft: 2 * 86_400 },
  { rows: 150, missing: ['long windows', 'season'], secondsLeft: 2 * 86_400 - 150 * 60 },
  { rows: 200, missing: ['season'], secondsLeft: 2 * 86_400 - 200 * 60 },
  { rows: 2880, missing: [], secondsLeft: 0 },
])('a series of $rows minutes waits for $missing', ({ rows, missing, secondsLeft }) => {
  expect(seriesWarmUp(rows, 60)).toEqual({ missing, secondsLeft });
});

test.each([
  { rows: 56, missing: ['first model'], secondsLeft: 200 * 60 },
  { rows: 256, missing: [], secondsLeft: 0 },
])('an entity of $rows minutes waits for $missing', ({ rows, missing, secondsLeft }) => {
  expect(entityWarmUp(rows, 60)).toEqual({ missing, secondsLeft });
});

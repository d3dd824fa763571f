// What is learned of a series: weights by age, a calibration that is honest about its own rows, the same from the same seed.
import { expect, test } from 'vitest';
import { calibrate } from '../../../detectors/models/calibration.ts';
import { learnSeries } from '../../../detectors/models/series-fit.ts';
import { SERIES_VOTERS } from '../../../detectors/models/series-voters.ts';
import { trainingRows } from '../../../detectors/models/training.ts';
import { dailyWave, historyOf } from './made-series.ts';

const learn = (days: number, stepSeconds = 300, seed = 1) =>
  learnSeries(trainingRows(historyOf(dailyWave(days, stepSeconds), stepSeconds), []), seed, 'percentile');
const weightOf = (learned: ReturnType<typeof learn>, name: string) =>
  learned.weights[SERIES_VOTERS.indexOf(name as (typeof SERIES_VOTERS)[number])]!;

test('long windows carry a young model, a grown one does without', () => {
  const young = learn(4);
  const grown = learn(7, 60);
  expect(weightOf(young, 'level-96')).toBeGreaterThan(0);
  expect(weightOf(grown, 'level-96')).toBe(0);
  expect(grown.voters.longShape).toBeNull();
  expect(young.holdRows).toBeGreaterThan(grown.holdRows);
});

test('the same seed learns the same', () => {
  expect(learn(3)).toEqual(learn(3));
});

test('the calibration has a tail, and the band holds the noise', () => {
  const learned = learn(4);
  expect(learned.calibration.tailShare).toBeGreaterThan(0);
  expect(calibrate(learned.calibration, 5)).toBeGreaterThan(99);
  expect(learned.band[0]).toBeLessThan(0);
  expect(learned.band[1]).toBeGreaterThan(0);
});

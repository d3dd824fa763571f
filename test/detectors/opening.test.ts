// Opening series on history, and putting them on a model that was made meanwhile.
import { expect, test } from 'vitest';
import { fitEntity, openEntity } from '../../detectors/models/entity-model.ts';
import { fitSeries, openSeries } from '../../detectors/models/series-model.ts';
import { advanceStatistical, openStatistical } from '../../detectors/models/statistical.ts';
import { installAll, installSeries, openAllOn, openOn, quickRows } from '../../detectors/opening.ts';
import { openSeriesTrack, openTrack } from '../../detectors/track.ts';
import { noise } from '../fakes/detector.ts';

const now = 1_800_000_000;
const grid = { startSeconds: now - 960 * 15, stepSeconds: 15, count: 960 };
const rows = { timeSeconds: now, rowSeconds: 60 };
const value = (time: number) => 50 + 5 * noise(11, time);
const ticks = Float64Array.from({ length: 960 }, (_, index) => value(grid.startSeconds + index * 15));
const history = {
  startSeconds: now - 2_000 * 60,
  stepSeconds: 60,
  values: Float64Array.from({ length: 2_000 }, (_, index) => value(now - (1_999 - index) * 60)),
};
const options = { seed: 1, trainedAtSeconds: now };
const model = fitSeries(history, { ...options, features: ['load'] })!;

test('with a model the last closed rows are taken in, each at the tick that ends it', () => {
  const series = openSeriesTrack('load');
  openOn(series, model, ticks, grid, rows);
  const last = now - 60 - 60; // the row that ends now is still open
  expect(series.learnt!.state.lastSeconds).toBe(last);
  const same = openSeries(model, {
    startSeconds: now - 60 - quickRows * 60,
    stepSeconds: 60,
    values: Float64Array.from({ length: quickRows }, (_, row) => value(now - 60 - (quickRows - 1 - row) * 60)),
  });
  expect(series.learnt!.state).toEqual(same);
});

test('without a model every sample is taken in, as if it had been seen at its tick', () => {
  const series = openSeriesTrack('load');
  openOn(series, undefined, ticks, grid, rows);
  const seen = openStatistical();
  for (const [index, each] of ticks.entries()) advanceStatistical(seen, grid.startSeconds + index * 15, each);
  expect(advanceStatistical(series.statistical!, now, 70)).toEqual(advanceStatistical(seen, now, 70));
});

test('no sample, nothing opened', () => {
  const series = openSeriesTrack('load');
  openOn(series, model, new Float64Array(960).fill(Number.NaN), grid, rows);
  expect([series.samples, series.learnt, series.statistical, series.lastSampleSeconds]).toEqual([
    0,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a model that was made meanwhile catches up on the rows since', () => {
  const track = openTrack({ key: 'a', labels: {}, modelKey: 'a' }, 1, now);
  track.series[0] = openSeriesTrack('load');
  track.recent = [now - 60, now, now + 60].map((startSeconds) => ({ startSeconds, values: Float64Array.of(50) }));
  const state = openSeries(model, history);
  expect(state.lastSeconds).toBe(now - 60);
  installSeries(track, 0, model, state);
  expect([state.lastSeconds, state.dropped, track.series[0].learnt!.state === state]).toEqual([now + 60, 0, true]);
});

test('the model of all metrics takes its own channels, in its own order', () => {
  const channels = [history.values, history.values.map((each) => each * 3)];
  const entity = fitEntity({ ...history, channels }, { ...options, features: ['depth', 'load'] })!;
  const track = openTrack({ key: 'a', labels: {}, modelKey: 'a' }, 2, now);
  openAllOn(track, entity, ['load', 'depth'], [ticks, undefined], grid, rows);
  expect(track.allLearnt!.state.lastSeconds).toBe(now - 120);
  track.recent = [{ startSeconds: now, values: Float64Array.of(150, 50) }];
  installAll(track, ['load', 'depth'], entity, openEntity(entity, { ...history, channels }));
  expect(track.allLearnt!.state.lastSeconds).toBe(now);
});

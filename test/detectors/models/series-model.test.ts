// The model of a series as the detectors use it: what it finds, what it must not shout at, and that it never sees the future.
import { describe, expect, test } from 'vitest';
import { mean } from '../../../core/lib/stats.ts';
import type { RowScore } from '../../../detectors/models/model.ts';
import {
  advanceSeries,
  fitSeries,
  openSeries,
  SERIES_ROWS_MIN,
  type SeriesModel,
  scoreSeries,
} from '../../../detectors/models/series-model.ts';
import { dailyWave, historyOf, monday, options } from './made-series.ts';

const step = 300;
const trained = 4 * 288;
const timeOf = (row: number) => monday + row * step;

function stream(model: SeriesModel, values: Float64Array, first = trained): RowScore[] {
  const state = openSeries(model, historyOf(values.slice(0, first)));
  return Array.from(values.subarray(first), (value, index) =>
    advanceSeries(model, state, timeOf(first + index), value),
  );
}

const learn = (values: Float64Array) => fitSeries(historyOf(values.slice(0, trained)), options)!;
const alerts = (scores: readonly RowScore[]) => scores.filter(({ alert }) => alert >= 1).length;
const wave = dailyWave(6);
const model = learn(wave);

describe('what it learned', () => {
  const broken = wave.slice();
  for (let row = trained + 200; row < trained + 220; row++) broken[row] = wave[row]! + 60;
  const scores = stream(model, broken);

  test('an incident stands far above the ordinary rows before it, and raises one alert at its start', () => {
    const before = scores.slice(100, 200);
    const during = scores.slice(200, 220);
    expect(mean(before.map(({ score }) => score))).toBeLessThan(75);
    expect(Math.min(...during.slice(1).map(({ score }) => score))).toBeGreaterThan(99);
    expect(during[0]!.alert).toBeGreaterThanOrEqual(1);
    expect(alerts(scores.slice(200, 250))).toBeLessThanOrEqual(2);
  });

  test('it beats a model of something else', () => {
    const other = learn(new Float64Array(wave.length).fill(100));
    const apart = (by: SeriesModel) => {
      const found = stream(by, broken).map(({ score }) => score);
      return mean(found.slice(200, 220)) - mean(found.slice(100, 200));
    };
    expect(apart(model)).toBeGreaterThan(apart(other) + 20);
  });

  test('scores are spread, not all alike', () => {
    const all = stream(model, wave).map(({ score }) => score);
    expect(new Set(all.map((score) => Math.round(score))).size).toBeGreaterThan(40);
  });

  test('the expected band holds most ordinary rows and not the incident', () => {
    const inside = scores.filter(({ expectedLow, expectedHigh }, index) => {
      const value = broken[trained + index]!;
      return value >= expectedLow && value <= expectedHigh;
    });
    expect(inside.length / scores.length).toBeGreaterThan(0.9);
    expect(broken[trained + 200]!).toBeGreaterThan(scores[200]!.expectedHigh);
  });

  test('contributions name voters, largest first, together at most the whole', () => {
    const { contributions } = scores[200]!;
    expect(contributions.length).toBe(3);
    const shares = contributions.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((left, right) => right - left));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1);
  });
});

test('a truncated series has the same scores for the rows it shares', () => {
  const whole = stream(model, wave);
  const cut = stream(model, wave.slice(0, trained + 150));
  expect(cut).toEqual(whole.slice(0, 150));
});

test('the same history and seed give the same model', () => {
  expect(learn(wave)).toEqual(model);
});

test('a provisional row says what the closed row will say, and leaves no trace', () => {
  const state = openSeries(model, historyOf(wave.slice(0, trained)));
  const looks = [120, 90, wave[trained]!].map((value) => scoreSeries(model, state, timeOf(trained), value));
  expect(advanceSeries(model, state, timeOf(trained), wave[trained]!)).toEqual(looks[2]);
  const untouched = openSeries(model, historyOf(wave.slice(0, trained)));
  advanceSeries(model, untouched, timeOf(trained), wave[trained]!);
  expect(advanceSeries(model, state, timeOf(trained + 1), 99)).toEqual(
    advanceSeries(model, untouched, timeOf(trained + 1), 99),
  );
});

test('too little history is no model', () => {
  expect(fitSeries(historyOf(wave.slice(0, SERIES_ROWS_MIN - 1)), options)).toBeNull();
  expect(fitSeries(historyOf(new Float64Array(0)), options)).toBeNull();
  expect(fitSeries(historyOf(new Float64Array(2000).fill(Number.NaN)), options)).toBeNull();
  expect(fitSeries(historyOf(wave.slice(0, SERIES_ROWS_MIN)), options)).not.toBeNull();
});

describe('what must raise nothing', () => {
  test('a constant series: no NaN, no alert, and its first move counts once', () => {
    const still = new Float64Array(trained + 600).fill(5);
    const calm = learn(still);
    const scores = stream(calm, still);
    expect(scores.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(alerts(scores)).toBe(0);
    still.fill(9, trained + 300);
    expect(alerts(stream(calm, still))).toBe(1);
  });

  test.each([
    { given: 'one missing row', missing: 1 },
    { given: 'three missing rows', missing: 3 },
    { given: 'three days of silence', missing: 864 },
  ])('$given: unknown meanwhile, no alert afterwards', ({ missing }) => {
    const long = dailyWave(9);
    const gapped = long.slice();
    gapped.fill(Number.NaN, trained + 50, trained + 50 + missing);
    const scores = stream(model, gapped);
    expect(scores.slice(50, 50 + missing).every(({ score }) => Number.isNaN(score))).toBe(true);
    const after = scores.slice(50 + missing);
    expect(after.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(alerts(after.slice(0, 60))).toBe(0);
  });

  test('rows that were never sent are a gap too', () => {
    const state = openSeries(model, historyOf(wave.slice(0, trained)));
    const jumped = advanceSeries(model, state, timeOf(trained + 300), wave[trained + 300]!);
    expect(Number.isFinite(jumped.score)).toBe(true);
    expect(jumped.alert).toBe(0);
  });

  test.each([
    { given: 'an hour back', seconds: -3600 },
    { given: 'the same row again', seconds: 0 },
    { given: '400 days back', seconds: -400 * 86_400 },
  ])('a clock $given: dropped, counted, unknown', ({ seconds }) => {
    const state = openSeries(model, historyOf(wave.slice(0, trained)));
    const { lastSeconds } = state;
    expect(advanceSeries(model, state, lastSeconds + seconds, 100).score).toBeNaN();
    expect(scoreSeries(model, state, lastSeconds + seconds, 100).score).toBeNaN();
    expect(state.dropped).toBe(1);
    expect(state.lastSeconds).toBe(lastSeconds);
  });

  test('a clock 400 days ahead costs no more than a row', () => {
    const state = openSeries(model, historyOf(wave.slice(0, trained)));
    const far = advanceSeries(model, state, timeOf(trained) + 400 * 86_400, 100);
    expect(far.alert).toBe(0);
    expect(state.level.total).toBe(1);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is unknown', (value) => {
    const state = openSeries(model, historyOf(wave.slice(0, trained)));
    expect(scoreSeries(model, state, timeOf(trained), value).score).toBeNaN();
    expect(advanceSeries(model, state, timeOf(trained), value).score).toBeNaN();
  });

  test('an hour of daylight saving: the rhythm shifts, no alert', () => {
    const long = dailyWave(8);
    const shifted = Float64Array.from(long, (value, row) => (row >= trained + 288 ? (long[row + 12] ?? value) : value));
    expect(alerts(stream(model, shifted.slice(0, 7 * 288)))).toBeLessThanOrEqual(
      alerts(stream(model, long.slice(0, 7 * 288))),
    );
  });
});

test('a slow ramp over seven days is an alert within a day, though the model is retrained on it every six hours', () => {
  const values = dailyWave(14);
  const ramp = values.map((value, row) => value + Math.max(0, row - 7 * 288) * (100 / (7 * 288)));
  let first = Number.POSITIVE_INFINITY;
  let state: ReturnType<typeof openSeries> | undefined;
  for (let row = 7 * 288; row < ramp.length && first === Number.POSITIVE_INFINITY; row += 72) {
    const history = historyOf(ramp.slice(0, row));
    const retrained = fitSeries(history, options)!;
    state = openSeries(retrained, history, state);
    for (let at = row; at < row + 72 && at < ramp.length; at++) {
      const { alert, score } = advanceSeries(retrained, state, timeOf(at), ramp[at]!);
      if (alert >= 1 || score >= 99.9) first = Math.min(first, at);
    }
  }
  expect((first - 7 * 288) * step).toBeLessThanOrEqual(86_400);
});

test('the state hands its alerts on to the next model', () => {
  const state = openSeries(model, historyOf(wave.slice(0, trained)));
  const next = openSeries(model, historyOf(wave.slice(0, trained)), state);
  expect(next.alerts).toEqual(state.alerts);
  expect(next.alerts).not.toBe(state.alerts);
  expect(next.held).toBe(state.held);
});

test('the original formula is there for who asks', () => {
  const original = fitSeries(historyOf(wave.slice(0, trained)), { ...options, normalisation: 'p10-p90' })!;
  const scores = stream(original, wave).map(({ score }) => score);
  expect(scores.filter((score) => score === 100).length).toBeGreaterThan(5);
});

// A series made ready: short gaps bridged, long ones left open, the season taken away where there is one.
import { describe, expect, test } from 'vitest';
import { standardDeviation } from '../../../core/lib/stats.ts';
import { prepareSeries } from '../../../detectors/models/series-rows.ts';
import { trainingRows } from '../../../detectors/models/training.ts';
import { dailyWave, historyOf } from './made-series.ts';

const prepare = (values: Float64Array) => prepareSeries(trainingRows(historyOf(values), []));

describe('four days of a daily wave', () => {
  const rows = prepare(dailyWave(4));
  test('the season is found and a profile kept for every slot', () => {
    expect(rows.season.slots).toBe(288);
    expect(rows.season.kind).not.toBe('recent');
    expect(rows.season.profile.every(Number.isFinite)).toBe(true);
  });
  test('what is left is noise', () => {
    expect(standardDeviation(rows.residual)).toBeLessThan(0.4 * standardDeviation(rows.level));
    expect(rows.residual.slice(0, 288).every(Number.isNaN)).toBe(true);
  });
});

test('a day is no season yet', () => {
  const rows = prepare(dailyWave(1.5));
  expect(rows.season).toEqual({ kind: 'recent', slots: 0, profile: new Float32Array(0) });
  expect(rows.past).toBeNull();
});

test.each([
  { missing: 1, bridged: 1 },
  { missing: 3, bridged: 3 },
  { missing: 5, bridged: 3 },
])('of $missing missing rows $bridged are bridged', ({ missing, bridged }) => {
  const values = dailyWave(2);
  values.fill(Number.NaN, 100, 100 + missing);
  const level = prepare(values).level.slice(100, 100 + missing);
  expect(level.filter((value) => !Number.isNaN(value)).length).toBe(bridged);
  expect(level[0]).toBe(prepare(values).level[99]);
});

test('a constant series has a level of zero and nothing left', () => {
  const rows = prepare(new Float64Array(700).fill(42));
  expect(rows.level.every((value) => value === 0)).toBe(true);
  expect(rows.residual.slice(300).every((value) => value === 0)).toBe(true);
});

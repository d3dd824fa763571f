// The replay streams a recording through production's own code: causal, complete, and better than chance.
import { describe, expect, test } from 'vitest';
import { mean } from '../../../core/lib/stats.ts';
import { type Recording, replay } from '../../../detectors/replay/replay.ts';
import { busyHost, dailyWave, monday } from '../models/made-series.ts';

const options = { seed: 1, refitSeconds: 21_600 };
const broken = dailyWave(5);
for (let row = 1100; row < 1112; row++) broken[row]! += 60;
const series: Recording = { startSeconds: monday, stepSeconds: 300, channels: [broken], trainingRows: 800 };

describe('a series', () => {
  const { score, alert } = replay(series, options);
  test('has no score before its training ends and one in every row after', () => {
    expect(score.slice(0, 800).every(Number.isNaN)).toBe(true);
    expect(score.slice(800).every(Number.isFinite)).toBe(true);
    expect(alert.slice(800).every(Number.isFinite)).toBe(true);
  });
  test('scores the incident above the rest', () => {
    expect(Math.min(...score.slice(1101, 1112))).toBeGreaterThan(99);
    expect(mean(score.slice(900, 1100))).toBeLessThan(75);
    expect(Math.max(...alert.slice(1100, 1104))).toBeGreaterThanOrEqual(1);
  });
  test('knows nothing of the future: cut off, the shared rows are the same', () => {
    const cut = replay({ ...series, channels: [broken.slice(0, 1105)] }, options);
    expect([...cut.score.slice(800)]).toEqual([...score.slice(800, 1105)]);
    expect([...cut.alert.slice(800)]).toEqual([...alert.slice(800, 1105)]);
  });
  test('repeats itself', () => {
    expect([...replay(series, options).score.slice(800)]).toEqual([...score.slice(800)]);
  });
});

test('an entity is streamed with all its channels', () => {
  const channels = busyHost(900);
  channels[1]!.fill(9, 800, 810);
  const { score } = replay({ startSeconds: monday, stepSeconds: 60, channels, trainingRows: 600 }, options);
  expect(score.slice(600).every(Number.isFinite)).toBe(true);
  expect(Math.max(...score.slice(800, 810))).toBeGreaterThan(99);
});

test('with too little training the fallback speaks until a model can be fitted', () => {
  const { score } = replay({ ...series, trainingRows: 40 }, options);
  expect(score.slice(40).every(Number.isFinite)).toBe(true);
});

test('gaps keep the last score and raise no alert', () => {
  const gapped = broken.slice();
  gapped.fill(Number.NaN, 900, 950);
  const { score, alert } = replay({ ...series, channels: [gapped] }, options);
  expect(score.slice(900, 950).every((value) => value === score[899])).toBe(true);
  expect(alert.slice(900, 1000).every((value) => value < 1)).toBe(true);
});

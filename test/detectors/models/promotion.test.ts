// A retrained model takes over only when it judges held-back rows no worse than its predecessor.
import { expect, test } from 'vitest';
import { fitEntity } from '../../../detectors/models/entity-model.ts';
import { compare, judgeEntity, judgeSeries } from '../../../detectors/models/promotion.ts';
import { fitSeries } from '../../../detectors/models/series-model.ts';
import { busyHost, dailyWave, entityHistoryOf, historyOf, monday, options } from './made-series.ts';

test.each([
  { given: 'the same', candidate: 50, predecessor: 50, promote: true },
  { given: 'better', candidate: 50, predecessor: 95, promote: true },
  { given: 'a little worse', candidate: 58, predecessor: 50, promote: true },
  { given: 'much worse', candidate: 95, predecessor: 50, promote: false },
  { given: 'both bad', candidate: 97, predecessor: 96, promote: true },
  { given: 'the candidate knows nothing', candidate: Number.NaN, predecessor: 50, promote: false },
  { given: 'the predecessor knows nothing', candidate: 60, predecessor: Number.NaN, promote: true },
])('$given → promoted: $promote', ({ candidate, predecessor, promote }) => {
  expect(compare(candidate, predecessor).promote).toBe(promote);
});

const wave = dailyWave(5);
const good = fitSeries(historyOf(wave.slice(0, 4 * 288)), options)!;

test('the first model is promoted', () => {
  expect(judgeSeries(historyOf(wave), options, null).promote).toBe(true);
  expect(judgeEntity(entityHistoryOf(busyHost(700)), options, null).promote).toBe(true);
});

test('a model of the same rows is promoted', () => {
  expect(judgeSeries(historyOf(wave), options, good)).toMatchObject({ promote: true });
});

test('a model trained on a poisoned past is not', () => {
  const poisoned = wave.map((value, row) => (row < 3.5 * 288 ? 900 + (value - 100) / 50 : value));
  const verdict = judgeSeries(historyOf(poisoned), options, good);
  expect(verdict.candidateScore).toBeGreaterThan(verdict.predecessorScore);
  expect(verdict.promote).toBe(false);
});

test.each([
  { given: 'a day ago', rowsAgo: 288, promote: true },
  { given: 'half an hour ago: six rows are no evidence', rowsAgo: 6, promote: false },
  { given: 'in the future: the clock was set back', rowsAgo: -100, promote: true },
])('a predecessor trained $given', ({ rowsAgo, promote }) => {
  const trainedAtSeconds = monday + (wave.length - rowsAgo) * 300;
  const predecessor = { ...good, trainedAtSeconds };
  expect(judgeSeries(historyOf(wave), options, predecessor).promote).toBe(promote);
});

test('the predecessor does not judge rows that it was trained on', () => {
  // For the last 40 rows life is new to both; an hour before them only the predecessor has seen it already.
  const moved = wave.map((value, row) => (row < wave.length - 100 ? value : value + 300));
  const seen = fitSeries(historyOf(moved.slice(0, -40)), {
    ...options,
    trainedAtSeconds: monday + (moved.length - 40) * 300,
  })!;
  const { candidateScore, predecessorScore } = judgeSeries(historyOf(moved), options, seen);
  expect(Math.abs(candidateScore - predecessorScore)).toBeLessThan(1);
});

test('too little to hold back is no promotion', () => {
  expect(judgeSeries(historyOf(wave.slice(0, 130)), options, good).promote).toBe(false);
});

test('an entity: the same rows promote, other channels start anew', () => {
  const host = busyHost(900);
  const predecessor = fitEntity(entityHistoryOf(host.map((values) => values.slice(0, 700))), options)!;
  expect(judgeEntity(entityHistoryOf(host), options, predecessor).promote).toBe(true);
  expect(judgeEntity(entityHistoryOf(host.slice(1)), options, predecessor).reason).toBe('the first model');
});

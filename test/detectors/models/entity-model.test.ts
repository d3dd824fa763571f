// The model of an entity: it hears a bond that breaks, names the channel, keeps quiet on gaps, and never sees the future.
import { describe, expect, test } from 'vitest';
import { mean } from '../../../core/lib/stats.ts';
import {
  advanceEntity,
  ENTITY_ROWS_MIN,
  type EntityModel,
  fitEntity,
  openEntity,
  scoreEntity,
} from '../../../detectors/models/entity-model.ts';
import type { RowScore } from '../../../detectors/models/model.ts';
import { busyHost, entityHistoryOf, monday, options } from './made-series.ts';

const trained = 1200;
const features = ['cpu', 'threads', 'memory', 'idle'];
const host = busyHost(1800);
const learn = (channels: Float64Array[]) =>
  fitEntity(entityHistoryOf(channels.map((values) => values.slice(0, trained))), { ...options, features })!;
const model = learn(host);
const rowOf = (channels: Float64Array[], row: number) => channels.map((values) => values[row]!);
const timeOf = (row: number) => monday + row * 60;

function open(by: EntityModel, channels: Float64Array[]) {
  return openEntity(by, entityHistoryOf(channels.map((values) => values.slice(0, trained))));
}

function stream(by: EntityModel, channels: Float64Array[], rows = 600): RowScore[] {
  const state = open(by, channels);
  return Array.from({ length: rows }, (_, index) =>
    advanceEntity(by, state, timeOf(trained + index), rowOf(channels, trained + index)),
  );
}

const broken = host.map((values) => values.slice());
for (let row = trained + 200; row < trained + 230; row++) broken[1]![row] = 2.5 - broken[1]![row]!;

describe('what it learned', () => {
  const scores = stream(model, broken);
  test('a channel that goes against the others stands out and is named', () => {
    expect(mean(scores.slice(100, 200).map(({ score }) => score))).toBeLessThan(80);
    expect(Math.max(...scores.slice(200, 230).map(({ score }) => score))).toBeGreaterThan(99);
    expect(scores[205]!.contributions[0]!.feature).toBe('threads');
    expect(scores.filter(({ alert }) => alert >= 1).length).toBeLessThanOrEqual(1);
  });

  test('it beats a model that saw constants only', () => {
    const blind = learn(host.map((values) => values.map(() => 1)));
    const apart = (by: EntityModel) => {
      const found = stream(by, broken).map(({ score }) => score);
      return mean(found.slice(201, 230)) - mean(found.slice(100, 200));
    };
    expect(apart(model)).toBeGreaterThan(apart(blind) + 15);
  });

  test('scores are spread', () => {
    expect(new Set(stream(model, host).map(({ score }) => Math.round(score))).size).toBeGreaterThan(30);
  });
});

test('a truncated entity has the same scores for the rows it shares', () => {
  expect(stream(model, broken, 250)).toEqual(stream(model, broken).slice(0, 250));
});

test('the same seed gives the same model', () => {
  expect(learn(host)).toEqual(model);
});

test('a provisional row says what the closed row will say, and leaves no trace', () => {
  const state = open(model, host);
  const before = structuredClone(state);
  const looked = scoreEntity(model, state, timeOf(trained), rowOf(host, trained));
  expect(state).toEqual(before);
  expect(advanceEntity(model, state, timeOf(trained), rowOf(host, trained))).toEqual(looked);
});

test.each([
  { given: 'most channels missing', row: [1, Number.NaN, Number.NaN, Number.NaN] },
  { given: 'all missing', row: [Number.NaN, Number.NaN, Number.NaN, Number.NaN] },
])('$given is unknown', ({ row }) => {
  const state = open(model, host);
  expect(scoreEntity(model, state, timeOf(trained), row).score).toBeNaN();
  expect(advanceEntity(model, state, timeOf(trained), row).score).toBeNaN();
});

test('a single missing channel is no event and no NaN', () => {
  const holed = rowOf(host, trained);
  holed[3] = Number.NaN;
  const { score, alert } = advanceEntity(model, open(model, host), timeOf(trained), holed);
  expect(Number.isFinite(score)).toBe(true);
  expect(alert).toBeLessThan(1);
});

test('three days of silence raise nothing afterwards', () => {
  const state = open(model, host);
  const scores = Array.from({ length: 100 }, (_, index) =>
    advanceEntity(model, state, timeOf(trained + 4320 + index), rowOf(host, trained + index)),
  );
  expect(scores.every(({ score }) => Number.isFinite(score))).toBe(true);
  expect(scores.filter(({ alert }) => alert >= 1)).toEqual([]);
});

test.each([-3600, 0])('a clock %d s off is dropped and counted', (seconds) => {
  const state = open(model, host);
  expect(advanceEntity(model, state, state.lastSeconds + seconds, rowOf(host, trained)).score).toBeNaN();
  expect(state.dropped).toBe(1);
});

test('constant channels: no NaN, no alert', () => {
  const still = Array.from({ length: 3 }, () => new Float64Array(1800).fill(3));
  const calm = fitEntity(entityHistoryOf(still.map((values) => values.slice(0, trained))), options)!;
  const scores = stream(calm, still);
  expect(scores.every(({ score }) => Number.isFinite(score))).toBe(true);
  expect(scores.every(({ alert }) => alert < 1)).toBe(true);
});

test.each([
  { given: 'too few rows', channels: busyHost(ENTITY_ROWS_MIN - 1) },
  { given: 'no channels', channels: [] },
  { given: 'no values', channels: [new Float64Array(900).fill(Number.NaN), new Float64Array(0)] },
])('$given is no model', ({ channels }) => {
  expect(fitEntity(entityHistoryOf(channels), options)?.rows ?? 0).toBeLessThanOrEqual(900);
  if (channels.length !== 2) expect(fitEntity(entityHistoryOf(channels), options)).toBeNull();
});

test('a channel that never spoke is carried along', () => {
  const silent = [...host, new Float64Array(1800).fill(Number.NaN)];
  const wide = fitEntity(entityHistoryOf(silent.map((values) => values.slice(0, trained))), options)!;
  expect(wide.channels).toBe(5);
  expect(wide.features[4]).toBe('channel_4');
  const { score } = advanceEntity(wide, open(wide, silent), timeOf(trained), rowOf(silent, trained));
  expect(Number.isFinite(score)).toBe(true);
});

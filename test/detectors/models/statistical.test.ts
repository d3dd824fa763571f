// The fallback before a model: silent below 20 samples, never fooled by gaps, and calm on constants.
import { expect, test } from 'vitest';
import { createRandom, randomNormal } from '../../../core/lib/random.ts';
import { advanceStatistical, openStatistical, STATISTICAL_SAMPLES_MIN } from '../../../detectors/models/statistical.ts';

const fed = (values: readonly number[]) => {
  const state = openStatistical();
  const scores = values.map((value, index) => advanceStatistical(state, 15 * index, value));
  return { state, scores };
};
const random = createRandom(1);
const noise = Array.from({ length: 300 }, () => 50 + randomNormal(random));

test('unknown until it has seen twenty samples', () => {
  const { scores } = fed(noise);
  expect(scores.findIndex(({ score }) => !Number.isNaN(score))).toBe(STATISTICAL_SAMPLES_MIN);
});

test('far out is stranger than near, and an alert only far out', () => {
  const { state } = fed(noise);
  const near = advanceStatistical(state, 1e6, 51);
  const far = advanceStatistical(state, 1e6 + 15, 80);
  expect(far.score).toBeGreaterThan(99);
  expect(far.score).toBeGreaterThan(near.score);
  expect(near.alert).toBeLessThan(1);
  expect(far.alert).toBeGreaterThanOrEqual(1);
  expect(near.expectedLow).toBeLessThan(50);
  expect(near.expectedHigh).toBeGreaterThan(50);
});

test.each([
  { given: 'NaN', time: 1e6, value: Number.NaN },
  { given: 'infinity', time: 1e6, value: Number.POSITIVE_INFINITY },
  { given: 'a clock that went back', time: 5, value: 50 },
])('$given is unknown and changes nothing', ({ time, value }) => {
  const { state } = fed(noise);
  const before = structuredClone(state);
  expect(advanceStatistical(state, time, value).score).toBeNaN();
  expect(state).toEqual(before);
});

test('a constant series is calm, its first move is strange, and no score is NaN', () => {
  const { scores } = fed([...Array(60).fill(5), 9]);
  const known = scores.slice(STATISTICAL_SAMPLES_MIN);
  expect(known.every(({ score }) => Number.isFinite(score))).toBe(true);
  expect(known.slice(0, -1).every(({ alert }) => alert < 1)).toBe(true);
  expect(known.at(-1)!.alert).toBeGreaterThanOrEqual(1);
});

test.each([
  { given: 'an hour of zeros, then 3', before: Array(240).fill(0), value: 3, raised: false },
  { given: 'an hour of zeros, then 2e9', before: Array(240).fill(0), value: 2e9, raised: false },
  {
    given: 'zeros with a 1 now and then, and another 1',
    before: [...Array(238).fill(0), 1, 0],
    value: 1,
    raised: false,
  },
  { given: 'zeros with a 1 now and then, and 40', before: [...Array(238).fill(0), 1, 0], value: 40, raised: true },
  { given: 'an hour of fives, then 9', before: Array(240).fill(5), value: 9, raised: true },
])('$given: raises an alert: $raised', ({ before, value, raised }) => {
  const last = fed([...before, value]).scores.at(-1)!;
  expect(last.score).toBeGreaterThan(98);
  expect(last.alert >= 1).toBe(raised);
  expect(last.expectedHigh).toBeLessThan(value);
});

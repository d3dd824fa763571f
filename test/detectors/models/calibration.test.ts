// A score means the same for every series: how rare such a row is, with a tail that never ends.
import { describe, expect, test } from 'vitest';
import { createRandom, randomNormal } from '../../../core/lib/random.ts';
import { blendCalibrations, calibrate, fitCalibration } from '../../../detectors/models/calibration.ts';

const random = createRandom(4);
const draws = {
  exponential: () => -Math.log(1 - random()),
  'log-normal': () => Math.exp(randomNormal(random)),
  'Pareto with 3': () => (1 - random()) ** (-1 / 3),
};
const list = (draw: () => number, count: number) => Float64Array.from({ length: count }, draw);

describe.each(Object.entries(draws))('%s scores', (_, draw) => {
  const calibration = fitCalibration(list(draw, 40_000));
  const fresh = list(draw, 40_000).map((raw) => calibrate(calibration, raw));
  test.each([
    { level: 50, low: 0.48, high: 0.52 },
    { level: 90, low: 0.09, high: 0.11 },
    { level: 99, low: 0.008, high: 0.012 },
    { level: 99.9, low: 0.0005, high: 0.002 },
  ])('share at $level and above', ({ level, low, high }) => {
    const share = fresh.filter((score) => score >= level).length / fresh.length;
    expect(share).toBeGreaterThan(low);
    expect(share).toBeLessThan(high);
  });
});

test('a worse row always scores higher, far beyond what was seen', () => {
  const calibration = fitCalibration(list(draws.exponential, 5000));
  const scores = [0.1, 1, 3, 5, 10, 20, 25].map((raw) => calibrate(calibration, raw));
  expect(scores).toEqual([...scores].sort((left, right) => left - right));
  expect(new Set(scores).size).toBe(scores.length);
  expect(scores.at(-1)).toBeLessThanOrEqual(100);
});

test.each([
  { given: 'few scores have no tail', raw: [1, 2, 3], at: 99, expected: 75 },
  { given: 'none at all', raw: [], at: 1, expected: Number.NaN },
  { given: 'NaN', raw: [1, 2, 3], at: Number.NaN, expected: Number.NaN },
  { given: 'all alike, and the same again', raw: Array(1000).fill(0), at: 0, expected: 50 },
  { given: 'all alike at a number that single precision rounds', raw: Array(1000).fill(0.1), at: 0.1, expected: 50 },
])('$given → $expected', ({ raw, at, expected }) => {
  const score = calibrate(fitCalibration(raw), at);
  if (Number.isNaN(expected)) expect(score).toBeNaN();
  else expect(score).toBeCloseTo(expected, 0);
});

test('after scores that were all alike anything larger is rare', () => {
  const calibration = fitCalibration(new Float64Array(1000));
  expect(calibrate(calibration, 0.5)).toBeGreaterThan(99.5);
  expect(calibrate(calibration, 0.5)).toBeLessThan(100);
});

test.each([
  { raw: 0, expected: 0 },
  { raw: 10, expected: 0 },
  { raw: 50, expected: 50 },
  { raw: 90, expected: 100 },
  { raw: 500, expected: 100 },
])('the original formula reads $expected at $raw', ({ raw, expected }) => {
  const calibration = fitCalibration(
    Float64Array.from({ length: 101 }, (_, index) => index),
    'p10-p90',
  );
  expect(calibrate(calibration, raw)).toBeCloseTo(expected, 9);
});

test('the original formula copes with a constant series', () => {
  const calibration = fitCalibration(new Float64Array(100).fill(4), 'p10-p90');
  expect(calibrate(calibration, 4)).toBe(0);
  expect(calibrate(calibration, 5)).toBe(100);
});

describe('blended with its predecessor', () => {
  const older = fitCalibration(list(draws.exponential, 5000));
  const fresh = fitCalibration(list(draws.exponential, 5000).map((raw) => 2 * raw));
  test('lies between both', () => {
    const raw = 6;
    const blended = calibrate(blendCalibrations(older, fresh, 0.5), raw);
    expect(blended).toBeLessThan(calibrate(older, raw));
    expect(blended).toBeGreaterThan(calibrate(fresh, raw));
  });
  test.each([
    { given: 'another normalisation', before: fitCalibration(list(draws.exponential, 5000), 'p10-p90') },
    { given: 'a predecessor without a tail', before: fitCalibration([1, 2, 3]) },
  ])('$given: the fresh one alone', ({ before }) => {
    expect(blendCalibrations(before, fresh, 0.9)).toBe(fresh);
  });
});

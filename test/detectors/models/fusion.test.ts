// Votes become one number: units, the weighted mean over those who speak, and the hold after an incident.
import { expect, test } from 'vitest';
import { fitUnits, fuse, hold, unitOf } from '../../../detectors/models/fusion.ts';

const hundred = Float32Array.from({ length: 101 }, (_, index) => index);
const units = fitUnits([hundred, new Float32Array(50).fill(3)], [0.05, 0.05]);

test('the median is 0, the worst hundredth ln 2, and more is more', () => {
  expect(unitOf(units, 0, 50)).toBe(0);
  expect(unitOf(units, 0, 10)).toBe(0);
  expect(unitOf(units, 0, 99)).toBeCloseTo(Math.LN2, 6);
  expect(unitOf(units, 0, 500)).toBeGreaterThan(unitOf(units, 0, 400));
});

test('a voter that never moved does not shout at dust', () => {
  expect(unitOf(units, 1, 3)).toBe(0);
  expect(unitOf(units, 1, 3.0001)).toBeLessThan(0.01);
  expect(unitOf(units, 1, 4)).toBeGreaterThan(2);
});

test.each([
  { given: 'both speak', votes: [99, 3], expected: (0.25 * Math.LN2) / 1 },
  { given: 'one is silent', votes: [99, Number.NaN], expected: Math.LN2 },
  { given: 'both are silent', votes: [Number.NaN, Number.NaN], expected: Number.NaN },
])('$given', ({ votes, expected }) => {
  const fused = fuse(units, [0.25, 0.75], Float64Array.from(votes));
  if (Number.isNaN(expected)) expect(fused).toBeNaN();
  else expect(fused).toBeCloseTo(expected, 9);
});

test('units of voters without history stay silent', () => {
  const empty = fitUnits([new Float32Array(0)], [0.05]);
  expect(unitOf(empty, 0, 5)).toBeNaN();
});

test.each([
  { given: 'a calm row after an incident', before: 2, fused: 0.1, expected: 1 },
  { given: 'a worse row', before: 2, fused: 5, expected: 5 },
  { given: 'a row without a score', before: 2, fused: Number.NaN, expected: 1 },
  { given: 'an incident long past', before: 0.03, fused: 0, expected: 0 },
])('$given is held at $expected', ({ before, fused, expected }) => {
  expect(hold(before, fused, 1)).toBeCloseTo(expected, 9);
});

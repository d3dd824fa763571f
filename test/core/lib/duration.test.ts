// Durations as people write and read them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../core/lib/duration.ts';
import { fuzzRuns } from '../../fuzz.ts';

test.each([
  ['250ms', 0.25],
  ['15s', 15],
  ['5m', 300],
  ['6h', 21_600],
  ['7d', 604_800],
  ['2w', 1_209_600],
  ['1h30m', 5400],
  ['1.5h', 5400],
  ['0s', 0],
])('%s is %d seconds', (text, gives) => {
  expect(parseDuration(text)).toBe(gives);
});

test.each(['', '15', 's', '-5s', '5 s', '5x', '5s ', '1h-30m', 'soon', '1..5s'])('%j is none', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, '0ms'],
  [0.25, '250ms'],
  [1, '1s'],
  [45, '45s'],
  [60, '1m'],
  [5400, '1h30m'],
  [5461, '1h31m'],
  [90_000, '1d1h'],
  [604_800, '7d'],
])('%d seconds read %s', (seconds, gives) => {
  expect(formatDuration(seconds)).toBe(gives);
});

test('what is written can be read, and is never far from what was meant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 8 }), (seconds) => {
      const read = parseDuration(formatDuration(seconds))!;
      // Two units are kept: 1 d 1 h 59 m 59 s reads 1d1h, and nothing is further off.
      expect(Math.abs(read - seconds) / seconds).toBeLessThan(3_599 / 93_599 + 1e-9);
    }),
    { numRuns: fuzzRuns },
  );
});

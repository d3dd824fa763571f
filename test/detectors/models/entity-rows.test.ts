// Channels scaled to their own training, whatever their size.
import { expect, test } from 'vitest';
import { outsideBand, scaleChannels, scaledValue, standardValue } from '../../../detectors/models/entity-rows.ts';

const ramp = Float64Array.from({ length: 1001 }, (_, index) => index);
const scales = scaleChannels([ramp, ramp.map((value) => 1e9 + value * 1e6), new Float64Array(1001).fill(7)]);

test.each([
  { channel: 0, value: 500, expected: 0.5 },
  { channel: 1, value: 1e9 + 500e6, expected: 0.5 },
  { channel: 0, value: 1e12, expected: 5 },
  { channel: 0, value: -1e12, expected: -4 },
  { channel: 2, value: 7, expected: 0 },
])('channel $channel at $value is $expected', ({ channel, value, expected }) => {
  expect(scaledValue(scales, channel, value)).toBeCloseTo(expected, 2);
});

test.each([
  { value: 500, expected: 0 },
  { value: 1e9, expected: 8 },
  { value: -1e9, expected: -8 },
])('$value is $expected deviations, held in eight', ({ value, expected }) => {
  expect(standardValue(scales, 0, value, 8)).toBeCloseTo(expected, 6);
});

test('inside the band is nothing, beyond it grows', () => {
  expect(outsideBand(scales, 0, 500)).toBe(0);
  expect(outsideBand(scales, 0, 2000)).toBeGreaterThan(outsideBand(scales, 0, 1200));
  expect(outsideBand(scales, 2, 8)).toBeGreaterThan(0);
});

test('a channel without any value is no NaN', () => {
  const empty = scaleChannels([new Float64Array(10).fill(Number.NaN)]);
  for (const list of Object.values(empty)) expect((list as Float64Array).every(Number.isFinite)).toBe(true);
});

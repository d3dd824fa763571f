// Values with their units: what is not known never looks like a number.
import { expect, test } from 'vitest';
import { readUnit, say } from '../../../../web/console/values/units.ts';

test.each([
  { value: 0, unit: 'bytes', then: '0 B' },
  { value: 1_023, unit: 'bytes', then: '1023 B' },
  { value: 2_040_109_466, unit: 'bytes', then: '1.9 GiB' },
  { value: 123_456_789, unit: 'bytes/s', then: '118 MiB/s' },
  { value: 0.4213, unit: 'ratio', then: '42.1 %' },
  { value: 1, unit: 'ratio', then: '100 %' },
  { value: 0.5, unit: 'cores', then: '0.50 cores' },
  { value: 0.00001, unit: 'ratio', then: '0.001 %' },
  { value: 0.0000001, unit: 'ratio', then: '< 0.001 %' },
  { value: 0.0142, unit: 'seconds', then: '14.2 ms' },
  { value: 90, unit: 'seconds', then: '90 s' },
  { value: 5_400, unit: 'seconds', then: '90 min' },
  { value: 1_234, unit: 'count', then: '1.23 k' },
  { value: 12, unit: 'count', then: '12' },
  { value: 61.5, unit: 'celsius', then: '61.5 °C' },
  { value: 250, unit: 'watts', then: '250 W' },
  { value: 99.95, unit: 'score', then: '100.0' },
  { value: -2048, unit: 'bytes', then: '-2 KiB' },
  { value: null, unit: 'bytes', then: '–' },
  { value: undefined, unit: 'ratio', then: '–' },
  { value: Number.NaN, unit: 'count', then: '–' },
  { value: Number.POSITIVE_INFINITY, unit: 'bytes', then: '–' },
] as const)('$value $unit → $then', ({ value, unit, then }) => {
  expect(say(value, unit)).toBe(then);
});

test("units of the detectors are read, and one we don't know has none", () => {
  expect(['bytes', '1/s', 'furlongs'].map(readUnit)).toEqual(['bytes', 'per second', 'none']);
});

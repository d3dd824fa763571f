// Values with their units: what is not known never looks like a number.
import { expect, test } from 'vitest';
import { readUnit, say, sayCount } from '../../../../web/console/values/units.ts';

test.each([
  { value: 0, unit: 'bytes', says: '0 B' },
  { value: 1_023, unit: 'bytes', says: '1023 B' },
  { value: 2_040_109_466, unit: 'bytes', says: '1.9 GiB' },
  { value: 123_456_789, unit: 'bytes/s', says: '118 MiB/s' },
  { value: 0.4213, unit: 'ratio', says: '42.1 %' },
  { value: 1, unit: 'ratio', says: '100 %' },
  { value: 0.5, unit: 'cores', says: '0.50 cores' },
  { value: 0.00001, unit: 'ratio', says: '0.001 %' },
  { value: 0.0000001, unit: 'ratio', says: '< 0.001 %' },
  { value: -0.0001, unit: 'cores', says: '> -0.001 cores' },
  { value: 0.0142, unit: 'seconds', says: '14.2 ms' },
  { value: 90, unit: 'seconds', says: '90 s' },
  { value: 5_400, unit: 'seconds', says: '90 min' },
  { value: 1_234, unit: 'count', says: '1.23 k' },
  { value: 12, unit: 'count', says: '12' },
  { value: 61.5, unit: 'celsius', says: '61.5 °C' },
  { value: 250, unit: 'watts', says: '250 W' },
  { value: 0, unit: 'rarity', says: 'ordinary' },
  { value: 2, unit: 'rarity', says: '1 in 100' },
  { value: 4, unit: 'rarity', says: '1 in 10,000' },
  { value: -2048, unit: 'bytes', says: '-2 KiB' },
  { value: null, unit: 'bytes', says: '–' },
  { value: undefined, unit: 'ratio', says: '–' },
  { value: Number.NaN, unit: 'count', says: '–' },
  { value: Number.POSITIVE_INFINITY, unit: 'bytes', says: '–' },
] as const)('$value $unit → $says', ({ value, unit, says }) => {
  expect(say(value, unit)).toBe(says);
});

test("units of the detectors are read, and one we don't know has none", () => {
  expect(['bytes', '1/s', 's/s', 'furlongs'].map(readUnit)).toEqual(['bytes', 'per second', 'cores', 'none']);
});

test.each([
  { shown: 1, total: 1, plural: 'volumes', said: '1 volume' },
  { shown: 0, total: 0, plural: 'volumes', said: '0 volumes' },
  { shown: 1, total: 3, plural: 'volumes', said: '1 of 3 volumes' },
  { shown: 0, total: 1, plural: 'GPUs', said: '0 of 1 GPU' },
  { shown: 1, total: 1, plural: 'series', said: '1 series' },
  { shown: 1, total: 1, plural: 'processes', said: '1 process' },
  { shown: 1, total: 1, plural: 'containers of one image', said: '1 container of one image' },
])('$shown of $total $plural: $said', ({ shown, total, plural, said }) => {
  expect(sayCount(shown, total, plural)).toBe(said);
});

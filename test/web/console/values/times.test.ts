// Durations, ages and moments in words.
import { expect, test } from 'vitest';
import {
  readMoment,
  sayAge,
  sayClock,
  sayDuration,
  sayEnd,
  sayMoment,
  sayWhen,
} from '../../../../web/console/values/times.ts';

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_599, '59 min'],
  [7_300, '2 h'],
  [172_800, '2 d'],
  [-5, '0 s'],
] as const)('%d s → %s', (seconds, then) => {
  expect(sayDuration(seconds)).toBe(then);
});

test('an age that nobody knows is not 0', () => {
  expect([sayAge(100, 112), sayAge(null, 112), sayAge(undefined, 112)]).toEqual([
    '12 s old',
    'age unknown',
    'age unknown',
  ]);
});

test('when: past, now, to come', () => {
  expect([sayWhen(40, 100), sayWhen(100, 100), sayWhen(7_300, 100)]).toEqual(['1 min ago', 'now', 'in 2 h']);
});

test('moments are told in the zone that is asked for', () => {
  expect(sayMoment(1_800_000_000, 'UTC')).toBe('2027-01-15 08:00:00');
  expect([sayClock(1_800_000_012, false, 'UTC'), sayClock(1_800_000_012, true, 'UTC')]).toEqual(['08:00', '08:00:12']);
});

test('a moment in a field is read in the zone of the person', () => {
  expect(sayMoment(readMoment('2027-01-15T08:00')!)).toBe('2027-01-15 08:00:00');
  expect(readMoment('')).toBeUndefined();
});

test.each([
  { end: 1_800_001_800, says: '08:30 (in 30 min)' },
  { end: 1_800_604_800, says: '2027-01-22 08:00 (in 7 d)' },
  { end: 1_799_999_990, says: '07:59, just now' },
])('something that ends at $end ends at $says', ({ end, says }) => {
  expect(sayEnd(end, 1_800_000_000, 'UTC')).toBe(says);
});

// One address knocks so often in a minute, others are not held up by it, and there is an end to the addresses.
import { expect, test } from 'vitest';
import { Knocks } from '../../../../web/server/live/knocks.ts';

test('three a minute: the fourth is refused until the minute is over, for that address alone', () => {
  const knocks = new Knocks(3);
  expect([0, 1, 2, 3, 59].map((now) => knocks.allow('a', now))).toEqual([true, true, true, false, false]);
  expect(knocks.allow('b', 3)).toBe(true);
  expect(knocks.allow('a', 60)).toBe(true);
});

test('of a million addresses only the youngest are remembered, and the others cost nothing', () => {
  const knocks = new Knocks(1);
  for (let i = 0; i < 1_000_000; i++) knocks.allow(`address ${i}`, 0);
  expect(knocks.allow('address 999999', 1)).toBe(false);
  expect(knocks.allow('address 0', 1)).toBe(true); // forgotten
});

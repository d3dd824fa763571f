// One record a minute and action stands for every refusal of a stranger.
import { expect, test } from 'vitest';
import { Refusals } from '../../../../web/server/http/refusals.ts';

test('the first is told at once, those within its minute with the next one, and none is lost', () => {
  const refusals = new Refusals();
  expect([0, 1, 59].map((now) => refusals.count('session:open', now))).toEqual([1, undefined, undefined]);
  expect(refusals.count('setup:complete', 59)).toBe(1);
  expect(refusals.count('session:open', 60)).toBe(3);
  expect(refusals.count('session:open', 119)).toBeUndefined();
  expect(refusals.count('session:open', 400)).toBe(2);
});

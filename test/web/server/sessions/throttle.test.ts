// Guessing is slowed down, never for good.
import { expect, test } from 'vitest';
import { Throttle } from '../../../../web/server/sessions/throttle.ts';

const rule = { freeFailures: 3, waitSecondsMax: 60 };

test.each([
  { failures: 0, wait: 0 },
  { failures: 2, wait: 0 },
  { failures: 3, wait: 1 },
  { failures: 4, wait: 2 },
  { failures: 6, wait: 8 },
  { failures: 50, wait: 60 },
])('after $failures failures the wait is $wait s', ({ failures, wait }) => {
  const throttle = new Throttle(rule);
  for (let i = 0; i < failures; i++) throttle.fail('k', 100);
  expect(throttle.waitSeconds('k', 100)).toBe(wait);
  expect(throttle.waitSeconds('other', 100)).toBe(0);
  expect(throttle.waitSeconds('k', 100 + wait)).toBe(0);
});

test('success forgets, and so does an hour without a failure', () => {
  const throttle = new Throttle(rule);
  for (let i = 0; i < 5; i++) throttle.fail('k', 0);
  throttle.succeed('k');
  expect(throttle.waitSeconds('k', 0)).toBe(0);
  for (let i = 0; i < 5; i++) throttle.fail('k', 0);
  throttle.fail('k', 10_000);
  expect(throttle.waitSeconds('k', 10_000)).toBe(0);
});

test('a try that was counted and turned out right is given back', () => {
  const throttle = new Throttle(rule);
  for (let i = 0; i < 4; i++) throttle.fail('k', 0);
  throttle.giveBack('k', 0);
  expect(throttle.waitSeconds('k', 0)).toBe(1);
  for (let i = 0; i < 5; i++) throttle.giveBack('k', 0);
  expect(throttle.waitSeconds('k', 0)).toBe(0);
  throttle.fail('k', 0);
  expect(throttle.waitSeconds('k', 0)).toBe(0);
});

test('a flood of keys pushes the oldest out and takes no more room', () => {
  const throttle = new Throttle(rule);
  for (let i = 0; i < 5; i++) throttle.fail('first', 0);
  for (let i = 0; i < 20_000; i++) throttle.fail(`k${i}`, 0);
  expect(throttle.waitSeconds('first', 0)).toBe(0);
});

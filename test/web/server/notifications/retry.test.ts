// What an attempt means: done, again later, or never.
import { expect, test } from 'vitest';
import { attemptsMax, judgeAttempt } from '../../../../web/server/notifications/retry.ts';

const answered = (status: number) => ({ kind: 'answered', status }) as const;

test.each([
  { given: 'a 204', attempt: answered(204), attempts: 1, expected: { state: 'delivered', nextSeconds: null } },
  { given: 'a 500', attempt: answered(500), attempts: 1, expected: { state: 'pending', nextSeconds: 1_005 } },
  {
    given: 'a 500, the third',
    attempt: answered(500),
    attempts: 3,
    expected: { state: 'pending', nextSeconds: 1_045 },
  },
  {
    given: 'a 500, the seventh: an hour at most',
    attempt: answered(500),
    attempts: 7,
    expected: { state: 'pending', nextSeconds: 4_600 },
  },
  {
    given: 'a 500, the last',
    attempt: answered(500),
    attempts: attemptsMax,
    expected: { state: 'failed', nextSeconds: null },
  },
  { given: 'a 429', attempt: answered(429), attempts: 1, expected: { state: 'pending', nextSeconds: 1_005 } },
  {
    given: 'a 404: the message is at fault',
    attempt: answered(404),
    attempts: 1,
    expected: { state: 'failed', nextSeconds: null },
  },
  {
    given: 'nobody there',
    attempt: { kind: 'unanswered', reason: 'ECONNREFUSED' } as const,
    attempts: 1,
    expected: { state: 'pending', said: 'ECONNREFUSED' },
  },
  {
    given: 'an address that is never called',
    attempt: { kind: 'refused', reason: 'metadata' } as const,
    attempts: 1,
    expected: { state: 'failed', said: 'metadata' },
  },
])('$given', ({ attempt, attempts, expected }) => {
  expect(judgeAttempt(attempt, attempts, false, 1_000, 0.5)).toMatchObject(expected);
});

test('a test is tried once', () => {
  expect(judgeAttempt(answered(500), 1, true, 1_000, 0.5).state).toBe('failed');
});

test('chance spreads the tries by a fifth to either side', () => {
  const next = (chance: number) => judgeAttempt(answered(500), 1, false, 1_000, chance).nextSeconds;
  expect([next(0), next(1)]).toEqual([1_004, 1_006]);
});

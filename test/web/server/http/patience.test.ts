// Another program's lock is waited for in steps, and not for ever.
import { expect, test } from 'vitest';
import { waitWhileBusy } from '../../../../web/server/http/patience.ts';

test.each([
  { given: 'free at once', freeAfter: 0, sleeps: 0, gives: 'done' },
  { given: 'free after a while', freeAfter: 7, sleeps: 7, gives: 'done' },
  { given: 'never free', freeAfter: Number.POSITIVE_INFINITY, sleeps: 20, gives: 'busy' },
])('$given → $gives', async ({ freeAfter, sleeps, gives }) => {
  let slept = 0;
  const sleep = async (seconds: number) => {
    expect(seconds).toBeLessThanOrEqual(0.1);
    slept += 1;
  };
  const outcome = await waitWhileBusy(() => slept >= freeAfter, sleep).then(
    () => 'done',
    ({ status, kind, retryAfterSeconds }) => (status === 503 && retryAfterSeconds > 0 ? kind : 'other'),
  );
  expect(outcome).toBe(gives);
  expect(slept).toBe(sleeps);
});

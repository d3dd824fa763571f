// Sleeping: as long as asked, however long that is, and no longer than the signal allows.
import { expect, test } from 'vitest';
import { systemClock } from '../../../core/runtime/clock.ts';

test('it sleeps as long as asked', async () => {
  const began = systemClock.monotonicSeconds();
  await systemClock.sleep(0.05);
  expect(systemClock.monotonicSeconds() - began).toBeGreaterThan(0.045);
});

test.each([
  { given: 'a second more than a timer can wait', seconds: 2 ** 31 / 1000 + 1 },
  { given: 'a year', seconds: 365 * 86_400 },
  { given: 'for ever', seconds: Number.POSITIVE_INFINITY },
])('$given does not end at once, and ends with the signal', async ({ seconds }) => {
  const stop = new AbortController();
  let awake = false;
  const slept = systemClock.sleep(seconds, stop.signal).then(() => {
    awake = true;
  });
  await systemClock.sleep(0.05);
  expect(awake).toBe(false);
  stop.abort();
  await slept;
});

test('an aborted signal means not at all', async () => {
  await systemClock.sleep(60, AbortSignal.abort());
});

// The bound on calls in flight.
import { expect, test } from 'vitest';
import { createLimit } from '../../detectors/limit.ts';

test('no more than the bound at once, all of them done, in their order', async () => {
  const limit = createLimit(3, 100);
  let inFlight = 0;
  let most = 0;
  const done: number[] = [];
  const call = (index: number) => async () => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 1));
    inFlight--;
    done.push(index);
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => limit(call(index))));
  expect([most, done.length, done]).toEqual([3, 20, done.toSorted((a, b) => a - b)]);
});

test('a failure gives its place back', async () => {
  const limit = createLimit(1, 1);
  await expect(limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limit(async () => 1)).toBe(1);
});

test('beyond the queue it refuses', async () => {
  const limit = createLimit(1, 1);
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
  const first = limit(slow);
  const second = limit(slow);
  await expect(limit(slow)).rejects.toThrow('waiting');
  await Promise.all([first, second]);
});

// The newest value of each topic waits, and what it replaced is counted.
import { expect, test } from 'vitest';
import { LatestQueue } from '../../../../web/server/live/latest-queue.ts';

test('a million values of two topics hold two', () => {
  const queue = new LatestQueue();
  let dropped = 0;
  for (let i = 0; i < 500_000; i++) {
    if (queue.offer('live', i)) dropped += 1;
    if (queue.offer('overview', i)) dropped += 1;
  }
  expect(queue.take()).toEqual([
    { topic: 'live', value: 499_999, dropped: 499_999 },
    { topic: 'overview', value: 499_999, dropped: 499_999 },
  ]);
  expect(dropped).toBe(999_998);
  expect(queue.take()).toEqual([]);
});

test('what is no longer watched is forgotten', () => {
  const queue = new LatestQueue();
  queue.offer('live', 1);
  queue.offer('audit', 2);
  queue.keep(new Set(['audit']));
  expect(queue.take()).toEqual([{ topic: 'audit', value: 2, dropped: 0 }]);
});

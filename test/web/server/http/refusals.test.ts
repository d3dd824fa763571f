// A few records a window stand for every refusal of one kind, none is lost, and there is an end to the kinds.
import { expect, test } from 'vitest';
import { Refusals } from '../../../../web/server/http/refusals.ts';

const counts = (refusals: Refusals, times: readonly number[]) =>
  times.map((now) => refusals.count('session:open', 'anonymous', now)?.count);

test('five are told one by one, the others of ten minutes with the first of the next', () => {
  const refusals = new Refusals();
  expect(counts(refusals, [0, 1, 2, 3, 4, 5, 6, 599])).toEqual([1, 1, 1, 1, 1, undefined, undefined, undefined]);
  expect(refusals.count('setup:complete', 'anonymous', 6)).toMatchObject({ count: 1 });
  expect(counts(refusals, [600, 601])).toEqual([4, 1]);
});

test('what nothing follows is told when its window is over, once', () => {
  const refusals = new Refusals();
  counts(
    refusals,
    Array.from({ length: 100 }, () => 0),
  );
  expect(refusals.due(599)).toEqual([]);
  expect(refusals.due(600)).toEqual([
    expect.objectContaining({ action: 'session:open', actor: 'anonymous', count: 95 }),
  ]);
  expect(refusals.due(1_200)).toEqual([]);
});

test('a million refusals of a hundred thousand actors: few are told, all are counted', () => {
  const refusals = new Refusals();
  let told = 0;
  let counted = 0;
  for (let i = 0; i < 1_000_000; i++) {
    const one = refusals.count('environment:make', `actor-${i % 100_000}`, 0);
    if (one === undefined) continue;
    told += 1;
    counted += one.count;
  }
  for (const { count } of refusals.due(600)) counted += count;
  expect(told).toBeLessThanOrEqual(2_001 * 5);
  expect(counted).toBe(1_000_000);
});

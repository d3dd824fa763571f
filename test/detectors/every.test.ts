// Something done again and again: never two at once, and no more once it was told to stop.
import { expect, test } from 'vitest';
import { every } from '../../detectors/every.ts';
import { fakePorts } from '../fakes/detector.ts';

test('one at a time, the pause from its end, until told to stop', async () => {
  const { clock } = fakePorts({}, 0);
  const stop = new AbortController();
  const began: number[] = [];
  await every(30, clock, stop.signal, async () => {
    began.push(clock.now);
    clock.now += 5;
    if (began.length === 3) stop.abort();
  });
  expect(began).toEqual([0, 35, 70]);
});

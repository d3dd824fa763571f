// Few at once, a bounded queue, and no place is ever lost.
import { expect, test } from 'vitest';
import { Gate, GateFull } from '../../../../web/server/sessions/gate.ts';

test('never more than two run, whatever comes and however it ends', async () => {
  const gate = new Gate(2, 100);
  let running = 0;
  let most = 0;
  const work = (i: number) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (i % 3 === 0) throw new Error('failed');
    return i;
  };
  const results = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => gate.run(work(i))));
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(40);
  expect(await gate.run(async () => 'free again')).toBe('free again');
});

test('beyond the queue the answer is no, at once', async () => {
  const gate = new Gate(1, 1);
  let release = () => {};
  const first = gate.run(() => new Promise<void>((resolve) => (release = resolve)));
  const second = gate.run(async () => 2);
  await expect(gate.run(async () => 3)).rejects.toBeInstanceOf(GateFull);
  release();
  await first;
  expect(await second).toBe(2);
});

// The loop: ticks on their grid, pauses that grow while nobody answers, an end when it is told.
import { beforeEach, expect, test } from 'vitest';
import { runLoop } from '../../detectors/loop.ts';
import type { Watched } from '../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
let kicks: number;
beforeEach(() => {
  watched = watching();
  ports = fakePorts({ load: [wave('a')] }, start + 1);
  kicks = 0;
});
/** Runs the loop until it has slept so often; returns the sleeps. */
async function run(sleeps: number): Promise<number[]> {
  const stop = new AbortController();
  const slept: number[] = [];
  ports.clock.sleep = async (seconds) => {
    slept.push(seconds);
    ports.clock.now += seconds;
    if (slept.length >= sleeps) stop.abort();
  };
  const queue = { kick: () => void kicks++, idle: async () => undefined };
  await runLoop([watched], queue, ports, settings, stop.signal);
  return slept;
}

test('a tick every 15 s, a second after its time', async () => {
  expect(await run(4)).toEqual([15, 15, 15, 15]);
  expect([watched.state.lastAnswerSeconds, kicks]).toEqual([start + 45, 4]);
});

test('before the first answer it is asked every second, and no tick counts as failed', async () => {
  ports.prometheus.failure = new Error('starting');
  expect(await run(4)).toEqual([1, 1, 1, 1]);
  expect([watched.state.errorsTotal, watched.state.lastError]).toEqual([0, 'load: starting']);
});

test('while Prometheus is silent the pauses grow, up to a bound, and none is like the other', async () => {
  watched.state.prometheusSeen = true;
  ports.prometheus.failure = new Error('down');
  const slept = await run(12);
  expect(slept[0]).toBe(15);
  expect(Math.max(...slept)).toBeGreaterThan(45);
  expect(Math.max(...slept)).toBeLessThanOrEqual(75);
  expect(new Set(slept.slice(-4)).size).toBeGreaterThan(1);
});

test('a clock that is set in between neither spins the loop nor stops it', async () => {
  const { query } = ports.prometheus;
  let turn = 0;
  ports.prometheus.query = (expression, time) => {
    if (turn++ % 3 === 0) ports.clock.now += turn % 2 === 0 ? 86_400 : -86_400;
    return query(expression, time);
  };
  for (const seconds of await run(20)) {
    expect(seconds).toBeGreaterThanOrEqual(0.05);
    expect(seconds).toBeLessThanOrEqual(75);
  }
});

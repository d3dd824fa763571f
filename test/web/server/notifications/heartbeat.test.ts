// The heartbeat: it speaks only while alerts really come through.
import { describe, expect, test } from 'vitest';
import { Heartbeat } from '../../../../web/server/notifications/heartbeat.ts';

function open(answer: () => number | Error) {
  const it = { now: 10_000, beats: 0 };
  const heartbeat = new Heartbeat({
    unixSeconds: () => it.now,
    async beat() {
      it.beats += 1;
      const said = answer();
      if (said instanceof Error) throw said;
      return said;
    },
  });
  return Object.assign(it, { heartbeat });
}
const plan = { enabled: true, everySeconds: 60, url: 'https://monitor.example.org/secret', watchdogSeconds: 9_950 };

describe('heartbeat', () => {
  test.each([
    { given: 'all is well', changes: {}, answer: 200, up: true, beats: 1 },
    { given: 'it is switched off', changes: { enabled: false }, answer: 200, up: undefined, beats: 0 },
    { given: 'it has no address', changes: { url: '' }, answer: 200, up: undefined, beats: 0 },
    { given: 'the watchdog never came', changes: { watchdogSeconds: undefined }, answer: 200, up: false, beats: 0 },
    { given: 'the watchdog is late', changes: { watchdogSeconds: 9_000 }, answer: 200, up: false, beats: 0 },
    { given: 'the monitor answers 500', changes: {}, answer: 500, up: false, beats: 1 },
  ])('$given', async ({ changes, answer, up, beats }) => {
    const it = open(() => answer);
    await it.heartbeat.tick({ ...plan, ...changes });
    expect({ up: it.heartbeat.up, beats: it.beats }).toEqual({ up, beats });
  });

  test('beats as often as it is told, and again after a failure', async () => {
    let answer: number | Error = new Error('no way to https://monitor.example.org/secret');
    const it = open(() => answer);
    await it.heartbeat.tick(plan);
    await it.heartbeat.tick(plan);
    expect([it.beats, it.heartbeat.up, it.heartbeat.reason]).toEqual([1, false, 'no way to the monitor']);
    it.now += 60;
    answer = 204;
    await it.heartbeat.tick(plan);
    expect([it.beats, it.heartbeat.up, it.heartbeat.lastSeconds]).toEqual([2, true, 10_060]);
  });
});

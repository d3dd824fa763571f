// The main job against a real Prometheus on a week of history: what the detectors promise, measured.
import { describe, expect, test } from 'vitest';
import { engines } from '../engines.ts';
import { proveLive } from './on-history/live.ts';
import { proveOrdinary } from './on-history/ordinary.ts';

const [engine] = engines;

describe.runIf(engine)('on a week of history', () => {
  test('ordinary points score as their rarity says, and the same seed gives the same models', {
    timeout: 300_000,
  }, async () => {
    const figures = await proveOrdinary(engine!, 12, () => undefined);
    expect(figures.filter(({ ok }) => ok === false)).toEqual([]);
  });

  test.each(engines)(
    '$name: a fault is noticed, a kill survived, silence is unknown',
    { timeout: 600_000 },
    async (each) => {
      const figures = await proveLive(each, () => undefined);
      expect(figures.filter(({ ok }) => ok === false)).toEqual([]);
    },
  );
});

if (engine === undefined) {
  test('on a week of history', (context) => context.skip('no Prometheus could be unpacked for the tests'));
}

// Reading back after a start: saved models serve at once, raised alerts stay raised, trouble is tried three times.
import { beforeEach, describe, expect, test } from 'vitest';
import { backfill } from '../../detectors/backfill.ts';
import { closeTick } from '../../detectors/state.ts';
import { admit } from '../../detectors/table.ts';
import { observeTick } from '../../detectors/track.ts';
import { learn } from '../../detectors/training/learn.ts';
import type { Watched } from '../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, twoMetrics, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
beforeEach(() => {
  watched = watching();
  ports = fakePorts({ load: [wave('a')], depth: [wave('a')] }, start);
});
const come = (into: Watched) =>
  admit(into.state, [{ entity: twoMetrics.identify({ name: 'a' })!, weight: 0 }], settings, start);

test('saved models serve at the first tick after a restart', async () => {
  come(watched);
  await backfill(watched, start, ports, settings);
  await learn(watched, { modelKey: 'a', train: true }, [], ports, settings);
  expect([...ports.store.saved.keys()].sort()).toEqual(['container/a/_all', 'container/a/depth', 'container/a/load']);

  const restarted = watching();
  const [track] = come(restarted);
  await backfill(restarted, start + 60, ports, settings);
  observeTick(track!, start + 60, 60, Float64Array.of(100, 100));
  expect([...track!.series, track!.all].map((series) => series!.mode)).toEqual(['model', 'model', 'model']);
  expect(track!.all.score.score).toBeGreaterThan(0);
});

test('without a model the last samples are taken in', async () => {
  const [track] = come(watched);
  await backfill(watched, start, ports, settings);
  expect(track!.series.map((series) => series!.samples)).toEqual([960, 960]);
  expect(track!.series[0]!.lastSampleSeconds).toBe(start - 15);
  expect(track!.all.samples).toBe(960);
});

test('a refused model is told, and the statistical voter stands in', async () => {
  ports.store.refuse.push({ file: 'x.model', reason: 'it is empty' });
  const [track] = come(watched);
  await backfill(watched, start, ports, settings);
  expect(watched.state.refusals).toEqual([{ file: 'x.model', reason: 'it is empty', atSeconds: start }]);
  observeTick(track!, start, 60, Float64Array.of(100, 100));
  expect(track!.series[0]!.mode).toBe('statistical');
});

describe('alerts', () => {
  const raised = 'last_over_time(anomaly_alert{detector="container"}[600000ms]) == 1';
  test.each([
    { metric: 'load', up: [true, false, false] },
    { metric: '_all', up: [false, false, true] },
  ])('what was raised on $metric stays raised', async ({ metric, up }) => {
    ports.prometheus.series.set(raised, [{ labels: { name: 'a', metric, detector: 'container' }, valueAt: () => 1 }]);
    const [track] = come(watched);
    await backfill(watched, start, ports, settings);
    expect([...track!.series, track!.all].map((series) => series!.latch.raisedAtSeconds === start)).toEqual(up);
  });
});

test('trouble is tried three times, counted, and then let be', async () => {
  ports.prometheus.failure = new Error('too slow');
  const [track] = come(watched);
  watched.state.prometheusSeen = true;
  for (let index = 0; index < 5; index++) {
    await backfill(watched, start + index * 15, ports, settings);
    closeTick(watched.state, start + index * 15);
  }
  expect(watched.state.lastError).toContain('too slow');
  expect([track!.backfilled, track!.backfillTries, watched.state.errorsTotal]).toEqual([true, 3, 3]);
});

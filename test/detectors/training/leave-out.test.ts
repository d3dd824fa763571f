// What no model learns from: own alerts, critical alerts of the same thing, and what a person called a fault.
import { describe, expect, test } from 'vitest';
import type { Judged } from '../../../detectors/feedback.ts';
import { openTrack } from '../../../detectors/track.ts';
import { fetchLeaveOut, stretchesOf, without } from '../../../detectors/training/leave-out.ts';
import { twoMetrics } from '../../fakes/detector.ts';
import { type FakeSeries, fakePrometheus } from '../../fakes/prometheus.ts';

const range = { startSeconds: 0, endSeconds: 6_000 };
const own = 'max_over_time(anomaly_alert{detector="container",}[60000ms]) == 1';
const critical = 'ALERTS{alertstate="firing",severity="critical",}';
const between = (labels: Record<string, string>, from: number, to: number): FakeSeries => ({
  labels,
  valueAt: (time) => (time >= from && time <= to ? 1 : undefined),
});
const ask = async (series: Record<string, FakeSeries[]>, judged: Judged[] = []) => {
  const track = openTrack(twoMetrics.identify({ name: 'a' })!, 2, 0);
  track.all.latch.stretches.push({ startSeconds: 5_000, endSeconds: 5_100 });
  const found = await fetchLeaveOut(fakePrometheus(series), twoMetrics, [track], range, judged);
  return Object.fromEntries(found.get('a')!);
};
const stretch = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
const remembered = stretch(5_000, 5_100);

describe('left out', () => {
  test('an own alert, of its own series', async () => {
    const found = await ask({ [own]: [between({ name: 'a', metric: 'load' }, 600, 900)] });
    expect(found).toEqual({ load: [stretch(540, 900)], depth: [], _all: [remembered] });
  });

  test('a critical alert, of every series of the thing', async () => {
    const found = await ask({
      [critical]: [between({ name: 'a', alertname: 'Down' }, 600, 660), between({ name: 'b' }, 0, 60)],
    });
    expect(found).toEqual({
      load: [stretch(540, 660)],
      depth: [stretch(540, 660)],
      _all: [stretch(540, 660), remembered],
    });
  });

  test('what a person called a fault; not what was expected', async () => {
    const judged = [
      { key: 'a', metric: 'depth', startSeconds: 10, endSeconds: 20, expected: false },
      { key: 'a', metric: 'load', startSeconds: 0, endSeconds: 1_000, expected: true },
      { key: 'b', metric: 'load', startSeconds: 0, endSeconds: 9_000, expected: true },
    ];
    const found = await ask(
      {
        [own]: [between({ name: 'a', metric: 'load' }, 600, 900), between({ name: 'a', metric: 'load' }, 3_000, 3_060)],
      },
      judged,
    );
    expect(found).toEqual({ load: [stretch(2_940, 3_060)], depth: [stretch(10, 20)], _all: [remembered] });
  });

  test('nobody knows while Prometheus is silent: an error', async () => {
    const prometheus = fakePrometheus();
    prometheus.failure = new Error('down');
    await expect(fetchLeaveOut(prometheus, twoMetrics, [], range, [])).rejects.toThrow('down');
  });
});

test.each([
  { taken: stretch(0, 5), left: [stretch(10, 20)] },
  { taken: stretch(0, 15), left: [stretch(15, 20)] },
  { taken: stretch(12, 15), left: [stretch(10, 12), stretch(15, 20)] },
  { taken: stretch(0, 99), left: [] },
])('10–20 without $taken.startSeconds–$taken.endSeconds', ({ taken, left }) => {
  expect(without(stretch(10, 20), taken)).toEqual(left);
});

test('points in a row are one stretch', () => {
  expect(stretchesOf([60, 120, 180, 600])).toEqual([stretch(0, 180), stretch(540, 600)]);
});

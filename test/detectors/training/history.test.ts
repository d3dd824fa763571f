// The history of a key: rows on their grid, one query a metric and day, never more points than a small heap bears.
import { expect, test } from 'vitest';
import { fetchHistory } from '../../../detectors/training/history.ts';
import { settings, twoMetrics, wave } from '../../fakes/detector.ts';
import { fakePrometheus } from '../../fakes/prometheus.ts';

const end = 1_800_000_000;
const entities = ['a', 'b'].map((name) => twoMetrics.identify({ name })!);

test('every metric of every replica, by the row that ends at its time', async () => {
  const minutes = { valueAt: (time: number) => (time % 120 === 0 ? time : undefined) };
  const prometheus = fakePrometheus({ load: [wave('a', minutes), wave('b'), wave('z')], depth: [wave('b')] });
  const history = await fetchHistory(prometheus, twoMetrics, entities, end, { ...settings, windowSeconds: 600 });
  expect([history.startSeconds, history.stepSeconds]).toEqual([end - 600, 60]);
  expect([...history.byKey.keys()]).toEqual(['a', 'b']);
  const [load, depth] = history.byKey.get('a')!;
  expect([...load!].filter(Number.isFinite)).toEqual([end - 480, end - 360, end - 240, end - 120, end]);
  expect(load!.at(-1)).toBe(end);
  expect([...depth!].every(Number.isNaN)).toBe(true);
  expect(prometheus.asked).toEqual(['load', 'depth']);
});

test('a longer window is asked a day at a time', async () => {
  const prometheus = fakePrometheus({ load: [wave('a')] });
  const history = await fetchHistory(prometheus, twoMetrics, entities, end, {
    ...settings,
    windowSeconds: 14 * 86_400,
  });
  expect(history.byKey.get('a')![0]!.every(Number.isFinite)).toBe(true);
  expect(prometheus.asked).toHaveLength(2 * 14);
});

test('what Prometheus does not say is an error, not an empty history', async () => {
  const prometheus = fakePrometheus();
  prometheus.failure = new Error('503');
  await expect(fetchHistory(prometheus, twoMetrics, entities, end, settings)).rejects.toThrow('503');
});

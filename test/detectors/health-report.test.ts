// The health page: whole by its contract, rarity as people read it, null for what is not known.
import { expect, test } from 'vitest';
import { detectorHealth } from '../../core/contracts/health.ts';
import { healthOf, rarityOf } from '../../detectors/health-report.ts';
import { createLimit } from '../../detectors/limit.ts';
import { learn } from '../../detectors/training/learn.ts';
import { tick } from '../../detectors/watch.ts';
import { fakePorts, settings, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;
const times = { tickSeconds: 15, rowSeconds: 60, ready: true };

test.each([
  { score: 50, words: '1 in 2' },
  { score: 80, words: '1 in 5' },
  { score: 99, words: '1 in 100' },
  { score: 99.97, words: '1 in 3,300' },
  { score: 99.9999, words: '1 in 1,000,000' },
  { score: 0, words: '1 in 1' },
  { score: 100, words: '1 in 1,000,000,000' },
  { score: Number.NaN, words: null },
])('$score is $words', ({ score, words }) => {
  expect(rarityOf(score)).toBe(words);
});

test('while it learns it says warming, with the time left; then what it knows, in words', async () => {
  const watched = watching();
  const ports = fakePorts({ load: [wave('a')], depth: [wave('a')] }, start);
  const limit = createLimit(4, 10);
  await tick(watched, start, ports, settings, limit);
  const young = detectorHealth.parse(healthOf(watched.state, times, start)).entities[0]!.series[0]!;
  expect([young.mode, young.model]).toEqual(['statistical', null]);
  expect(young.warmingSecondsLeft).toBeGreaterThan(0);

  await learn(watched, { modelKey: 'a', train: true }, [], ports, settings);
  await tick(watched, start + 60, ports, settings, limit);
  const health = detectorHealth.parse(healthOf(watched.state, times, start + 60));
  const [load, , all] = health.entities[0]!.series;
  expect(load).toMatchObject({
    metric: 'load',
    unit: 'count',
    mode: 'model',
    reason: null,
    lastSampleSeconds: start + 60,
  });
  expect(load!.rarity).toMatch(/^1 in [\d.,]+$/);
  expect(load!.expectedLow).toBeLessThan(load!.expectedHigh!);
  expect(load!.model).toMatchObject({ trainedSeconds: start });
  expect(all!.contributions[0]!.words).toMatch(/^the (load|depth): \d+ % of the score$/);
});

test('nothing known is null, never 0', () => {
  const watched = watching();
  const empty = detectorHealth.parse(healthOf(watched.state, { ...times, ready: false }, start));
  expect(empty).toMatchObject({
    ready: false,
    entities: [],
    prometheus: { answering: false, lastAnswerSeconds: null, lastError: null, lastErrorSeconds: null },
  });
});

test('unknown series are unknown on the page too', async () => {
  const watched = watching();
  const ports = fakePorts({ load: [wave('a')] }, start);
  await tick(watched, start, ports, settings, createLimit(4, 10));
  ports.prometheus.failure = new Error('down');
  await tick(watched, start + 15, ports, settings, createLimit(4, 10));
  const page = detectorHealth.parse(healthOf(watched.state, times, start + 15));
  expect(page.prometheus).toMatchObject({ answering: false, lastErrorSeconds: start + 15 });
  const [series] = page.entities[0]!.series;
  expect(series).toMatchObject({ mode: 'unknown', score: null, value: null, alert: null, rarity: null });
  expect(series!.reason).toContain('Prometheus');
});

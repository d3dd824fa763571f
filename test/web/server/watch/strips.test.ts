// Strips: one question for all things, the worst of each whole minute, and nothing where nothing was judged.
import { describe, expect, test } from 'vitest';
import type { Prometheus, RangeSeries } from '../../../../core/runtime/prometheus.ts';
import { readStrips } from '../../../../web/server/watch/strips.ts';

const series = (metric: string, score: number | null) => ({
  ...{ metric, unit: 'bytes', value: 1, mode: 'model', reason: null, warmingSecondsLeft: null, score, rarity: null },
  ...{ expectedLow: null, expectedHigh: null, contributions: [], alert: { raised: false, sinceSeconds: null } },
  ...{ lastSampleSeconds: 1, lastEvaluationSeconds: 1, evaluationDurationSeconds: 0.001, model: null },
});
const entity = (name: string, ...scores: [string, number | null][]) => ({
  labels: { instance: 'h1', name },
  series: scores.map(([metric, score]) => series(metric, score)),
});

function portsOf(entities: object[], found: Partial<Record<string, [number, number][]>>) {
  const asked: { expression: string; start: number; end: number; step: number }[] = [];
  const health = {
    ...{ detector: 'container', atSeconds: 1_000, tickSeconds: 15, rowSeconds: 60, ready: true, errorsTotal: 0 },
    ...{ refusedModels: [], overflow: { entities: 0, series: 0 }, training: { waiting: 0, lastOutcome: null } },
    prometheus: { answering: true, lastAnswerSeconds: 999, lastError: null, lastErrorSeconds: null },
    entities,
  };
  const prometheus: Prometheus = {
    query: () => Promise.reject(new Error('not asked here')),
    get: () => Promise.reject(new Error('not asked here')),
    async queryRange(expression, { startSeconds, endSeconds, stepSeconds }) {
      asked.push({ expression, start: startSeconds, end: endSeconds, step: stepSeconds });
      return Object.entries(found).map(
        ([labels, points]): RangeSeries => ({
          labels: { job: 'detectors', ...JSON.parse(labels) },
          times: Float64Array.from(points!, ([at]) => at),
          values: Float64Array.from(points!, ([, value]) => value),
        }),
      );
    },
  };
  const http = { fetch: async () => Response.json(health), timeoutSeconds: 1, answerBytesMax: 100_000 };
  const detectors = { container: 'http://c' } as Parameters<typeof readStrips>[0]['detectors'];
  return { asked, ports: { detectors, http, prometheus, unixSeconds: () => 1_000 } };
}

const named = (name: string, metric: string, more = {}) =>
  JSON.stringify({ instance: 'h1', name, metric, detector: 'container', ...more });

describe('strips', () => {
  test('ask once for the most telling series of each thing, by whole minutes, each known at its end', async () => {
    const { asked, ports } = portsOf([entity('a"b', ['cpu', 12], ['memory', 99.4]), entity('db', ['cpu', 3])], {});
    const { startSeconds } = await readStrips(ports, { start: 130, end: 290, limit: 12 });
    expect(startSeconds).toBe(120);
    expect(asked).toEqual([
      {
        expression: [
          'max_over_time(anomaly_score{instance="h1",name="a\\"b",metric="memory",detector="container"}[60s])',
          'max_over_time(anomaly_score{instance="h1",name="db",metric="cpu",detector="container"}[60s])',
        ].join(' or '),
        ...{ start: 180, end: 300, step: 60 },
      },
    ]);
  });

  test('have a cell for each minute, null where nothing was judged', async () => {
    const points: [number, number][] = [
      [180, 5],
      [300, 99.9],
      [360, Number.NaN],
      [9_999, 1],
    ];
    const { ports } = portsOf([entity('api', ['cpu', 5])], { [named('api', 'cpu')]: points });
    const { items } = await readStrips(ports, { start: 120, end: 360, limit: 12 });
    expect(items).toEqual([
      {
        detector: 'container',
        labels: { instance: 'h1', name: 'api' },
        metric: 'cpu',
        unit: series('cpu', 5).unit,
        scores: [5, null, 99.9, null],
      },
    ]);
  });

  test("that two series fit are unknown, and what was not asked for is nobody's", async () => {
    const found = {
      [named('api', 'cpu', { job: 'one' })]: [[180, 5]],
      [named('api', 'cpu', { job: 'two' })]: [[180, 6]],
      [named('db', 'memory')]: [[180, 7]],
    } satisfies Record<string, [number, number][]>;
    const { ports } = portsOf([entity('api', ['cpu', 5]), entity('db', ['cpu', 1])], found);
    const { items } = await readStrips(ports, { start: 120, end: 180, limit: 12 });
    expect(items.map(({ scores }) => scores)).toEqual([[null], [null]]);
  });

  test('are of the first things alone; without any, nothing is asked', async () => {
    const many = portsOf([entity('a', ['cpu', 1]), entity('b', ['cpu', 9])], {});
    const { items } = await readStrips(many.ports, { start: 0, end: 60, limit: 1 });
    expect(items.map(({ labels }) => labels['name'])).toEqual(['b']);
    const none = portsOf([], {});
    expect((await readStrips(none.ports, { start: 0, end: 60, limit: 1 })).items).toEqual([]);
    expect(none.asked).toEqual([]);
  });

  test.each([
    { start: 600, end: 600 },
    { start: 600, end: 0 },
    { start: 659, end: 601 },
    { start: 0, end: 86_401 },
  ])('from $start to $end are refused', async (span) => {
    const { ports } = portsOf([entity('a', ['cpu', 1])], {});
    await expect(readStrips(ports, { ...span, limit: 1 })).rejects.toMatchObject({ status: 422 });
  });
});

// U1, F4 at the read side: real HTTP neighbours that answer well, badly, late or not at all; unknown never turns into 0 or into nothing.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DetectorHealth } from '../../../../core/contracts/health.ts';
import type { TestPlane } from '../plane.ts';
import { type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

let it: TestPlane;
let says: Neighbourhood['says'];
let heard: Neighbourhood['heard'];
let around: Neighbourhood;

beforeAll(async () => {
  around = await openNeighbourhood();
  ({ plane: it, says, heard } = around);
});
afterAll(() => around.close());
beforeEach(() => {
  says.clear();
  heard.length = 0;
});

const vector = (...series: [Record<string, string>, string][]) => ({
  status: 'success',
  data: { resultType: 'vector', result: series.map(([metric, value]) => ({ metric, value: [it.now(), value] })) },
});

function prometheusSays(answers: Record<string, ReturnType<typeof vector>>): void {
  says.set('GET /api/v1/query', (query: URLSearchParams) => {
    const asked = query.get('query')!;
    return Object.entries(answers).find(([part]) => asked.includes(part))?.[1] ?? vector();
  });
}

const series = (
  metric: string,
  score: number | null,
  more = {},
): DetectorHealth['entities'][number]['series'][number] => ({
  ...{
    metric,
    unit: 'ratio',
    mode: 'model',
    reason: null,
    warmingSecondsLeft: null,
    value: 1,
    score,
    rarity: '1 in 100',
  },
  ...{
    expectedLow: 0,
    expectedHigh: 1,
    contributions: [],
    alert: null,
    lastSampleSeconds: 1,
    lastEvaluationSeconds: 1,
  },
  ...{ evaluationDurationSeconds: 1, model: null },
  ...more,
});
const health = (detector: DetectorHealth['detector'], entities: DetectorHealth['entities']): DetectorHealth => ({
  ...{ detector, atSeconds: it.now(), tickSeconds: 15, rowSeconds: 60, ready: true, errorsTotal: 0, refusedModels: [] },
  prometheus: { answering: true, lastAnswerSeconds: 1, lastError: null, lastErrorSeconds: null },
  overflow: { entities: 0, series: 0 },
  training: { waiting: 0, lastOutcome: null },
  entities,
});

describe('the overview', () => {
  test('says what is known, and of a machine whose data stopped that it is unknown', async () => {
    prometheusSays({
      up: vector([{ job: 'node', instance: 'a' }, '1'], [{ job: 'node', instance: 'b' }, '0']),
      node_cpu: vector([{ instance: 'a' }, '0.25']),
      node_load1: vector([{ instance: 'a' }, 'NaN']),
    });
    const labels = { alertname: 'DiskFull', severity: 'critical', instance: 'a' };
    const alerts = [
      { labels, annotations: { summary: 'Full soon' }, state: 'firing', activeAt: '2026-01-01T00:00:00Z' },
    ];
    says.set('GET /api/v1/alerts', () => ({ status: 'success', data: { alerts } }));
    const { status, body } = await it.admin.call('GET', '/overview');
    expect(status).toBe(200);
    expect(body.nodes.items).toMatchObject([
      { instance: 'a', cpuRatio: { state: 'known', value: 0.25 }, load1: { state: 'unknown', reason: 'not a number' } },
      { instance: 'b', cpuRatio: { state: 'unknown', reason: 'no data' } },
    ]);
    expect(body.targets.items).toContainEqual({ job: 'node', instance: 'b', up: false });
    expect(body.alerts.items).toMatchObject([
      { name: 'DiskFull', severity: 'critical', labels: { instance: 'a' }, since: 1_767_225_600, summary: 'Full soon' },
    ]);
    expect(body.gpus).toEqual({ state: 'known', items: [] });
  });

  test.each([
    { given: 'Prometheus is down', said: 503 },
    { given: 'the answer is cut', said: '{"status":"success","da' },
    { given: 'the answer is an error', said: { status: 'error', error: 'x' } },
    { given: 'the answer is a matrix', said: { status: 'success', data: { resultType: 'matrix', result: [] } } },
    { given: 'the answer is empty text', said: '' },
  ])('with every part unknown when $given', async ({ said }) => {
    says.set('GET /api/v1/query', () => said);
    const { status, body } = await it.admin.call('GET', '/overview');
    expect(status).toBe(200);
    for (const part of ['nodes', 'containers', 'gpus', 'targets', 'alerts', 'bill'])
      expect(body[part].state, part).toBe('unknown');
    for (const detector of body.anomalies.detectors) expect(detector.state).toBe('unknown');
  });
});

describe('things on the overview', () => {
  const raised = { raised: true, sinceSeconds: 1 };
  test('each stand once, by the series that raises an alert, else by the rarest, and are counted beyond what is listed', async () => {
    const busy = Array.from({ length: 350 }, (_, place) => ({
      labels: { name: `c${place}` },
      series: [
        series('cpu', 99.5),
        series('memory', 99.9),
        series('io', place === 7 ? 60 : 3, { alert: place === 7 ? raised : null }),
      ],
    }));
    says.set('GET /container/health', health('container', busy));
    says.set('GET /gpu/health', health('gpu', [{ labels: { uuid: 'GPU-1' }, series: [series('power', null)] }]));
    const { anomalies } = (await it.admin.call('GET', '/overview')).body;
    expect(anomalies.items[0]).toMatchObject({ labels: { name: 'c7' }, metric: 'io' });
    expect(anomalies.items[1]).toMatchObject({ metric: 'memory' });
    expect(anomalies.items).toHaveLength(300);
    expect(anomalies.things).toEqual({ total: 351, judged: 350, unusual: 350 });
    expect(anomalies.omitted).toBe(51);
  });

  test('leave no thing of another detector out while they fit', async () => {
    const many = Array.from({ length: 40 }, (_, place) => ({
      labels: { name: `c${place}` },
      series: [series('cpu', 99.9)],
    }));
    says.set('GET /container/health', health('container', many));
    says.set('GET /gpu/health', health('gpu', [{ labels: { uuid: 'GPU-1' }, series: [series('power', 5)] }]));
    const { anomalies } = (await it.admin.call('GET', '/overview')).body;
    expect(anomalies.items.at(-1)).toMatchObject({ detector: 'gpu', score: 5 });
    expect([anomalies.items.length, anomalies.omitted]).toEqual([41, 0]);
  });
});

describe('anomalies', () => {
  test('come rarest first, without a score last, each with its reasons', async () => {
    const entities = [
      {
        labels: { name: 'api' },
        series: [series('cpu', 12), series('memory', null, { mode: 'unknown' }), series('_all', 99.97)],
      },
    ];
    says.set('GET /container/health', health('container', entities));
    const { body } = await it.admin.call('GET', '/anomalies');
    expect(body.items.map(({ metric }: { metric: string }) => metric)).toEqual(['_all', 'cpu', 'memory']);
    expect(body.detectors).toContainEqual(
      expect.objectContaining({ detector: 'container', state: 'known', series: 3, unknown: 1 }),
    );
    expect(body.detectors).toContainEqual(expect.objectContaining({ detector: 'gpu', state: 'unknown' }));
    expect((await it.admin.call('GET', '/anomalies?limit=1')).body).toMatchObject({
      items: [{ metric: '_all' }],
      omitted: 2,
    });
    const things = (await it.admin.call('GET', '/anomalies?each=thing&detector=container')).body;
    expect(things.items.map(({ metric }: { metric: string }) => metric)).toEqual(['_all']);
    expect(things.omitted).toBe(0);
  });

  test('an answer that is old or of another shape is unknown, whatever it says', async () => {
    says.set('GET /gpu/health', () => ({ ...health('gpu', []), atSeconds: it.now() - 120 }));
    says.set('GET /disk/health', { detector: 'disk', entities: [] });
    const { detectors } = (await it.admin.call('GET', '/anomalies')).body;
    expect(detectors.find(({ detector }: { detector: string }) => detector === 'gpu').reason).toContain('120 s old');
    expect(detectors.find(({ detector }: { detector: string }) => detector === 'disk').reason).toContain(
      'another shape',
    );
  });

  test('history has gaps where there was nothing, and labels cannot leave their quotes', async () => {
    const asked: string[] = [];
    says.set('GET /api/v1/query_range', (query: URLSearchParams) => {
      asked.push(query.get('query')!);
      const values = [
        [0, '5'],
        [60, 'NaN'],
        [120, '7'],
      ];
      return { status: 'success', data: { resultType: 'matrix', result: [{ metric: { feature: 'rss' }, values }] } };
    });
    const labels = encodeURIComponent(JSON.stringify({ name: 'a"} or up{x="', metric: 'cpu' }));
    const { body } = await it.admin.call(
      'GET',
      `/anomalies/history?detector=container&labels=${labels}&start=0&end=600`,
    );
    expect(body.score).toEqual([
      [0, 5],
      [120, 7],
    ]);
    expect(body.value).toEqual(body.score);
    expect(body.contributions[0].feature).toBe('rss');
    expect(asked.map((query) => query.split('{')[0])).toContain('anomaly_observed');
    expect(asked[0]).toBe('anomaly_score{name="a\\"} or up{x=\\"",metric="cpu",detector="container"}');
  });

  test.each([
    { query: 'labels=nonsense&start=0&end=60', status: 422 },
    { query: `labels=${encodeURIComponent('{"a-b":"x"}')}&start=0&end=60`, status: 422 },
    { query: 'labels={}&start=60&end=0', status: 422 },
    { query: 'labels={}&start=0&end=9999999', status: 422 },
    { query: 'labels={}&start=0&end=60', status: 503 },
  ])('history with $query → $status', async ({ query, status }) => {
    says.set('GET /api/v1/query_range', 500);
    expect((await it.admin.call('GET', `/anomalies/history?detector=disk&${query}`)).status).toBe(status);
  });
});

describe('processes and threats', () => {
  const page = (pids: number[], nextCursor: string | null) => ({
    ...{ instance: 'a', takenAtSeconds: 1, scanGapSeconds: 5, omitted: 0, nextCursor },
    processes: pids.map((pid) => ({ pid, argv: ['worker', String(pid)], cpuCores: pid / 10 })),
  });

  test('processes come from all pages of the collector, with its token, busiest first and in pages of ours', async () => {
    says.set('GET /v1/processes', (query: URLSearchParams) =>
      query.get('cursor') === 'n' ? page([3], null) : page([1, 2], 'n'),
    );
    const first = (await it.admin.call('GET', '/processes?limit=2')).body;
    expect(first.items.map(({ pid }: { pid: number }) => pid)).toEqual([3, 2]);
    const second = (await it.admin.call('GET', `/processes?limit=2&cursor=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ pid: 1 }], next: null });
    expect(heard[0]!.authorization).toBe('Bearer a-token-of-the-collector');
    expect((await it.admin.call('GET', '/processes?search=3')).body.items).toHaveLength(1);
  });

  test.each([{ said: 500 }, { said: {} }, { said: page([1], 'again') }])(
    'a collector that says %j is not an empty machine',
    async ({ said }) => {
      says.set('GET /v1/processes', said);
      expect((await it.admin.call('GET', '/processes')).status).toBe(503);
    },
  );

  test('threats are listed by machine, and unknown when the detector is silent', async () => {
    const report = { instance: 'a', takenAtSeconds: 1, scanGapSeconds: 5, threats: [], omitted: 0 };
    says.set('GET /process/v1/threats', { reports: [report] });
    expect((await it.admin.call('GET', '/threats')).body).toEqual({ state: 'known', items: [report] });
    says.delete('GET /process/v1/threats');
    expect((await it.admin.call('GET', '/threats')).body).toMatchObject({ state: 'unknown' });
  });
});

// How values came: bands of the detector beside them, gaps where nothing was measured, and nothing that leaves its quotes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMetricHistory } from '../../../../web/server/watch/metric-history.ts';
import { engines } from '../../../engines.ts';
import { fakePrometheus } from '../../../fakes/prometheus.ts';
import { type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

const span = { start: 0, end: 600, step: 60 };
const task = 'shop-r1.2.wkgrlta0jcnd2btftxh0gj5nm';

let around: Neighbourhood;
beforeAll(async () => {
  around = await openNeighbourhood();
});
afterAll(() => around.close());
beforeEach(() => around.says.clear());

const matrix = (...series: { metric?: object; values: [number, string][] }[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result: series.map(({ metric = {}, values }) => ({ metric, values })) },
});

describe('the route', () => {
  test('gives values, bands and starts; what is not a number is a gap', async () => {
    const asked: string[] = [];
    around.says.set('GET /api/v1/query_range', (query: URLSearchParams) => {
      const text = query.get('query')!;
      asked.push(text);
      if (text.includes('anomaly_expected')) return matrix({ metric: { metric: 'cpu' }, values: [[60, '0.5']] });
      if (text.includes('start_time'))
        return matrix({
          values: [
            [0, '0'],
            [60, '90'],
            [120, '90'],
            [180, '9999'],
          ],
        });
      if (text.includes('cpu_usage'))
        return matrix({
          values: [
            [0, '0.4'],
            [60, 'NaN'],
            [120, '0.6'],
          ],
        });
      if (text.includes('working_set')) return matrix({ values: [[0, '1']] }, { values: [[0, '2']] });
      return matrix();
    });
    const path = `/metrics/history?of=container&id=${task}&instance=h1&start=30&end=600`;
    const { status, body } = await around.plane.admin.call('GET', path);
    expect(status).toBe(200);
    expect(body.metrics).toMatchObject([
      {
        metric: 'cpu',
        unit: 'cores',
        value: [
          [0, 0.4],
          [120, 0.6],
        ],
        expectedLow: [[60, 0.5]],
        expectedHigh: [[60, 0.5]],
      },
      { metric: 'memory', value: [], expectedLow: [] }, // two machines have one: nobody could say which is meant
      { metric: 'network_receive', value: [] },
      { metric: 'network_transmit', value: [] },
    ]);
    expect(body.starts).toEqual([90]);
    expect(asked).toContain(
      'max by (metric) (anomaly_expected_low{name="shop-r1.2",instance="h1",detector="container"})',
    );
    expect(asked.some((text) => text.includes(`cpu_usage_seconds_total{name="${task}",instance="h1"}[60s]`))).toBe(
      true,
    );
  });

  test.each([
    { given: 'an end before the start', query: 'of=gpu&id=GPU-1&start=60&end=0', said: 422 },
    { given: 'more steps than a chart has', query: 'of=gpu&id=GPU-1&start=0&end=600000&step=15', said: 422 },
    { given: 'a name that leaves its quotes', query: 'of=container&id=a%22%7D%20or%20up%7B&start=0&end=60', said: 422 },
    { given: 'something that is not kept', query: 'of=disk&id=sda&start=0&end=60', said: 422 },
    { given: 'Prometheus down', query: 'of=gpu&id=GPU-1&start=0&end=60', said: 503 },
  ])('with $given answers $said', async ({ query, said }) => {
    expect((await around.plane.admin.call('GET', `/metrics/history?${query}`)).status).toBe(said);
  });
});

test.each([
  { of: 'container', id: 'api', metrics: ['cpu', 'memory', 'network_receive', 'network_transmit'], asks: 7 },
  { of: 'gpu', id: 'GPU-1', metrics: ['utilization', 'temperature', 'power'], asks: 5 },
  { of: 'node', id: 'h1', metrics: ['cpu', 'memory', 'fullest_disk'], asks: 3 },
] as const)('of a $of it asks $asks times', async ({ of, id, metrics, asks }) => {
  const prometheus = fakePrometheus();
  const found = await readMetricHistory(prometheus, { of, id, ...span });
  expect(found.metrics.map(({ metric }) => metric)).toEqual(metrics);
  expect(prometheus.asked).toHaveLength(asks);
});

test.runIf(engines[0])('every expression means in Prometheus what it says', async () => {
  const prometheus = fakePrometheus();
  for (const [of, id] of [
    ['container', 'api'],
    ['gpu', 'GPU-1'],
    ['node', 'h1'],
  ] as const)
    await readMetricHistory(prometheus, { of, id, ...span });
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-history-'));
  const series = (name: string, labels: string, values: string) => ({
    series: `${name}{instance="h1",${labels}}`,
    values,
  });
  const wanted: [part: string, value: number][] = [
    ['container_cpu_usage', 0.5],
    ['container_memory_working_set', 7],
    ['utilization_gpu', 0.9],
    ['node_cpu', 0.75],
    ['MemAvailable', 0.25],
    ['filesystem', 0.6],
  ];
  const tests = {
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: [
          series('container_cpu_usage_seconds_total', 'name="api"', '0+7.5x60'),
          series('container_memory_working_set_bytes', 'name="api"', '7x60'),
          series('nvidia_smi_utilization_gpu_ratio', 'uuid="GPU-1"', '0.9x60'),
          series('node_cpu_seconds_total', 'mode="idle",cpu="0"', '0+3.75x60'),
          series('node_memory_MemAvailable_bytes', 'job="node"', '75x60'),
          series('node_memory_MemTotal_bytes', 'job="node"', '100x60'),
          series('node_filesystem_avail_bytes', 'mountpoint="/",fstype="ext4"', '40x60'),
          series('node_filesystem_size_bytes', 'mountpoint="/",fstype="ext4"', '100x60'),
          series('node_filesystem_avail_bytes', 'mountpoint="/run",fstype="tmpfs"', '0x60'),
          series('node_filesystem_size_bytes', 'mountpoint="/run",fstype="tmpfs"', '100x60'),
        ],
        promql_expr_test: wanted.map(([part, value]) => ({
          ...{ expr: prometheus.asked.find((text) => text.includes(part))!, eval_time: '10m' },
          exp_samples: [{ labels: '{instance="h1"}', value }],
        })),
      },
    ],
  };
  try {
    writeFileSync(join(folder, 'history.yml'), JSON.stringify(tests));
    const said = execFileSync(engines[0]!.promtool, ['test', 'rules', join(folder, 'history.yml')], {
      encoding: 'utf8',
    });
    expect(said).toContain('SUCCESS');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

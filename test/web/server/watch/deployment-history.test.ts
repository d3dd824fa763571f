// How a deployment did: every revision apart, what nobody asked for is a gap, and each expression means in Prometheus what it says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDeploymentHistory } from '../../../../web/server/watch/deployment-history.ts';
import { engines } from '../../../engines.ts';
import { fakePrometheus } from '../../../fakes/prometheus.ts';
import { type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

const environment = '0123456789abcdef';
const shop = { environment, deployment: 'shop' };
const span = { start: 0, end: 600, step: 60 };

let around: Neighbourhood;
beforeAll(async () => {
  around = await openNeighbourhood();
});
afterAll(() => around.close());
beforeEach(() => around.says.clear());

const matrix = (...series: { metric: object; values: [number, string][] }[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result: series },
});
const path = (query: string) => `/environments/${around.plane.defaultEnvironment}/deployments/shop/history?${query}`;

describe('the route', () => {
  test('gives each revision apart, the newest first, by whichever label names it; no number is a gap', async () => {
    const asked: string[] = [];
    around.says.set('GET /api/v1/query_range', (query: URLSearchParams) => {
      const text = query.get('query')!;
      asked.push(text);
      if (text.includes('ingress_errors'))
        return matrix({
          metric: { revision: 'r9' },
          values: [
            [0, 'NaN'],
            [60, '0.5'],
          ],
        });
      if (text.includes('working_set'))
        return matrix(
          { metric: { container_label_odyssey_revision: 'r10' }, values: [[60, '7']] },
          { metric: { container_label_odyssey_revision: '' }, values: [[60, '8']] },
        );
      return matrix();
    });
    const { status, body } = await around.plane.admin.call('GET', path('start=0&end=600&step=60'));
    expect(status).toBe(200);
    const of = (metric: string) => body.metrics.find((one: { metric: string }) => one.metric === metric).series;
    expect(of('errors')).toEqual([
      { revision: 'r10', value: [] },
      { revision: 'r9', value: [[60, 0.5]] },
    ]);
    expect(of('memory')).toEqual([
      { revision: 'r10', value: [[60, 7]] },
      { revision: 'r9', value: [] },
    ]);
    expect(body.omitted).toBe(0);
    expect(asked).toHaveLength(6);
    for (const text of asked) expect(text).toContain(`environment="${around.plane.defaultEnvironment}"`);
  });

  test.each([
    { given: 'an end before the start', query: 'start=60&end=0', said: 422 },
    { given: 'more steps than a chart has', query: 'start=0&end=600000&step=15', said: 422 },
    { given: 'Prometheus down', query: 'start=0&end=60', said: 503 },
  ])('with $given answers $said', async ({ query, said }) => {
    expect((await around.plane.admin.call('GET', path(query))).status).toBe(said);
  });
});

test('of many revisions the eight newest are given, and how many are left out', async () => {
  const revisions = Array.from({ length: 11 }, (_, index) => `r${index + 1}`);
  const series = revisions.map((revision) => ({
    ...{ labels: { revision }, times: Float64Array.of(60), values: Float64Array.of(1) },
  }));
  const prometheus = { ...fakePrometheus(), queryRange: async () => series };
  const { metrics, omitted } = await readDeploymentHistory(prometheus, shop, span);
  expect(metrics[0]!.series.map(({ revision }) => revision)).toEqual([
    'r11',
    'r10',
    'r9',
    'r8',
    'r7',
    'r6',
    'r5',
    'r4',
  ]);
  expect(omitted).toBe(3);
});

test.runIf(engines[0])('every expression means in Prometheus what it says', async () => {
  const prometheus = fakePrometheus();
  await readDeploymentHistory(prometheus, shop, span);
  const ingress = (name: string, more: string, values: string) => ({
    ...{ series: `${name}{environment="${environment}",deployment="shop",${more}}`, values },
  });
  const container = (name: string, labels: string, values: string) => ({
    series: `${name}{container_label_odyssey_environment="${environment}",container_label_odyssey_deployment="shop",${labels}}`,
    values,
  });
  const [r1, r2] = ['revision="r1"', 'revision="r2"'];
  const [one, two] = ['1', '2'].map((name) => `name="shop-r2.${name}",container_label_odyssey_revision="r2"`);
  const byIngress = '{revision="r2"}';
  const byContainer = '{container_label_odyssey_revision="r2"}';
  const wanted: [part: RegExp, labels: string, value: number][] = [
    [/^sum by \(revision\) \(rate\(ingress_requests/, byIngress, 4],
    [/ingress_errors/, byIngress, 0.25],
    [/duration_seconds/, byIngress, 0.09],
    [/start_time/, byContainer, 2],
    [/cpu_usage/, byContainer, 1.5],
    [/working_set/, byContainer, 9],
  ];
  const input_series = [
    ingress('ingress_requests_total', `${r2},code_class="2xx"`, '0+45x60'),
    ingress('ingress_requests_total', `${r2},code_class="5xx"`, '0+15x60'),
    ingress('ingress_errors_total', r2!, '0+15x60'),
    ingress('ingress_requests_total', `${r1},code_class="2xx"`, '5x60'),
    ingress('ingress_errors_total', r1!, '0x60'),
    ingress('ingress_request_duration_seconds_bucket', `${r2},le="0.05"`, '0+45x60'),
    ingress('ingress_request_duration_seconds_bucket', `${r2},le="0.1"`, '0+60x60'),
    ingress('ingress_request_duration_seconds_bucket', `${r2},le="+Inf"`, '0+60x60'),
    ...[one, two].map((labels) => container('container_start_time_seconds', labels!, '90x60')),
    // Its replica was replaced half a minute ago: it is one no more.
    container('container_start_time_seconds', `${one},id="before"`, '90x37 stale'),
    container('container_cpu_usage_seconds_total', one!, '0+15x60'),
    container('container_cpu_usage_seconds_total', two!, '0+7.5x60'),
    container('container_memory_working_set_bytes', one!, '5x60'),
    container('container_memory_working_set_bytes', two!, '4x60'),
    container('container_memory_working_set_bytes', `${one},id="before"`, '5x37 stale'),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-deployment-history-'));
  const promql_expr_test = wanted.map(([part, labels, value]) => ({
    // Of a revision that nobody asked there is a rate of 0, and no share of it: only the other one is looked at.
    expr: `(${prometheus.asked.find((text) => part.test(text))!}) and on (${labels.slice(1).split('=')[0]}) label_replace(vector(0), "${labels.slice(1).split('=')[0]}", "r2", "", "")`,
    ...{ eval_time: '10m', exp_samples: [{ labels, value }] },
  }));
  try {
    const tests = { evaluation_interval: '15s', tests: [{ interval: '15s', input_series, promql_expr_test }] };
    writeFileSync(join(folder, 'history.yml'), JSON.stringify(tests));
    const said = execFileSync(engines[0]!.promtool, ['test', 'rules', join(folder, 'history.yml')], {
      encoding: 'utf8',
    });
    expect(said).toContain('SUCCESS');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

// The overview asks each expression once, and a part that fails leaves the others whole.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Labels } from '../../../../core/contracts/sample.ts';
import { expressions, readOverview } from '../../../../web/server/watch/overview.ts';
import { engines } from '../../../engines.ts';
import { fakePrometheus } from '../../../fakes/prometheus.ts';

const at = (labels: Labels, value: number) => ({ labels, valueAt: () => value });
const http = { fetch: (() => Promise.reject(new Error('gone'))) as typeof fetch, timeoutSeconds: 1, answerBytesMax: 1 };
const detectors = { gpu: 'http://g', container: 'http://c', process: 'http://p', disk: 'http://d' };

test('what Prometheus has is laid out by machine, container, GPU and job', async () => {
  const prometheus = fakePrometheus({
    [expressions.up]: [at({ job: 'node', instance: 'a' }, 1), at({ job: 'detectors', instance: 'a' }, 0)],
    [expressions.cpu]: [at({ instance: 'a' }, 0.5)],
    [expressions.containerMemory]: [at({ instance: 'a', name: 'api' }, 0)],
    [expressions.gpuUse]: [at({ instance: 'a', uuid: 'u' }, 0.9), at({ instance: 'a' }, 1)],
    [expressions.billMemory]: [at({ job: 'node' }, 5), at({ job: 'ingress' }, 6)],
  });
  const found = await readOverview({ prometheus, http, detectors, unixSeconds: () => 7 });
  const unknown = { state: 'unknown', reason: 'no data' };
  expect(found.nodes).toMatchObject({ items: [{ instance: 'a', cpuRatio: { value: 0.5 }, load1: unknown }] });
  expect(found.containers).toMatchObject({
    items: [{ name: 'api', memoryBytes: { state: 'known', value: 0 }, cpuCores: unknown }],
  });
  expect(found.gpus).toMatchObject({ items: [{ uuid: 'u', utilizationRatio: { value: 0.9 } }] });
  expect(found.targets).toMatchObject({ items: [{ up: true }, { job: 'detectors', up: false }] });
  expect(found.bill).toMatchObject({
    items: [
      { job: 'detectors', memoryBytes: unknown, cpuCores: unknown },
      { job: 'ingress', memoryBytes: { value: 6 } },
      { job: 'node', memoryBytes: { value: 5 }, cpuCores: unknown },
    ],
  });
  expect(found.anomalies.detectors.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  expect(new Set(prometheus.asked)).toEqual(new Set([...Object.values(expressions), '/api/v1/alerts']));
});

test('while Prometheus fails everything of it is unknown', async () => {
  const prometheus = fakePrometheus();
  prometheus.failure = new Error('connection refused');
  const found = await readOverview({ prometheus, http, detectors, unixSeconds: () => 7 });
  for (const part of [found.nodes, found.containers, found.gpus, found.targets, found.alerts, found.bill])
    expect(part).toEqual({ state: 'unknown', reason: 'connection refused' });
});

test.runIf(engines[0])('the bill counts a process once, the ingress by its container, and nothing of others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-bill-'));
  const series = (name: string, labels: string, values: string, instance = 'a') => ({
    series: `${name}{instance="${instance}",${labels}}`,
    values,
  });
  const expecting = (expr: string, values: Record<string, number>) => ({
    ...{ expr, eval_time: '10m' },
    exp_samples: Object.entries(values).map(([job, value]) => ({ labels: `{job="${job}"}`, value })),
  });
  const tests = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          series('process_resident_memory_bytes', 'job="node"', '10x20'),
          series('process_resident_memory_bytes', 'job="node"', '20x20', 'b'),
          series('process_resident_memory_bytes', 'job="detectors",detector="gpu"', '40x20'),
          series('process_resident_memory_bytes', 'job="shop"', '900x20'),
          series('process_cpu_seconds_total', 'job="detectors",detector="gpu"', '0+6x20'),
          series('container_memory_working_set_bytes', 'job="node",name="odyssey-haproxy"', '7x20'),
          series('container_memory_working_set_bytes', 'job="node",name="shop-api"', '800x20'),
          series('container_cpu_usage_seconds_total', 'job="node",name="odyssey-haproxy"', '0+3x20'),
        ],
        promql_expr_test: [
          expecting(expressions.billMemory, { node: 30, detectors: 40, ingress: 7 }),
          expecting(expressions.billCpu, { detectors: 0.1, ingress: 0.05 }),
        ],
      },
    ],
  };
  try {
    writeFileSync(join(folder, 'bill.yml'), JSON.stringify(tests));
    const said = execFileSync(engines[0]!.promtool, ['test', 'rules', join(folder, 'bill.yml')], { encoding: 'utf8' });
    expect(said).toContain('SUCCESS');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

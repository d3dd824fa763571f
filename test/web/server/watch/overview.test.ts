// The overview asks each expression once, and a part that fails leaves the others whole.
import { expect, test } from 'vitest';
import type { Labels } from '../../../../core/contracts/sample.ts';
import { expressions, readOverview } from '../../../../web/server/watch/overview.ts';
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
    [expressions.billMemory]: [at({ job: 'node' }, 5)],
  });
  const found = await readOverview({ prometheus, http, detectors, unixSeconds: () => 7 });
  const unknown = { state: 'unknown', reason: 'no data' };
  expect(found.nodes).toMatchObject({ items: [{ instance: 'a', cpuRatio: { value: 0.5 }, load1: unknown }] });
  expect(found.containers).toMatchObject({
    items: [{ name: 'api', memoryBytes: { state: 'known', value: 0 }, cpuCores: unknown }],
  });
  expect(found.gpus).toMatchObject({ items: [{ uuid: 'u', utilizationRatio: { value: 0.9 } }] });
  expect(found.targets).toMatchObject({ items: [{ up: true }, { job: 'detectors', up: false }] });
  expect(found.bill).toMatchObject({ items: [{ job: 'node', memoryBytes: { value: 5 } }] });
  expect(found.anomalies.detectors.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  expect(new Set(prometheus.asked)).toEqual(new Set(Object.values(expressions)));
});

test('while Prometheus fails everything of it is unknown', async () => {
  const prometheus = fakePrometheus();
  prometheus.failure = new Error('connection refused');
  const found = await readOverview({ prometheus, http, detectors, unixSeconds: () => 7 });
  for (const part of [found.nodes, found.containers, found.gpus, found.targets, found.alerts, found.bill])
    expect(part).toEqual({ state: 'unknown', reason: 'connection refused' });
});

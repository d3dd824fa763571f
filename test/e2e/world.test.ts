// The made-up machine answers what the server asks of a Prometheus: values for everything, a gap where it tells of one, growth where the incident is.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPrometheus } from '../../core/runtime/prometheus.ts';
import { readMetricHistory } from '../../web/server/watch/metric-history.ts';
import { expressions } from '../../web/server/watch/overview.ts';
import { openWorld, type World } from './world.ts';
import { gibibyte, gpu } from './world-scene.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const prometheus = () => createPrometheus({ fetch, timeoutSeconds: 10, answerBytesMax: 8_000_000, baseUrl: world.url });

async function historyOf(of: 'container' | 'gpu' | 'node', id: string) {
  const end = Math.floor(Date.now() / 1000);
  const { metrics } = await readMetricHistory(prometheus(), { of, id, start: end - 3_600, end, step: 15 });
  return { metrics, end };
}

test.each(Object.entries(expressions))('the overview is told %s', async (_, expression) => {
  const found = await prometheus().query(expression, Date.now() / 1000);
  expect(found.length).toBeGreaterThan(0);
  for (const { value } of found) expect(value).toBeGreaterThanOrEqual(0);
});

test.each([
  { of: 'container', id: 'redis' },
  { of: 'node', id: 'orion' },
  { of: 'gpu', id: gpu.uuid },
] as const)('an hour of $of $id has a chart for everything', async ({ of, id }) => {
  const { metrics } = await historyOf(of, id);
  expect(metrics.map(({ value }) => value.length > 200)).toEqual(metrics.map(() => true));
});

test('the shop grows by more than half from 25 minutes ago, beyond what is expected of it', async () => {
  const { metrics, end } = await historyOf('container', 'shop-api');
  const { value, expectedHigh } = metrics.find(({ metric }) => metric === 'memory')!;
  const before = value.filter(([at]) => at < end - 1_600).map(([, bytes]) => bytes);
  expect(Math.max(...before)).toBeLessThan(1.3 * gibibyte);
  expect(value.at(-1)![1]).toBeGreaterThan(1.4 * expectedHigh.at(-1)![1]);
});

test('what was not measured is a gap', async () => {
  const { metrics } = await historyOf('container', 'worker-1');
  const times = metrics[0]!.value.map(([at]) => at);
  const widest = Math.max(...times.slice(1).map((at, place) => at - times[place]!));
  expect(widest).toBeGreaterThan(360);
  expect(widest).toBeLessThan(450);
});

// Charts of one thing: gaps stay gaps, a band only where it was judged, ticks for starts and deploys; the time looked at is asked for.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { ContainerPage } from '../../../../web/console/state/container.svelte.ts';
import { MetricCharts } from '../../../../web/console/state/metric-charts.svelte.ts';
import { fakePorts, fakeServer, settle } from '../ports.ts';

const at = 1_799_999_940;
const cpu = {
  ...{ metric: 'cpu', unit: 'cores' },
  value: [
    [at - 60, 0.4],
    [at, 0.6],
  ],
  expectedLow: [[at - 60, 0.1]],
  expectedHigh: [[at - 60, 0.5]],
};
const unjudged = { metric: 'network_receive', unit: 'bytes/s', value: [], expectedLow: [], expectedHigh: [] };
const body = { metrics: [cpu, unjudged], starts: [at - 30] };
const operation = { id: 'o1', kind: 'deploy', started: at - 45, person: 'ada', state: 'succeeded' };

test('values, bands and what happened come together', async () => {
  const ports = fakePorts(
    fakeServer({
      'GET /metrics/history': { body },
      'GET /environments': { body: { items: [{ id: 'prod' }] } },
      'GET /environments/prod/deployments': { body: { items: [{ name: 'shop' }] } },
      'GET /environments/prod/deployments/shop/operations': { body: { items: [operation] } },
    }),
  );
  const charts = new MetricCharts(new App(ports), {
    of: 'container',
    id: 'shop.1',
    instance: 'h1',
    deployment: 'shop',
  });
  const stop = charts.follow(() => true);
  await settle();
  await settle();
  stop();
  const [first, second] = charts.charts;
  expect(first).toMatchObject({ title: 'CPU', unit: 'cores', band: { low: expect.any(Array) } });
  expect(first!.series[0]!.values.filter((value) => value === null).length).toBe(first!.times.length - 2);
  expect(first!.band!.high.filter((value) => value !== null)).toEqual([0.5]);
  expect([second!.title, second!.times, second!.band]).toEqual(['Network receive', [], undefined]);
  expect(charts.empty).toBe(false);
  expect(charts.marks).toEqual([
    { atSeconds: at - 30, kind: 'restart' },
    { atSeconds: at - 45, kind: 'deploy' },
  ]);
  const asked = ports.asked.find(({ path }) => path.startsWith('/metrics/history'))!.path;
  expect(asked).toContain('of=container&id=shop.1&instance=h1&start=1799996400&end=1800000000&step=15');
});

test('a container has charts once its name is known, and keeps them while its values move', async () => {
  const id = 'a'.repeat(64);
  const facts = { id, name: 'web', deployment: null, healthLog: [] };
  const ports = fakePorts(fakeServer({ [`GET /containers/${id}`]: { body: facts }, 'GET /metrics/history': { body } }));
  const page = new ContainerPage(new App(ports), id);
  expect(page.charts).toBeUndefined();
  await page.query.refresh();
  const { charts } = page;
  expect(charts?.thing).toMatchObject({ of: 'container', id: 'web' });
  page.query.put({ ...page.query.data!, status: 'Up 4 hours' });
  expect(page.charts === charts).toBe(true);
});

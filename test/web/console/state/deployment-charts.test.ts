// Charts of a deployment: each revision one line and one colour throughout, gaps stay gaps, ticks only of the time looked at.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { DeploymentPage } from '../../../../web/console/state/deployment.svelte.ts';
import { DeploymentCharts } from '../../../../web/console/state/deployment-charts.svelte.ts';
import { fakePorts, fakeServer, settle } from '../ports.ts';

const at = 1_799_999_940;
const operation = (id: string, kind: string, started: number) => ({ id, kind, started, person: 'ada', state: 'done' });
const body = {
  metrics: [
    {
      ...{ metric: 'requests', unit: 'per second' },
      series: [
        { revision: 'r3', value: [] },
        {
          revision: 'r2',
          value: [
            [at - 60, 4],
            [at, 6],
          ],
        },
        { revision: 'r1', value: [] },
      ],
    },
    {
      ...{ metric: 'memory', unit: 'bytes' },
      series: [
        { revision: 'r3', value: [] },
        { revision: 'r2', value: [] },
        { revision: 'r1', value: [[at, 7]] },
      ],
    },
  ],
  omitted: 3,
};

async function chartsOf(history: object) {
  const path = '/environments/prod/deployments/shop';
  const items = [operation('o2', 'scale', at - 45), operation('o1', 'deploy', at - 7_200)];
  const ports = fakePorts(
    fakeServer({ [`GET ${path}/history`]: { body: history }, [`GET ${path}/operations`]: { body: { items } } }),
  );
  const app = new App(ports);
  const page = new DeploymentPage(app, 'prod', 'shop');
  await page.operations.refresh();
  const charts = new DeploymentCharts(app, page);
  const stop = charts.follow(() => true);
  await settle();
  stop();
  return { charts, ports };
}

test('a revision with a point in one chart is a line of all, in the same place', async () => {
  const { charts, ports } = await chartsOf(body);
  expect(charts.charts.map(({ title, unit, series }) => [title, unit, series.map(({ name }) => name)])).toEqual([
    ['Requests', 'per second', ['r2', 'r1']],
    ['Memory', 'bytes', ['r2', 'r1']],
  ]);
  const [requests, memory] = charts.charts;
  expect(requests!.series[0]!.values.filter((value) => value !== null)).toEqual([4, 6]);
  expect(requests!.series[0]!.values.length).toBe(5);
  expect(memory!.series[0]!.values).toEqual([null]);
  expect([charts.empty, charts.omitted]).toEqual([false, 3]);
  expect(ports.asked.at(-1)!.path).toContain('/history?start=1799996400&end=1800000000&step=15');
});

test('what was done in this time is told, and nothing before it', async () => {
  const { charts } = await chartsOf(body);
  expect(charts.deeds.map(({ id }) => id)).toEqual(['o2']);
  expect(charts.marks).toEqual([{ atSeconds: at - 45, kind: 'scale' }]);
});

test('without a point nothing is drawn', async () => {
  const { charts } = await chartsOf({ metrics: body.metrics.map((one) => ({ ...one, series: [] })), omitted: 0 });
  expect(charts.empty).toBe(true);
});

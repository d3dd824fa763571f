// The log of a deployment: what the address says of its replicas and of the moment is what is read.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { DeploymentPage } from '../../../../web/console/state/deployment.svelte.ts';
import { DeploymentLog } from '../../../../web/console/state/deployment-log.svelte.ts';
import { fakePorts, fakeServer, settle } from '../ports.ts';

const root = '/environments/e1/deployments/shop';
const tasks = [{ name: 'shop-r3.1', state: 'running', desired: 'running', place: 'stable', since: 1 }];

async function logAt(address: string) {
  const ports = fakePorts(fakeServer({ [`GET ${root}`]: { body: { name: 'shop', tasks } } }), address);
  const app = new App(ports);
  const page = new DeploymentPage(app, 'e1', 'shop');
  void page.query.refresh();
  await settle();
  return { log: new DeploymentLog(app, page), ports, app };
}

test('is open as long as it is looked at', async () => {
  const { log, ports } = await logAt('/deployments/shop?tab=log');
  const stop = log.open(log.path);
  expect([...ports.streams.keys()]).toEqual([`${root}/logs?tail=500`]);
  stop();
  expect(ports.streams.size).toBe(0);
});

test('is that of chosen replicas, as the address names them', async () => {
  const { log, app } = await logAt('/deployments/shop?tab=log&replicas=shop-r3.1,mail-r1.1');
  expect(log.path).toBe(`${root}/logs?tail=500&replicas=shop-r3.1`);
  expect(log.options.map(({ short, state, chosen }) => [short, state, chosen])).toEqual([['r3.1', 'running', true]]);
  log.toggle('shop-r3.1');
  expect([log.path, app.router.query['replicas']]).toEqual([`${root}/logs?tail=500`, undefined]);
});

test('opens at the moment that the address names, without a stream', async () => {
  const { log, ports } = await logAt('/deployments/shop?tab=log&line=2027-01-15T08:00:00.000000001Z');
  log.open(log.path);
  await settle();
  expect([ports.streams.size, log.feed.past]).toEqual([0, true]);
  expect(ports.asked.at(-1)?.path).toBe(`${root}/logs/past?tail=500&at=2027-01-15T08%3A00%3A00.000000001Z`);
});

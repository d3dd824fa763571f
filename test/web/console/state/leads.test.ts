// From labels to the thing: only to what is there and what the person may open.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { deploymentHref, Leads } from '../../../../web/console/state/leads.svelte.ts';
import { fakePorts, fakeServer } from '../ports.ts';

const task = (slot: string, end: string, more = {}) => ({
  ...{ id: end.repeat(64), name: `shop-r2.${slot}.${end.repeat(25)}`, state: 'running', created: 1 },
  ...{ environment: 'prod', deployment: 'shop', ...more },
});
const plain = { id: 'f'.repeat(64), name: 'db', state: 'running', created: 1, environment: null, deployment: null };
const old = task('1', 'a', { state: 'exited', created: 5 });
const items = [old, task('1', 'b'), task('2', 'c'), plain];

async function leadsOf(labels: Record<string, string>, refused: readonly string[] = []) {
  const ports = fakePorts(fakeServer({ 'GET /containers': { body: { items } } }));
  const app = new App(ports);
  const session = { can: (permission: string) => !refused.includes(permission) } as App['session'];
  const found = new Leads({ api: app.api, queries: app.queries, session }, () => labels);
  const stop = found.follow(() => true);
  await ports.pass(1);
  stop();
  return found.all.map(({ title, href }) => `${title} ${href.replaceAll(/(\w)\1{63}/g, '$1…')}`);
}
const container = 'Container /containers/b…';
const log = 'Log /containers/b…?tab=log';
const shop = 'Deployment shop /deployments/shop?env=prod';

test.each([
  { given: 'a slot', labels: { name: 'shop-r2.1' }, leads: [container, log, shop] },
  { given: 'the whole name of a task', labels: { name: `shop-r2.1.${'b'.repeat(25)}` }, leads: [container, log, shop] },
  { given: 'a replica that is gone', labels: { name: 'shop-r1.9', deployment: 'shop' }, leads: [shop] },
  {
    given: 'a container of nobody',
    labels: { name: 'db' },
    leads: ['Container /containers/f…', 'Log /containers/f…?tab=log'],
  },
  { given: 'something unknown', labels: { name: 'nothing', deployment: 'none' }, leads: [] },
  { given: 'a disk', labels: { device: 'sda' }, leads: [] },
  { given: 'no right to logs', labels: { name: 'shop-r2.1' }, refused: ['container:log'], leads: [container, shop] },
  {
    given: 'no right to deployments',
    labels: { name: 'shop-r2.1' },
    refused: ['deployment:read'],
    leads: [container, log],
  },
  { given: 'no right to containers', labels: { name: 'shop-r2.1' }, refused: ['container:read'], leads: [] },
])('$given leads to $leads', async ({ labels, refused = [], leads }) => {
  expect(await leadsOf(labels as Record<string, string>, refused)).toEqual(leads);
});

test('a container of no deployment has no link to one', () => {
  expect(deploymentHref(plain, { can: () => true })).toBeUndefined();
});

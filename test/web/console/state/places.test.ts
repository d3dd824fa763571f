// What the palette can go to: read when it is opened, by whoever may see it; a part that does not come leaves the others.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { learnPlaces } from '../../../../web/console/state/places.svelte.ts';
import { TimeRange } from '../../../../web/console/state/time-range.svelte.ts';
import { adminSession, fakePorts, fakeServer } from '../ports.ts';

const unknown = { state: 'unknown', reason: 'away' };
const unusual = { detector: 'container', labels: { name: 'shop-api' }, metric: 'memory' };
const overview = {
  ...{ atSeconds: 1, nodes: { state: 'known', items: [{ instance: 'orion' }] }, gpus: unknown },
  anomalies: { items: [unusual] },
};
const everything = {
  'GET /session': { body: { ...adminSession, permissions: ['watch:read', 'container:read', 'deployment:read'] } },
  'GET /environments': { body: { items: [{ id: 'e1', name: 'default', colour: 'grey', archived: false }] } },
  'GET /containers': { body: { items: [{ id: 'c1', name: 'redis' }] } },
  'GET /environments/e1/deployments': { body: { items: [{ name: 'shop' }] } },
  'GET /overview': { body: overview },
};

async function appWith(routes: Parameters<typeof fakeServer>[0]) {
  const ports = fakePorts(fakeServer(routes));
  const app = new App(ports);
  await app.session.begin();
  await app.environments.query.refresh();
  await learnPlaces(app);
  return { app, ports };
}

test('containers, deployments, machines and what is unusual are found by name', async () => {
  const { app } = await appWith(everything);
  expect(app.entities.map(({ title, hint, href }) => [title, hint, href.split('?')[0]])).toEqual(
    expect.arrayContaining([
      ['redis', 'container', '/containers/c1'],
      ['shop', 'deployment', '/deployments/shop'],
      ['orion', 'machine', '/nodes'],
      ['shop-api', 'memory, how unusual', '/anomalies/series'],
    ]),
  );
});

test('a part that does not come leaves the others', async () => {
  const { app } = await appWith({ ...everything, 'GET /containers': 'down' });
  expect(app.entities.map(({ title }) => title).sort()).toEqual(['orion', 'shop', 'shop-api']);
});

test('nobody is asked for what they may not see', async () => {
  const { ports } = await appWith({ ...everything, 'GET /session': { body: adminSession } });
  expect(ports.asked.map(({ path }) => path)).not.toContain('/containers');
});

test('opened again soon, nothing is read anew', async () => {
  const { app, ports } = await appWith(everything);
  const before = ports.asked.length;
  await learnPlaces(app);
  expect(ports.asked.length).toBe(before);
});

test.each([
  { from: '2027-01-15T08:00', to: '2027-01-15T09:30', shown: 5_400 },
  { from: '2027-01-15T09:00', to: '2027-01-15T08:00', shown: undefined },
  { from: '2027-01-15T09:00', to: '2027-01-15T09:00', shown: undefined },
  { from: '', to: '2027-01-15T09:00', shown: undefined },
])('the time from $from to $to', ({ from, to, shown }) => {
  const time = new TimeRange(new App(fakePorts()).router, { unixSeconds: () => 1_800_000_000 });
  expect(time.between(from, to)).toBe(shown !== undefined);
  expect(time.fixed && time.fixed.end - time.fixed.start).toBe(shown);
});

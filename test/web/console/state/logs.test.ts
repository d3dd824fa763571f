// Several logs as one: the address holds what is read, what may not be read is not asked for, and typing does not reopen with each letter.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { LogsPage, togetherMax } from '../../../../web/console/state/logs.svelte.ts';
import { adminSession, fakePorts, fakeServer, settle } from '../ports.ts';

const web = 'a'.repeat(64);
const db = 'b'.repeat(64);
const environment = { id: 'e1', name: 'prod', colour: 'red', archived: false, created: 1 };

async function pageAt(
  address: string,
  permissions = ['log:read', 'container:log'],
  environments = [environment],
  tasks: object[] = [],
) {
  const ports = fakePorts(
    fakeServer({
      'GET /session': { body: { ...adminSession, permissions } },
      'GET /environments': { body: { items: environments } },
      'GET /environments/e1/deployments': { body: { items: [{ name: 'shop', state: 'running' }] } },
      'GET /environments/e1/deployments/shop': { body: { name: 'shop', tasks } },
      'GET /containers': {
        body: {
          items: [
            { id: web, name: 'web', state: 'running', deployment: null },
            { id: db, name: 'db', state: 'exited', deployment: null },
          ],
        },
      },
    }),
    address,
  );
  const app = new App(ports);
  app.begin();
  await settle();
  app.enter();
  await settle();
  const page = new LogsPage(app);
  page.follow();
  await settle();
  return { page, ports, app };
}

describe('what is read', () => {
  test('nothing before something is chosen', async () => {
    const { page } = await pageAt('/logs');
    expect([page.paths, page.sentence]).toEqual([[], 'Choose whose lines to read.']);
  });

  test('is one stream for the deployments and one for the containers', async () => {
    const { page } = await pageAt(`/logs?deployments=shop,mail&containers=${web}&levels=warn,error&q=timeout`);
    const rest = 'tail=500&search=timeout&levels=error%2Cwarn';
    expect(page.paths).toEqual([
      `/environments/e1/logs?deployments=shop,mail&${rest}`,
      `/logs?containers=${web}&${rest}`,
    ]);
    expect(page.sentence).toBe('Live lines of 2 deployments and 1 container, error, warn.');
  });

  test('never goes by what an address makes up', async () => {
    const { page } = await pageAt('/logs?deployments=../x,shop&containers=web,%2e%2e&levels=loud');
    expect(page.paths).toEqual(['/environments/e1/logs?deployments=shop&tail=500']);
  });

  test.each([
    { permissions: ['log:read'], count: 1 },
    { permissions: ['container:log'], count: 1 },
    { permissions: [], count: 0 },
  ])('needs its permission: $permissions', async ({ permissions, count }) => {
    const { page } = await pageAt(`/logs?deployments=shop&containers=${web}`, permissions);
    expect(page.paths).toHaveLength(count);
  });

  test('of containers needs no environment', async () => {
    const { page } = await pageAt(`/logs?containers=${web}`, ['container:log', 'log:read'], []);
    expect([page.deployments, page.paths.length]).toEqual([undefined, 1]);
  });
});

describe('chosen replicas', () => {
  const tasks = [{ name: 'shop-r2.1', state: 'running', desired: 'running', place: 'stable', since: 1 }];

  test('narrow their deployment and stand in the address', async () => {
    const { page, ports, app } = await pageAt('/logs?deployments=shop,mail&replicas=shop-r2.1,other-r1.1');
    expect(page.paths).toEqual(['/environments/e1/logs?deployments=shop,mail&replicas=shop-r2.1&tail=500']);
    page.toggleReplica('mail-r1.2');
    expect(app.router.query['replicas']).toBe('shop-r2.1,mail-r1.2');
    page.toggle('deployment', 'shop');
    expect(ports.visited.at(-1)).toBe('/logs?deployments=mail&replicas=mail-r1.2');
  });

  test('are offered with their states below what is read, and below nothing else', async () => {
    const { page } = await pageAt('/logs?deployments=shop', undefined, undefined, tasks);
    const stop = page.followReplicas();
    await settle();
    expect(page.replicasOf('shop').map(({ short, state, chosen }) => [short, state, chosen])).toEqual([
      ['r2.1', 'running', false],
    ]);
    expect(page.replicasOf('mail')).toEqual([]);
    stop();
  });
});

test('an address that names a time opens the past', async () => {
  const { page, ports } = await pageAt('/logs?deployments=shop&line=2027-01-15T08:00:00.000000001Z');
  page.open(page.paths);
  expect([ports.streams.size, page.feed.past, page.sentence]).toEqual([
    0,
    true,
    'Past lines of 1 deployment, all levels.',
  ]);
});

describe('the choice', () => {
  test('is marked, kept in the address, and let go', async () => {
    const { page, ports } = await pageAt('/logs?line=t1');
    page.toggle('container', web);
    page.toggle('deployment', 'shop');
    expect(ports.visited.at(-1)).toBe(`/logs?containers=${web}&deployments=shop`);
    expect(page.containerChoices.map(({ name, chosen }) => [name, chosen])).toEqual([
      ['web', true],
      ['db', false],
    ]);
    page.toggle('container', web);
    expect(ports.visited.at(-1)).toBe('/logs?deployments=shop');
  });

  test('stays in sight when the list is narrowed, and when it is gone from it', async () => {
    const { page } = await pageAt(`/logs?containers=${web},${'c'.repeat(64)}`);
    page.narrow = 'DB';
    expect(page.containerChoices.map(({ name, hint }) => [name, hint])).toEqual([
      ['web', ''],
      ['db', 'exited'],
      ['cccccccccccc', 'not listed'],
    ]);
  });

  test('has an end', async () => {
    const many = Array.from({ length: togetherMax }, (_, index) => `d${index}`);
    const { page } = await pageAt(`/logs?deployments=${many.join(',')}`);
    expect(page.full('deployment')).toBe(true);
    page.toggle('deployment', 'shop');
    expect(page.chosenDeployments).toEqual(many);
  });
});

test('typing goes into the address once it rests', async () => {
  const { page, ports } = await pageAt('/logs');
  for (const words of ['t', 'ti', 'time']) {
    page.typed(words);
    await ports.pass(0.2);
  }
  expect(ports.visited.at(-1)).toBe('/logs');
  await ports.pass(1);
  expect(ports.visited.at(-1)).toBe('/logs?q=time');
});

test('levels are kept in one order, whatever the order of clicks', async () => {
  const { page, ports } = await pageAt('/logs');
  page.toggleLevel('warn');
  page.toggleLevel('fatal');
  expect(ports.visited.at(-1)).toBe('/logs?levels=fatal%2Cwarn');
  page.toggleLevel('warn');
  expect(ports.visited.at(-1)).toBe('/logs?levels=fatal');
});

test('a line leads to the overview of its time', async () => {
  const { page, ports } = await pageAt('/logs');
  page.jump('2027-01-15T08:00:00.123456789Z');
  expect(ports.visited.at(-1)).toBe('/?from=1799999100&to=1800000900');
});

test('streams are opened together and closed together', async () => {
  const { page, ports } = await pageAt(`/logs?deployments=shop&containers=${web}`);
  const stop = page.open(page.paths);
  expect(ports.streams.size).toBe(2);
  stop();
  expect(ports.streams.size).toBe(0);
});

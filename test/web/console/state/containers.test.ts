// Containers with their values of this second: old values are none, running is not yet healthy, only strangers are started one by one.
import { describe, expect, test } from 'vitest';
import type { Container } from '../../../../core/contracts/containers.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { ContainerPage } from '../../../../web/console/state/container.svelte.ts';
import {
  allowedOperations,
  ContainersPage,
  meaningOfContainer,
  ownerOf,
  sayState,
} from '../../../../web/console/state/containers.svelte.ts';
import { series } from '../overviews.ts';
import { adminSession, fakePorts, problem, settle } from '../ports.ts';

const id = 'a'.repeat(64);
const one: Container = {
  ...{ id, name: 'web', image: 'web:1', state: 'running', status: 'Up 3 hours', health: 'healthy', owner: 'observed' },
  ...{ environment: null, deployment: null, revision: null, project: null, created: 1 },
};

async function pageWith(items: object[], told = {}, judged: object[] = [], session: object = adminSession) {
  const ports = fakePorts(({ method, path }) => {
    if (path.startsWith('/session')) return { body: session };
    if (path.startsWith('/anomalies')) return { body: { items: judged } };
    return method === 'POST' ? told : { body: { items } };
  });
  const app = new App(ports);
  app.begin();
  void app.live.open();
  await settle();
  const page = new ContainersPage(app);
  await page.query.refresh();
  const send = (value: unknown) => {
    ports.socket.events?.opened();
    ports.socket.send([{ topic: 'live', value, dropped: 0 }]);
  };
  return { page, ports, send };
}

describe('values of this second', () => {
  test('join by id, and are unknown once they are old', async () => {
    const { page, ports, send } = await pageWith([one]);
    expect(page.rows[0]).toMatchObject({ cpuCores: null, memoryBytes: null });
    send({ containers: [{ id, name: 'web', cpuCores: 0.5, workingSetBytes: 1024 }] });
    expect(page.rows[0]).toMatchObject({ cpuCores: 0.5, memoryBytes: 1024 });
    await ports.pass(30);
    expect(page.rows[0]).toMatchObject({ cpuCores: null, memoryBytes: null });
  });

  test('what is no list of containers is no value', async () => {
    const { page, send } = await pageWith([one]);
    send({ containers: 'many' });
    expect(page.rows[0]!.cpuCores).toBeNull();
  });
});

describe('how unusual each is', () => {
  const task = { ...one, name: 'shop-r1.2.wkgrlta0jcnd2btftxh0gj5nm' };
  test.each([
    { given: 'what is told of its name', judged: [series('shop-r1.2', 99.5), series('db', 40)], score: 99.5 },
    { given: 'nothing of another', judged: [series('shop-r1.1', 99.5)], score: undefined },
    {
      given: 'nothing where two machines have one of that name',
      judged: [series('shop-r1.2', 99.5), series('shop-r1.2', 9, { labels: { instance: 'h2', name: 'shop-r1.2' } })],
      score: undefined,
    },
  ])('a task shows $given', async ({ judged, score }) => {
    const { page } = await pageWith([task, { ...task, id: 'b'.repeat(64), state: 'exited' }], {}, judged);
    const stop = page.follow(() => true);
    await settle();
    stop();
    expect(page.rows.map(({ anomaly }) => anomaly?.score)).toEqual([score, undefined]);
    expect(page.sentence).toBe(`1 of 2 containers run${score === undefined ? '' : ', 1 is unusual'}.`);
  });

  test('is no column for those who may not see it', async () => {
    const session = { ...adminSession, permissions: ['container:read'] };
    const { page, ports } = await pageWith([one], {}, [], session);
    page.follow(() => true)();
    expect(page.table.columns.map(({ key }) => key)).not.toContain('unusual');
    expect(ports.asked.some(({ path }) => path.startsWith('/anomalies'))).toBe(false);
  });
});

test('the sentence counts what runs and what fails its check', async () => {
  const { page } = await pageWith([
    one,
    { ...one, id: 'b'.repeat(64), health: 'unhealthy' },
    { ...one, id: 'c'.repeat(64), state: 'exited' },
  ]);
  expect(page.sentence).toBe('2 of 3 containers run, 1 fail their health check.');
});

test.each([
  { state: 'running', health: 'healthy', meaning: 'ok', words: 'running, healthy' },
  { state: 'running', health: 'none', meaning: 'ok', words: 'running' },
  { state: 'running', health: 'starting', meaning: 'notice', words: 'running, starting' },
  { state: 'running', health: 'unhealthy', meaning: 'critical', words: 'running, unhealthy' },
  { state: 'restarting', health: 'none', meaning: 'warning', words: 'restarting' },
  { state: 'exited', health: 'none', meaning: 'unknown', words: 'exited' },
  { state: 'dead', health: 'none', meaning: 'critical', words: 'dead' },
] as const)('$state, $health: $meaning', ({ meaning, words, ...state }) => {
  expect(meaningOfContainer(state)).toBe(meaning);
  expect(sayState(state)).toBe(words);
});

test.each([
  { owner: 'observed', state: 'running', allowed: ['restart', 'stop'] },
  { owner: 'observed', state: 'exited', allowed: ['start'] },
  { owner: 'deployment', state: 'running', allowed: [] },
  { owner: 'odyssey', state: 'running', allowed: [] },
] as const)('of $owner, $state: $allowed', ({ allowed, ...container }) => {
  expect(allowedOperations(container)).toEqual(allowed);
});

test.each([
  { more: { owner: 'deployment', deployment: 'shop', revision: 'r3' }, words: 'shop r3' },
  { more: { owner: 'odyssey' }, words: 'Odyssey' },
  { more: { project: 'blog' }, words: 'compose project blog' },
  { more: {}, words: 'something else' },
] as const)('made by $words', ({ more, words }) => {
  expect(ownerOf({ ...one, ...more })).toBe(words);
});

test('a refusal is told, and the list is read anew either way', async () => {
  const { page, ports } = await pageWith([one], problem(409, 'conflict'));
  expect(await page.operate(one, 'stop')).toBe(false);
  await settle();
  expect(ports.asked.filter(({ path }) => path === '/containers')).toHaveLength(2);
  expect(ports.asked.some(({ method, path }) => method === 'POST' && path === `/containers/${id}/stop`)).toBe(true);
});

test.each([
  { status: 'Up About a minute (healthy)', outOfMemory: false, says: 'Up about a minute.' },
  { status: 'Up 3 hours (health: starting)', outOfMemory: null, says: 'Up 3 hours.' },
  {
    status: 'Exited (137) 2 minutes ago',
    outOfMemory: true,
    says: 'Exited (137) 2 minutes ago. It ran out of memory.',
  },
  { status: '', outOfMemory: null, says: 'running.' },
])('"$status" is said as "$says"', async ({ says, ...told }) => {
  const page = new ContainerPage(new App(fakePorts(() => ({ body: { ...one, ...told } }))), id);
  await page.query.refresh();
  expect(page.sentence).toBe(says);
});

test('the log is opened for this container alone, and closed again', async () => {
  const ports = fakePorts(() => ({ body: one }));
  const page = new ContainerPage(new App(ports), id);
  const stop = page.openLog();
  expect([...ports.streams.keys()]).toEqual([expect.stringContaining(`/containers/${id}/logs?tail=500`)]);
  stop();
  expect(ports.streams.size).toBe(0);
});

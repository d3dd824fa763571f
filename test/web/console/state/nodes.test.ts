// Machines and nodes: one without the other, values by their age, refusals beside what was asked, and the token once.
import { describe, expect, test } from 'vitest';
import type { NodeView } from '../../../../core/contracts/nodes.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { NodesPage } from '../../../../web/console/state/nodes.svelte.ts';
import { type Asked, adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const known = (value: number) => ({ state: 'known', value });
const overview = (nodes: object) => ({ atSeconds: 1_799_999_990, nodes });
const orion = {
  ...{ instance: 'orion', cpuRatio: known(0.25), memoryRatio: known(0.5), diskRatio: known(0.8) },
  load1: { state: 'unknown', reason: 'no answer' },
};
const node: NodeView = {
  ...{ id: 'n1'.padEnd(25, '0'), name: 'orion', state: 'ready', message: null, role: 'manager', leader: true },
  ...{ availability: 'active', reachability: 'reachable', address: '10.0.0.1', labels: { zone: 'a' }, cores: 4 },
  ...{
    memoryBytes: 1e10,
    engineVersion: '29',
    platform: 'linux/amd64',
    tasks: 3,
    volumes: ['0123456789abcdef/vol-data'],
    local: true,
  },
};
const session = { ...adminSession, permissions: [...adminSession.permissions, 'node:read', 'node:manage'] };

async function pageWith(more: Record<string, Told | ((asked: Asked) => Told)> = {}) {
  const ports = fakePorts(
    fakeServer({
      'GET /session': { body: session },
      'GET /overview': { body: overview({ state: 'known', items: [orion] }) },
      'GET /nodes': { body: { swarm: 'active', items: [node] } },
      'GET /environments': { body: { items: [{ id: '0123456789abcdef', name: 'shop', archived: false }] } },
      ...more,
    }),
  );
  const app = new App(ports);
  app.begin();
  void app.live.open();
  await settle();
  await app.environments.query.refresh();
  const page = new NodesPage(app);
  const stop = page.follow(() => true);
  await settle();
  const send = (value: unknown) => {
    ports.socket.events?.opened();
    ports.socket.send([{ topic: 'live', value, dropped: 0 }]);
  };
  return { app, ports, page, send, stop };
}

describe('machines', () => {
  test('have the values of Prometheus with their age, unknown as unknown', async () => {
    const { page } = await pageWith();
    expect(page.machines).toEqual([
      {
        ...{ instance: 'orion', cpuRatio: 0.25, memoryRatio: 0.5, diskRatio: 0.8, load1: null, memoryBytes: null },
        ...{ at: 1_799_999_990, live: false },
      },
    ]);
  });

  test('have those of this second where they came, until they are old', async () => {
    const { page, send, ports } = await pageWith();
    send({ instance: 'orion', node: { cpuRatio: 0.75, memoryUsedBytes: 6, memoryTotalBytes: 10 } });
    expect(page.machines?.[0]).toMatchObject({ cpuRatio: 0.75, memoryRatio: 0.6, memoryBytes: 6, live: true });
    await ports.pass(30);
    expect(page.machines?.[0]).toMatchObject({ cpuRatio: 0.25, live: false });
  });

  test.each([{ value: { instance: 'vega', node: { cpuRatio: 1 } } }, { value: 'nonsense' }, { value: null }])(
    'are not touched by $value',
    async ({ value }) => {
      const { page, send } = await pageWith();
      send(value);
      expect(page.machines?.[0]).toMatchObject({ cpuRatio: 0.25, live: false });
    },
  );

  test('that cannot be read are unknown, not none', async () => {
    const reason = 'Prometheus does not answer.';
    const { page } = await pageWith({ 'GET /overview': { body: overview({ state: 'unknown', reason }) } });
    expect([page.machines, page.machinesUnknown]).toEqual([undefined, reason]);
    expect(page.sentence).toBe('What the machines do is unknown; 1 of 1 node takes tasks.');
  });

  test('are known as far as the collector of this host is heard, while Prometheus is not', async () => {
    const reason = 'Prometheus does not answer.';
    const { page, send, ports } = await pageWith({ 'GET /overview': { body: overview({ state: 'unknown', reason }) } });
    send({ instance: 'orion', node: { cpuRatio: 0.75, memoryUsedBytes: 6, memoryTotalBytes: 10 } });
    expect(page.machines).toEqual([
      {
        ...{ instance: 'orion', cpuRatio: 0.75, memoryRatio: 0.6, memoryBytes: 6, diskRatio: null, load1: null },
        ...{ at: ports.unixSeconds(), live: true },
      },
    ]);
    expect(page.othersUnknown).toBe(reason);
    expect(page.sentence).toBe(
      'orion uses 75 % of its CPUs and 60 % of its memory, what other machines do is unknown; 1 of 1 node takes tasks.',
    );
    await ports.pass(30);
    expect([page.machines, page.othersUnknown]).toEqual([undefined, undefined]);
  });
});

describe('without', () => {
  test('a swarm, the machine is shown and it is said', async () => {
    const { page } = await pageWith({ 'GET /nodes': { body: { swarm: 'none', items: [] } } });
    expect(page.sentence).toBe('orion uses 25 % of its CPUs and 50 % of its memory; no swarm.');
  });

  test('an engine, the machine is shown and the nodes have failed', async () => {
    const { page } = await pageWith({ 'GET /nodes': problem(503, 'engine-unreachable') });
    expect([page.query.face, page.machines?.length]).toEqual(['failed', 1]);
    expect(page.sentence).toBe('orion uses 25 % of its CPUs and 50 % of its memory.');
  });

  test('the permission, nodes are not asked for', async () => {
    const { ports } = await pageWith({ 'GET /session': { body: adminSession } });
    expect(ports.asked.map(({ path }) => path)).not.toContain('/nodes');
  });
});

const patches = (ports: { asked: Asked[] }) =>
  ports.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);

describe('draining', () => {
  const refused = problem(409, 'volume-node', { detail: '0123456789abcdef/vol-data lies on orion alone.' });
  const guarded = ({ body }: Asked): Told =>
    (body as { despiteVolumes?: boolean }).despiteVolumes === true ? { body: node } : refused;

  test('a node with volumes asks once more, and says so to the server', async () => {
    const { page, ports, app } = await pageWith({ [`PATCH /nodes/${node.id}`]: guarded });
    const done = page.setAvailability(node, 'drain');
    await settle();
    expect(app.danger.asked?.about.lost).toContain('vol-data in shop lies on orion alone');
    app.danger.answer(true);
    await done;
    expect(patches(ports)).toEqual([{ availability: 'drain' }, { availability: 'drain', despiteVolumes: true }]);
    expect(page.error).toBeUndefined();
  });

  test('turned away from leaves it at the refusal', async () => {
    const { page, ports, app } = await pageWith({ [`PATCH /nodes/${node.id}`]: guarded });
    const done = page.setAvailability(node, 'drain');
    await settle();
    app.danger.answer(undefined);
    await done;
    expect([patches(ports).length, page.error?.message]).toEqual([1, '0123456789abcdef/vol-data lies on orion alone.']);
  });

  test('the last manager is refused and stays refused', async () => {
    const last = problem(409, 'last-manager', { detail: 'Promote another node first.' });
    const { page, app } = await pageWith({ [`PATCH /nodes/${node.id}`]: last });
    await page.setAvailability(node, 'drain');
    expect([app.danger.asked, page.error?.message]).toEqual([undefined, 'Promote another node first.']);
  });
});

test('a role is changed only after a yes', async () => {
  const { page, ports, app } = await pageWith({ [`PUT /nodes/${node.id}/role`]: { body: node } });
  const roles = () => ports.asked.filter(({ method }) => method === 'PUT').map(({ body }) => body);
  for (const sure of [undefined, true]) {
    const done = page.setRole(node, 'worker');
    await settle();
    app.danger.answer(sure);
    await done;
    expect(roles()).toEqual(sure ? [{ role: 'worker' }] : []);
  }
});

test('removing asks for the name', async () => {
  const { page, ports, app } = await pageWith({ [`DELETE /nodes/${node.id}`]: { body: {} } });
  page.look(node);
  expect(page.open?.name).toBe('orion');
  const done = page.remove(node);
  await settle();
  expect(app.danger.asked?.about.type).toBe('orion');
  app.danger.answer(true);
  await done;
  expect(ports.asked.some(({ method }) => method === 'DELETE')).toBe(true);
  expect(page.open).toBeUndefined();
});

test('a token to join with is gone with its sheet', async () => {
  const token = { role: 'worker', token: 'T', command: 'docker swarm join --token T', expires: 1 };
  const { page } = await pageWith({
    'POST /nodes/join-tokens': { status: 201, body: token },
    'DELETE /nodes/join-tokens': { body: {} },
  });
  page.join.open();
  await page.join.ask();
  expect(page.join.token?.command).toBe('docker swarm join --token T');
  page.join.close();
  expect([page.join.token, page.join.shown]).toEqual([undefined, false]);
  page.join.open();
  await page.join.ask();
  await page.join.withdraw();
  expect([page.join.token, page.join.shown]).toEqual([undefined, false]);
});

test('volumes are read by name and found by their environment’s id, too', async () => {
  const { page } = await pageWith();
  expect(page.volumesOf(node)).toEqual(['vol-data in shop']);
  expect(page.named('0123456789abcdef/vol-data lies on orion alone.')).toBe('vol-data in shop lies on orion alone.');
  for (const text of ['vol-data shop', '0123456789abcdef']) {
    page.nodeTable.filterBy(text);
    expect(page.nodeTable.visible).toHaveLength(1);
  }
});

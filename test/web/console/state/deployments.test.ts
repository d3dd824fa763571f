// The list of deployments, what stands in the way of them, and the swarm that is started only after a question.
import { describe, expect, test } from 'vitest';
import type { DeploymentView, EngineState } from '../../../../core/contracts/deployments.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { DeploymentsPage, meaningOfDeployment, sayReplicas } from '../../../../web/console/state/deployments.svelte.ts';
import { EngineGate } from '../../../../web/console/state/engine.svelte.ts';
import { series } from '../overviews.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const shop: DeploymentView = {
  ...{
    name: 'shop',
    environment: 'e1',
    state: 'running',
    reason: '',
    image: 'shop:1.4',
    pinned: 'sha256:aa',
    stable: 'r2',
  },
  ...{ newest: 'r2', hosts: ['shop.example'], port: 8080, sticky: false, keepRevisions: 5, warmSeconds: 3_600 },
  ...{ stopped: false, replicas: { wanted: 3, running: 3 }, created: 1, operation: null, warnings: [] },
};
const down = { state: 'down', reason: 'HAProxy is not there.' };

async function pageWith(items: DeploymentView[], ingress: object = { state: 'serving', reason: null }) {
  const ports = fakePorts(
    fakeServer({ 'GET /environments/e1/deployments': { body: { items } }, 'GET /ingress': { body: ingress } }),
  );
  const page = new DeploymentsPage(new App(ports), 'e1');
  await Promise.all([page.query.refresh(), page.ingress.refresh()]);
  return page;
}

describe('the sentence of state', () => {
  test.each([
    { items: [], says: 'Nothing is deployed here.' },
    { items: [shop], says: '1 of 1 deployment runs as asked.' },
    {
      items: [shop, { ...shop, name: 'api', state: 'degraded' as const }],
      says: '1 of 2 deployments run as asked; api is not well.',
    },
  ])('$says', async ({ items, says }) => {
    expect((await pageWith(items)).sentence).toBe(says);
  });
});

test('a deployment is as unusual as the most telling of its replicas; who may not see that has no such column', async () => {
  const labels = (name: string) => ({ labels: { instance: 'h1', name, deployment: 'shop' } });
  const items = [series('shop-r2.1', 99.9, labels('shop-r2.1')), series('shop-r2.2', 12, labels('shop-r2.2'))];
  const open = async (session: object) => {
    const ports = fakePorts(
      fakeServer({
        'GET /session': { body: session },
        'GET /environments/e1/deployments': { body: { items: [shop, { ...shop, name: 'api' }] } },
        'GET /anomalies': { body: { items } },
      }),
    );
    const app = new App(ports);
    app.begin();
    await settle();
    const page = new DeploymentsPage(app, 'e1');
    const stop = page.follow(() => true);
    await settle();
    stop();
    return page;
  };
  const page = await open(adminSession);
  expect(page.rows.map(({ anomaly }) => anomaly?.score)).toEqual([99.9, undefined]);
  const blind = await open({ ...adminSession, permissions: ['deployment:read'] });
  expect(blind.table.columns.map(({ key }) => key)).not.toContain('unusual');
});

test('what needs somebody stands first', async () => {
  const page = await pageWith([
    shop,
    { ...shop, name: 'b', state: 'stopped' },
    { ...shop, name: 'c', state: 'failed' },
  ]);
  expect(page.table.visible.map(({ name }) => name)).toEqual(['c', 'b', 'shop']);
});

test('an ingress that is down matters only to what waits for requests', async () => {
  expect((await pageWith([shop], down)).ingressTrouble).toBe('HAProxy is not there.');
  expect((await pageWith([{ ...shop, hosts: [] }], down)).ingressTrouble).toBeUndefined();
  expect((await pageWith([shop])).ingressTrouble).toBeUndefined();
});

test('unknown is neither zero nor well', () => {
  expect(sayReplicas({ replicas: { wanted: 2, running: null } })).toBe('? of 2');
  expect([meaningOfDeployment('unknown'), meaningOfDeployment('failed')]).toEqual(['unknown', 'critical']);
});

describe('the engine', () => {
  const noSwarm: EngineState = {
    ...{ kind: 'no-swarm', version: '28', plan: 'It becomes a swarm.', pool: '10.97.0.0/16', address: '127.0.0.1' },
  };
  const ready: EngineState = { kind: 'ready', version: '28', node: 'one', managers: 1, nodes: 1 };

  async function gateWith(state: EngineState, started: Told = { status: 201, body: ready }) {
    const ports = fakePorts(fakeServer({ 'GET /engine': { body: state }, 'POST /engine/swarm': started }));
    const app = new App(ports);
    const gate = new EngineGate(app);
    await gate.query.refresh();
    return { app, gate, posted: () => ports.asked.filter(({ method }) => method === 'POST') };
  }

  test.each<[EngineState, RegExp | undefined]>([
    [ready, undefined],
    [noSwarm, /no swarm yet/],
    [{ kind: 'worker', version: '28', reason: 'It is a worker.' }, /is a worker/],
    [{ kind: 'absent', reason: 'No socket.' }, /does not answer/],
  ])('%j', async (state, says) => {
    const { gate } = await gateWith(state);
    expect(gate.blocked).toBe(says !== undefined);
    if (says === undefined) expect(gate.obstacle).toBeUndefined();
    else expect(gate.obstacle?.title).toMatch(says);
  });

  test('a swarm is started as proposed, after what it does was said', async () => {
    const { app, gate, posted } = await gateWith(noSwarm);
    const done = gate.startSwarm();
    await settle();
    expect(app.danger.asked?.about.lost).toContain('It becomes a swarm.');
    expect(posted()).toEqual([]);
    app.danger.answer(true);
    await done;
    expect(posted().map(({ body }) => body)).toEqual([{ pool: '10.97.0.0/16', address: '127.0.0.1' }]);
    expect(gate.blocked).toBe(false);
  });

  test('who turns away starts nothing; what fails is said', async () => {
    const away = await gateWith(noSwarm);
    const turned = away.gate.startSwarm();
    await settle();
    away.app.danger.answer(false);
    await turned;
    expect(away.posted()).toEqual([]);
    const failing = await gateWith(noSwarm, problem(502, 'no-swarm'));
    failing.gate.address = '192.0.2.7';
    const failed = failing.gate.startSwarm();
    await settle();
    failing.app.danger.answer(true);
    await failed;
    expect(failing.app.toasts.shown.map(({ kind }) => kind)).toEqual(['failed']);
    expect(failing.gate.blocked).toBe(true);
  });
});

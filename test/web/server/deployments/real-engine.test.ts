// Deployments on a real engine behind a real HAProxy: deployed, updated, gone back, scaled, refused; each claim is read back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { application, type DeploymentRig, startDeploymentRig } from './rig.ts';

let rig: DeploymentRig | undefined;
let reason = '';

beforeAll(async () => {
  const started = await startDeploymentRig();
  if (started.kind === 'absent') reason = started.reason;
  else rig = started.rig;
}, 240_000);
afterAll(() => rig?.close(), 60_000);

const shop = '/deployments/shop';

describe('on an engine without a swarm', () => {
  test('nothing is deployed before somebody has agreed to one, and it says what that would be', async (context) => {
    if (rig === undefined) return context.skip(reason);
    const { admin } = rig.test;
    expect((await admin.call('GET', '/engine')).body).toMatchObject({ kind: 'no-swarm', pool: '10.97.0.0/16' });
    const early = await rig.call('POST', '/deployments', application('shop', 'app:1'));
    expect(early).toMatchObject({ status: 503, body: { type: 'urn:odyssey:problem:no-engine' } });
    const begun = await admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
    expect(begun).toMatchObject({ status: 201, body: { kind: 'ready', managers: 1, nodes: 1 } });
    const { text } = await rig.engine.ask('GET', '/swarm');
    expect(JSON.parse(text)).toMatchObject({ DefaultAddrPool: ['10.97.0.0/16'], SubnetSize: 24 });
  }, 30_000);
});

describe('a deployment', () => {
  test('is made, and read back from the engine and from HAProxy', async (context) => {
    if (rig === undefined) return context.skip(reason);
    const ended = await rig.operate('POST', '/deployments', application('shop', 'app:1', { replicas: 2 }));
    expect(ended, JSON.stringify(ended.steps, null, 1)).toMatchObject({ state: 'done', revision: 'r1' });
    expect(ended.outcome).toContain(`2 of 2 replicas of r1 run ${rig.images['1']}`);
    const { body } = await rig.call('GET', shop);
    expect(body).toMatchObject({
      ...{ state: 'running', reason: '', stable: 'r1', runningImages: [rig.images['1']] },
      routing: { kind: 'read', stable: 'r1', backends: [{ revision: 'r1', serversUp: 2, serversDown: 0 }] },
    });
  }, 90_000);

  test('is updated to another image, and goes back to the one before', async (context) => {
    if (rig === undefined) return context.skip(reason);
    const updated = await rig.operate('POST', `${shop}/revisions`, { image: 'app:2', env: { COLOUR: 'blue' } });
    expect(updated, JSON.stringify(updated.steps, null, 1)).toMatchObject({ state: 'done', revision: 'r2' });
    expect((await rig.call('GET', shop)).body).toMatchObject({ stable: 'r2', runningImages: [rig.images['2']] });
    const diff = await rig.call('GET', `${shop}/revisions/r2/diff?from=r1`);
    expect(diff.body).toMatchObject({
      image: { from: rig.images['1'], to: rig.images['2'] },
      env: { added: ['COLOUR'], removed: [], changed: [] },
      fields: [],
    });
    const back = await rig.operate('POST', `${shop}/rollback`, {});
    expect(back, JSON.stringify(back.steps, null, 1)).toMatchObject({ state: 'done', revision: 'r1' });
    expect((await rig.call('GET', shop)).body).toMatchObject({ stable: 'r1', runningImages: [rig.images['1']] });
    const { body } = await rig.call('GET', `${shop}/revisions`);
    expect(body.items).toMatchObject([
      { revision: 'r2', place: 'warm', result: 'done', envNames: ['COLOUR'] },
      { revision: 'r1', place: 'stable', result: 'done' },
    ]);
  }, 120_000);

  test.each([
    { given: 'an image that is nowhere', change: { image: 'app:none' }, why: /app:none/ },
    { given: 'an image that crashes', change: { env: { CRASH: '3' } }, why: /exit code 3/ },
    { given: 'an image that is not healthy', change: { env: { UNHEALTHY: '1' } }, why: /health check/i },
  ])(
    '$given is rolled back by itself, and says why',
    async ({ change, why }) => {
      if (rig === undefined) return;
      const before = (await rig.call('GET', shop)).body;
      const ended = await rig.operate('POST', `${shop}/revisions`, change);
      expect(ended, JSON.stringify(ended.steps, null, 1)).toMatchObject({ state: 'rolled-back' });
      expect(ended.outcome).toMatch(why);
      expect(ended.ended! - ended.started).toBeLessThan(20);
      const after = (await rig.call('GET', shop)).body;
      expect(after).toMatchObject({ state: 'running', stable: 'r1', runningImages: before.runningImages });
      const serving = (all: { state: string; revision: string; task: string }[]) =>
        all.filter(({ state, revision }) => state === 'running' && revision === 'r1').map(({ task }) => task);
      expect(serving(after.tasks).sort()).toEqual(serving(before.tasks).sort());
    },
    60_000,
  );

  test('is scaled up and down, restarted, stopped and started', async (context) => {
    if (rig === undefined) return context.skip(reason);
    for (const [path, body] of [
      ['scale', { replicas: 3 }],
      ['scale', { replicas: 1 }],
      ['restart', undefined],
      ['stop', undefined],
      ['start', undefined],
    ] as const) {
      const ended = await rig.operate('POST', `${shop}/${path}`, body);
      expect(ended, JSON.stringify(ended.steps, null, 1)).toMatchObject({ state: 'done' });
      const state = path === 'stop' ? 'stopped' : 'running';
      await expect.poll(async () => (await rig!.call('GET', shop)).body.state, { timeout: 10_000 }).toBe(state);
    }
  }, 180_000);

  test('is found as it was left, and put right when somebody gives its service other limits', async (context) => {
    if (rig === undefined) return context.skip(reason);
    const look = () => rig!.test.plane.orchestration.look();
    const read = async () => JSON.parse((await rig!.engine.ask('GET', '/services/shop-r1')).text);
    await expect.poll(look, { timeout: 40_000, interval: 2_000 }).toMatchObject({ repaired: [], problems: [] });
    const { Spec, Version } = await read();
    const before = Spec.TaskTemplate.Resources.Limits;
    Spec.TaskTemplate.Resources.Limits = { ...before, MemoryBytes: before.MemoryBytes * 2 };
    const changed = await rig.engine.ask('POST', `/services/shop-r1/update?version=${Version.Index}`, Spec);
    expect(changed.status).toBe(200);
    expect(await look()).toMatchObject({ repaired: ['shop-r1 was updated'], problems: [] });
    expect((await read()).Spec.TaskTemplate.Resources.Limits).toEqual(before);
    expect(await look()).toMatchObject({ repaired: [], problems: [] });
    const { text } = await rig.test.admin.call('GET', '/audit?limit=50');
    expect(text).toContain('reconcile:service');
    await expect.poll(async () => (await rig!.call('GET', shop)).body.state, { timeout: 30_000 }).toBe('running');
  }, 120_000);

  test('whose service somebody removes is repaired', async (context) => {
    if (rig === undefined) return context.skip(reason);
    await rig.engine.ask('DELETE', '/services/shop-r1');
    await rig.test.plane.orchestration.look();
    await expect.poll(async () => (await rig!.call('GET', shop)).body.state, { timeout: 30_000 }).toBe('running');
  }, 60_000);

  test('is removed, and nothing of it stays on the engine', async (context) => {
    if (rig === undefined) return context.skip(reason);
    const ended = await rig.operate('DELETE', shop);
    expect(ended, JSON.stringify(ended.steps, null, 1)).toMatchObject({ state: 'done' });
    expect((await rig.engine.ask('GET', '/services')).text.trim()).toBe('[]');
    expect((await rig.call('GET', '/deployments')).body.items).toEqual([]);
  }, 60_000);
});

// What people do with deployments, on an engine in memory: recorded first, one at a time, rolled back by itself, gone on with after a crash.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import type { Task } from '../../../../web/server/engine/objects.ts';
import { previewPrune, prune } from '../../../../web/server/images/prune.ts';
import { reconcile } from '../../../../web/server/reconcile/reconcile.ts';
import { actor, type Bench, environment, openBench } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

const shop = (change: object = {}) =>
  deploymentSpec.parse({ name: 'shop', image: 'one', port: 8080, hosts: ['shop.test'], replicas: 3, ...change });

async function deployed(change: object = {}) {
  const service = bench.service();
  const { operation } = await service.deploy(actor, environment, shop(change));
  expect(await bench.ended(operation)).toMatchObject({ state: 'done' });
  return service;
}

test('a deployment serves when engine and HAProxy say so, and the act stands in the audit log around it', async () => {
  await deployed();
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 1, previous: undefined });
  expect(bench.ingress.stable.get('shop')).toBe('r1');
  expect(bench.audited).toEqual(['open operation:deploy', 'close operation:deploy done']);
  const steps = bench.operations.steps(bench.operations.last('shop')!.id);
  const created = steps.findIndex(({ step, kind }) => step === 'service' && kind === 'done');
  expect(steps.findIndex(({ step, kind }) => step === 'service' && kind === 'intended')).toBeLessThan(created);
});

describe('an update', () => {
  test('is a service of its own; the one before stays warm and a rollback goes there at once', async () => {
    const service = await deployed();
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 2, previous: 1 });
    expect([...bench.engine.there.keys()]).toEqual(['shop-r1', 'shop-r2']);
    await bench.ended((await service.rollback(actor, environment, 'shop', undefined)).operation);
    expect(bench.ingress.stable.get('shop')).toBe('r1');
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 1, previous: 2 });
  });

  test.each([
    { given: 'an image that is nowhere', image: 'shop:none', says: /no image shop:none/ },
    { given: 'one that crashes', image: 'bad', says: /exit code 3/ },
  ])('to $given is rolled back and says why; the next one starts from what serves', async ({ image, says }) => {
    const service = await deployed();
    bench.broken.set('sha256:bad', 'task: non-zero exit (3)');
    const ended = await bench.ended(
      (await service.update(actor, environment, 'shop', { image, env: { A: '1' } })).operation,
    );
    expect(ended).toMatchObject({ state: 'rolled-back', outcome: expect.stringMatching(says) });
    expect([...bench.engine.there.keys()]).toEqual(['shop-r1']);
    expect(bench.engine.done.filter((one) => one.endsWith('shop-r1'))).toEqual(['create shop-r1']);
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect(bench.deployments.revisions('shop')[0]).toMatchObject({ number: 3, result: 'done', spec: { env: {} } });
  });

  test('that HAProxy never reaches is rolled back too', async () => {
    const service = await deployed();
    bench.ingress.serversUp = 2;
    const ended = await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect(ended.outcome).toMatch(/does not reach 3 replicas/);
    expect(bench.ingress.stable.get('shop')).toBe('r1');
  });

  test('with a volume keeps its service', async () => {
    const service = await deployed({ replicas: 1, volumes: [{ name: 'vol-data', path: '/data' }] });
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect([...bench.engine.there.keys()]).toEqual(['shop-r1']);
    expect(bench.engine.there.get('shop-r1')!.Spec.TaskTemplate.ContainerSpec.Image).toBe('sha256:two');
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 2 });
  });
});

test('a second operation waits for the first: it is refused', async () => {
  const service = await deployed();
  const first = await service.update(actor, environment, 'shop', { image: 'two' });
  await expect(service.scale(actor, environment, 'shop', 5)).rejects.toMatchObject({ status: 409, kind: 'busy' });
  await bench.ended(first.operation);
});

test('an operation that a crash interrupts is gone on with, wherever it stood', async () => {
  await deployed();
  for (let steps = 1; steps <= 12; steps++) {
    const broken = bench.service();
    const image = `try-${steps}`;
    let left = steps;
    const note = bench.operations.note;
    bench.operations.note = (id, step) => {
      note(id, step);
      left -= 1;
      if (left === 0) void broken.close();
    };
    const { operation } = await broken.update(actor, environment, 'shop', { image });
    await broken.close();
    bench.operations.note = note;
    bench.service().resume();
    expect(await bench.ended(operation)).toMatchObject({ state: 'done' });
    const stable = bench.deployments.find('shop')!.stable!;
    expect(bench.deployments.revision('shop', stable)).toMatchObject({ pinned: `sha256:${image}`, result: 'done' });
    expect(bench.ingress.stable.get('shop')).toBe(`r${stable}`);
  }
});

describe('reconciliation', () => {
  test('repairs what somebody has changed, and then finds nothing to repair', async () => {
    await deployed();
    bench.engine.there.delete('shop-r1');
    bench.ingress.stable.set('shop', 'r9');
    expect(await reconcile(bench.ports)).toEqual({
      ...{ kind: 'looked', problems: [] },
      repaired: ['shop-r1 was created', 'HAProxy was told anew'],
    });
    expect(await reconcile(bench.ports)).toEqual({ kind: 'looked', repaired: [], problems: [] });
  });

  test('removes nothing while HAProxy has not let go, nor when the engine cannot be asked', async () => {
    const service = await deployed();
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    bench.deployments.keepWarm('shop', 1, 0);
    bench.ingress.down = 'HAProxy does not answer.';
    expect(await reconcile(bench.ports)).toMatchObject({ problems: ['HAProxy: HAProxy does not answer.'] });
    expect([...bench.engine.there.keys()]).toEqual(['shop-r1', 'shop-r2']);
    bench.engine.down = 'absent';
    expect(await reconcile(bench.ports)).toMatchObject({ kind: 'unknown' });
    bench.engine.down = undefined;
    bench.ingress.down = undefined;
    await reconcile(bench.ports);
    expect([...bench.engine.there.keys()]).toEqual(['shop-r2']);
  });
});

test('pruning keeps exactly so many revisions and shows the bytes first', async () => {
  const service = await deployed({ keepRevisions: 2 });
  for (const image of ['two', 'three', 'four'])
    await bench.ended((await service.update(actor, environment, 'shop', { image })).operation);
  for (const number of [1, 2, 3]) bench.deployments.keepWarm('shop', number, 0);
  for (const name of ['one', 'two', 'three', 'four'])
    bench.engine.known.set(`sha256:${name}`, { Id: `sha256:${name}`, RepoTags: [`shop:${name}`], Size: 100 });
  const shown = await previewPrune(bench.ports, environment);
  expect(shown).toMatchObject({ bytes: 200, images: [{ id: 'sha256:two' }, { id: 'sha256:one' }] });
  expect(bench.engine.done.some((one) => one.startsWith('remove sha256'))).toBe(false);
  expect(await prune(bench.ports, environment)).toEqual({ revisions: 2, images: 2, bytes: 200, problems: [] });
  expect(await previewPrune(bench.ports, environment)).toMatchObject({ revisions: [], images: [], bytes: 0 });
  await expect(service.rollback(actor, environment, 'shop', 'r1')).rejects.toMatchObject({ kind: 'not-kept' });
});

test('a shorter time to stay warm counts at once, and hosts need no revision', async () => {
  const service = await deployed();
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
  await service.configure(environment, 'shop', { warmSeconds: 0, hosts: ['new.test'] });
  expect(bench.deployments.revision('shop', 1)!.warmUntil).toBeLessThanOrEqual(bench.now());
  expect(bench.ingress.routes[0]!.hosts).toEqual(['new.test']);
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 2 });
});

test('a host is answered for by one deployment alone', async () => {
  const service = await deployed();
  await expect(service.deploy(actor, environment, shop({ name: 'other' }))).rejects.toMatchObject({
    kind: 'host-taken',
  });
});

/** A task that failed long ago, of what runs now. */
function oldFailure(service: string): Task {
  const { Spec } = bench.engine.there.get(service)!;
  const { ContainerSpec, ForceUpdate } = Spec.TaskTemplate;
  return {
    ...{ ID: 'old', CreatedAt: '', UpdatedAt: '', ServiceID: service, Slot: 1, DesiredState: 'shutdown' },
    Spec: { ContainerSpec, ...(ForceUpdate !== undefined && { ForceUpdate }) },
    Status: { Timestamp: '2025-12-31T00:00:00Z', State: 'failed', Err: 'task: non-zero exit (3)' },
  };
}

describe('a replica that crashed an hour ago', () => {
  test('is no failure of a change that comes later', async () => {
    const service = await deployed();
    bench.history.push(oldFailure('shop-r1'));
    bench.ingress.serversUp = 4;
    expect(await bench.ended((await service.scale(actor, environment, 'shop', 4)).operation)).toMatchObject({
      state: 'done',
    });
  });

  test('is no reason to refuse the way back to its revision while that is warm', async () => {
    const service = await deployed();
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    bench.history.push(oldFailure('shop-r1'));
    const back = await service.rollback(actor, environment, 'shop', undefined);
    expect(await bench.ended(back.operation)).toMatchObject({ state: 'done' });
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 1 });
  });
});

test('a revision that was given up before a crash is taken away after it, not tried once more', async () => {
  const service = await deployed();
  bench.broken.set('sha256:bad', 'task: non-zero exit (3)');
  const broken = bench.service();
  const note = bench.operations.note;
  const failed = new Promise<void>((resolve) => {
    bench.operations.note = (id, step) => {
      note(id, step);
      if (step.kind === 'failed') void broken.close().then(resolve);
    };
  });
  const { operation } = await broken.update(actor, environment, 'shop', { image: 'bad' });
  await failed;
  bench.operations.note = note;
  bench.broken.clear(); // it would come up by now: it was given up all the same
  bench.service().resume();
  expect(await bench.ended(operation)).toMatchObject({
    state: 'rolled-back',
    outcome: expect.stringMatching(/code 3/),
  });
  expect([...bench.engine.there.keys()]).toEqual(['shop-r1']);
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 1 });
  await service.close();
});

test('after a revision that failed while it was given the requests, a rollback still finds the one before', async () => {
  const service = await deployed();
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
  const setStable = bench.ingress.setStable;
  bench.ingress.setStable = (deployment, revision) =>
    revision === 'r3'
      ? Promise.resolve({ kind: 'failed', reason: 'HAProxy was not told.' })
      : setStable(deployment, revision);
  const { operation } = await service.update(actor, environment, 'shop', { image: 'three' });
  expect(await bench.ended(operation)).toMatchObject({ state: 'rolled-back' });
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 2, previous: 1 });
  const back = await service.rollback(actor, environment, 'shop', undefined);
  expect(await bench.ended(back.operation)).toMatchObject({ state: 'done' });
});

test('a rollback that HAProxy’s absence makes fail does not cost the warm revision', async () => {
  const service = await deployed();
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
  bench.ingress.down = 'HAProxy does not answer.';
  const back = await service.rollback(actor, environment, 'shop', undefined);
  expect((await bench.ended(back.operation)).state).not.toBe('done');
  expect([...bench.engine.there.keys()]).toEqual(['shop-r1', 'shop-r2']);
});

test('a stop is done when the last replica has ended, not when it was told to', async () => {
  const service = await deployed();
  const ending = { ...oldFailure('shop-r1'), Status: { Timestamp: '', State: 'running' } };
  bench.history.push(ending);
  const { operation } = await service.setStopped(actor, environment, 'shop', true);
  const ended = await bench.ended(operation);
  expect(ended).toMatchObject({ state: 'failed', outcome: expect.stringMatching(/1 replicas of shop have not ended/) });
  bench.history.length = 0;
  const again = await service.setStopped(actor, environment, 'shop', true);
  expect(await bench.ended(again.operation)).toMatchObject({ state: 'done' });
});

test('while the audit log takes nothing nothing is done, and when it does again it goes on by itself', async () => {
  const service = await deployed();
  bench.auditDown.reason = 'no space left on device';
  bench.ingress.serversUp = 5;
  const { operation } = await service.scale(actor, environment, 'shop', 5);
  await new Promise((resolve) => setImmediate(resolve));
  expect(bench.engine.there.get('shop-r1')!.Spec.Mode.Replicated.Replicas).toBe(3);
  bench.auditDown.reason = undefined;
  service.resume(); // as every look does
  expect(await bench.ended(operation)).toMatchObject({ state: 'done' });
  expect(bench.engine.there.get('shop-r1')!.Spec.Mode.Replicated.Replicas).toBe(5);
});

test('what is being removed takes nothing else, and can be removed once more', async () => {
  const service = await deployed();
  bench.engine.services.list = () => Promise.resolve({ ok: false, failure: { kind: 'late', message: 'too late' } });
  expect((await bench.ended((await service.remove(actor, environment, 'shop')).operation)).state).toBe('failed');
  await expect(service.scale(actor, environment, 'shop', 2)).rejects.toMatchObject({ kind: 'removing' });
  bench.engine.services.list = () => Promise.resolve({ ok: true, value: [...bench.engine.there.values()] });
  expect((await bench.ended((await service.remove(actor, environment, 'shop')).operation)).state).toBe('done');
  expect(bench.engine.there.size).toBe(0);
});

test('a deployment with hosts fails with what to do where HAProxy’s image cannot be had; one without runs', async () => {
  bench.ingress.lacking = 'HAProxy’s image is missing. `docker load -i haproxy.tar` here.';
  const service = bench.service();
  const shut = await service.deploy(actor, environment, shop());
  expect(await bench.ended(shut.operation)).toMatchObject({
    state: 'failed',
    outcome: expect.stringContaining('docker load'),
  });
  const plain = await service.deploy(actor, environment, shop({ name: 'worker', hosts: [] }));
  expect(await bench.ended(plain.operation)).toMatchObject({ state: 'done' });
});

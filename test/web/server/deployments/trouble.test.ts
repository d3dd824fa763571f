// Operations that meet with a past, a crash, an audit log that takes nothing, or an engine that is slow to let go.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeploymentReader } from '../../../../web/server/deployments/read.ts';
import type { Task } from '../../../../web/server/engine/objects.ts';
import { refuseRoutes } from '../../../../web/server/ingress/check-routes.ts';
import { reconcile } from '../../../../web/server/reconcile/reconcile.ts';
import { actor, type Bench, environment, openBench, shop } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

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
    const service = await bench.deployed();
    bench.history.push(oldFailure('shop-r1'));
    bench.ingress.serversUp = 4;
    expect(await bench.ended((await service.scale(actor, environment, 'shop', 4)).operation)).toMatchObject({
      state: 'done',
    });
  });

  test('is no reason to refuse the way back to its revision while that is warm', async () => {
    const service = await bench.deployed();
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    bench.history.push(oldFailure('shop-r1'));
    const back = await service.rollback(actor, environment, 'shop', undefined);
    expect(await bench.ended(back.operation)).toMatchObject({ state: 'done' });
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 1 });
  });
});

test('a revision that was given up before a crash is taken away after it, not tried once more', async () => {
  const service = await bench.deployed();
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
  const service = await bench.deployed();
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
  const service = await bench.deployed();
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
  bench.ingress.down = 'HAProxy does not answer.';
  const back = await service.rollback(actor, environment, 'shop', undefined);
  expect((await bench.ended(back.operation)).state).not.toBe('done');
  expect([...bench.engine.there.keys()]).toEqual(['shop-r1', 'shop-r2']);
});

test('a stop is done when the last replica has ended, not when it was told to', async () => {
  const service = await bench.deployed();
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
  const service = await bench.deployed();
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
  const service = await bench.deployed();
  bench.engine.services.list = () => Promise.resolve({ ok: false, failure: { kind: 'late', message: 'too late' } });
  expect((await bench.ended((await service.remove(actor, environment, 'shop')).operation)).state).toBe('failed');
  await expect(service.scale(actor, environment, 'shop', 2)).rejects.toMatchObject({ kind: 'removing' });
  bench.engine.services.list = () => Promise.resolve({ ok: true, value: [...bench.engine.there.values()] });
  expect((await bench.ended((await service.remove(actor, environment, 'shop')).operation)).state).toBe('done');
  expect(bench.engine.there.size).toBe(0);
});

test('a deployment whose operation could not be written down is there whole: it is listed, and can be updated', async () => {
  const begin = bench.operations.begin;
  bench.operations.begin = () => {
    throw new Error('no space left on device');
  };
  const service = bench.service();
  await expect(service.deploy(actor, environment, shop())).rejects.toThrow('no space left');
  bench.operations.begin = begin;
  const reader = new DeploymentReader({ ...bench.ports, nameOf: () => undefined });
  expect(await reader.list(environment)).toMatchObject([{ name: 'shop', stable: null, newest: 'r1', state: 'failed' }]);
  const { operation } = await service.update(actor, environment, 'shop', { image: 'two' });
  expect(await bench.ended(operation)).toMatchObject({ state: 'done' });
});

test('of many updates in a row only the revision before stays warm, and HAProxy takes them all', async () => {
  const service = await bench.deployed();
  for (let at = 0; at < 24; at++) {
    const { operation } = await service.update(actor, environment, 'shop', { image: `try-${at}` });
    expect(await bench.ended(operation)).toMatchObject({ state: 'done' });
    await bench.ports.sleep(60);
    expect(refuseRoutes(bench.ingress.routes)).toBeUndefined();
  }
  await reconcile(bench.ports);
  expect([...bench.engine.there.keys()]).toEqual(['shop-r24', 'shop-r25']);
  const back = await service.rollback(actor, environment, 'shop', undefined);
  expect(await bench.ended(back.operation)).toMatchObject({ state: 'done', revision: 24 });
});

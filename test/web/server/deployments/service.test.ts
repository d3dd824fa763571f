// What people do with deployments, on an engine in memory: recorded first, one at a time, rolled back by itself, gone on with after a crash.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { previewPrune, prune } from '../../../../web/server/images/prune.ts';
import { reconcile } from '../../../../web/server/reconcile/reconcile.ts';
import { actor, type Bench, environment, openBench, shop } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

test('a deployment serves when engine and HAProxy say so, and the act stands in the audit log around it', async () => {
  await bench.deployed();
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 1, previous: undefined });
  expect(bench.ingress.stable.get('shop')).toBe('r1');
  expect(bench.audited).toEqual(['open operation:deploy', 'close operation:deploy done']);
  const steps = bench.operations.steps(bench.operations.last('shop')!.id);
  const created = steps.findIndex(({ step, kind }) => step === 'service' && kind === 'done');
  expect(steps.findIndex(({ step, kind }) => step === 'service' && kind === 'intended')).toBeLessThan(created);
});

describe('an update', () => {
  test('is a service of its own; the one before stays warm and a rollback goes there at once', async () => {
    const service = await bench.deployed();
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
    const service = await bench.deployed();
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
    const service = await bench.deployed();
    bench.ingress.serversUp = 2;
    const ended = await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect(ended.outcome).toMatch(/does not reach 3 replicas/);
    expect(bench.ingress.stable.get('shop')).toBe('r1');
  });

  test('with a volume keeps its service', async () => {
    const service = await bench.deployed({ replicas: 1, volumes: [{ name: 'vol-data', path: '/data' }] });
    await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
    expect([...bench.engine.there.keys()]).toEqual(['shop-r1']);
    expect(bench.engine.there.get('shop-r1')!.Spec.TaskTemplate.ContainerSpec.Image).toBe('sha256:two');
    expect(bench.deployments.find('shop')).toMatchObject({ stable: 2 });
  });
});

test('a second operation waits for the first: it is refused', async () => {
  const service = await bench.deployed();
  const first = await service.update(actor, environment, 'shop', { image: 'two' });
  await expect(service.scale(actor, environment, 'shop', 5)).rejects.toMatchObject({ status: 409, kind: 'busy' });
  await bench.ended(first.operation);
});

test('an operation that a crash interrupts is gone on with, wherever it stood', async () => {
  await bench.deployed();
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
    await bench.deployed();
    bench.engine.there.delete('shop-r1');
    bench.ingress.stable.set('shop', 'r9');
    expect(await reconcile(bench.ports)).toEqual({
      ...{ kind: 'looked', problems: [] },
      repaired: ['shop-r1 was created', 'HAProxy was told anew'],
    });
    expect(await reconcile(bench.ports)).toEqual({ kind: 'looked', repaired: [], problems: [] });
  });

  test('removes nothing while HAProxy has not let go, nor when the engine cannot be asked', async () => {
    const service = await bench.deployed();
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
  const service = await bench.deployed({ keepRevisions: 2 });
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
  const service = await bench.deployed();
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
  await service.configure(environment, 'shop', { warmSeconds: 0, hosts: ['new.test'] });
  expect(bench.deployments.revision('shop', 1)!.warmUntil).toBeLessThanOrEqual(bench.now());
  expect(bench.ingress.routes[0]!.hosts).toEqual(['new.test']);
  expect(bench.deployments.find('shop')).toMatchObject({ stable: 2 });
});

test('a host is answered for by one deployment alone', async () => {
  const service = await bench.deployed();
  await expect(service.deploy(actor, environment, shop({ name: 'other' }))).rejects.toMatchObject({
    kind: 'host-taken',
  });
});

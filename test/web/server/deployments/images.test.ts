// Images of deployments on an engine in memory: where those run that were built here, and what pruning leaves.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { previewPrune, prune } from '../../../../web/server/images/prune.ts';
import { actor, type Bench, environment, openBench, shop } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

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

describe('pruning', () => {
  const pruneable = async () => {
    const service = await bench.deployed({ keepRevisions: 2 });
    for (const image of ['two', 'three'])
      await bench.ended((await service.update(actor, environment, 'shop', { image })).operation);
    for (const number of [1, 2]) bench.deployments.keepWarm('shop', number, 0);
    for (const name of ['one', 'two', 'three'])
      bench.engine.known.set(`sha256:${name}`, { Id: `sha256:${name}`, RepoTags: [], Size: 100 });
    return service;
  };

  test('tells the bytes that are freed, not those that other images have as well', async () => {
    await pruneable();
    const [Id, Size] = ['sha256:one', 100];
    bench.engine.images.list = () => Promise.resolve({ ok: true, value: [{ Id, Size, SharedSize: 90, Created: 0 }] });
    expect(await previewPrune(bench.ports, environment)).toMatchObject({ bytes: 10, images: [{ id: Id, bytes: 10 }] });
  });

  test('leaves the image of a revision that somebody goes back to meanwhile', async () => {
    const service = await pruneable();
    let begun: string | undefined;
    bench.engine.images.list = async () => {
      begun = (await service.rollback(actor, environment, 'shop', 'r1')).operation;
      return { ok: true, value: [] };
    };
    expect(await prune(bench.ports, environment)).toEqual({ revisions: 0, images: 0, bytes: 0, problems: [] });
    expect(await bench.ended(begun!)).toMatchObject({ state: 'done' });
    expect(bench.engine.done).not.toContain('remove sha256:one');
  });
});

describe('an image that was built on this host', () => {
  const id = `sha256:${'a'.repeat(64)}`;
  const constraints = (name: string) => bench.engine.there.get(name)?.Spec.TaskTemplate.Placement?.Constraints;

  test('keeps its replicas on the one node that has it', async () => {
    bench.ports.resolveImage = () => Promise.resolve({ kind: 'resolved', pinned: id, imageId: id, warning: undefined });
    await bench.deployed();
    expect(constraints('shop-r1')).toEqual(['node.id==n1']);
  });

  test('is taken to be on every node when it is named by its id', async () => {
    bench.ports.resolveImage = () => Promise.resolve({ kind: 'resolved', pinned: id, imageId: id, warning: undefined });
    await bench.deployed({ image: id });
    expect(constraints('shop-r1')).toEqual([]);
  });

  test('is refused where its volume lies on another node, with what to do', async () => {
    bench.ports.resolveImage = () => Promise.resolve({ kind: 'resolved', pinned: id, imageId: id, warning: undefined });
    bench.ports.volumeNode = () => Promise.resolve({ kind: 'node', node: 'n2' });
    const spec = shop({ replicas: 1, volumes: [{ name: 'vol-data', path: '/data' }] });
    const { operation } = await bench.service().deploy(actor, environment, spec);
    expect(await bench.ended(operation)).toMatchObject({
      state: 'failed',
      outcome: expect.stringMatching(/built on this host alone.*push it to a registry/),
    });
  });
});

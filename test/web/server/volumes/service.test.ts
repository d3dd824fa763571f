// Volumes: one environment's, on one node, made when they are first needed, never started empty elsewhere, and hard to lose.
import { beforeEach, expect, test } from 'vitest';
import type { Service } from '../../../../web/server/engine/objects.ts';
import { VolumeService } from '../../../../web/server/volumes/service.ts';
import type { VolumeRow } from '../../../../web/server/volumes/table.ts';
import { type SwarmEngine, swarmEngine } from '../../../fakes/swarm-engine.ts';

let engine: SwarmEngine;
let rows: VolumeRow[];
let volumes: VolumeService;
let mounting: string[];

beforeEach(() => {
  engine = swarmEngine();
  rows = [];
  mounting = [];
  volumes = new VolumeService({
    engine: engine.port,
    table: {
      list: (environment) => rows.filter((row) => row.environment === environment),
      all: () => rows,
      get: (name) => rows.find((row) => row.name === name),
      add: (row) => void rows.push(row),
      remove: (name) => {
        rows = rows.filter((row) => row.name !== name);
      },
    },
    environments: { byId: (id) => ({ archived: id === 'old' }) },
    mountedBy: () => mounting,
    unixSeconds: () => 7,
    monotonicSeconds: () => 7,
  });
});

const row = (name: string, more: Partial<VolumeRow> = {}): VolumeRow => ({
  ...{ name, environment: 'e1', node: 'n1', budget_bytes: null, created: 1 },
  ...more,
});

test('one is made on this node, with its environment on it', async () => {
  expect(await volumes.create('e1', 'vol-a', 10)).toMatchObject({
    name: 'vol-a',
    node: { id: 'n1' },
    bytes: 5,
    budgetBytes: 10,
    state: 'present',
  });
  expect(engine.volumes).toMatchObject([{ Name: 'vol-a', Labels: { odyssey_environment: 'e1' } }]);
  await expect(volumes.create('e2', 'vol-a', null)).rejects.toMatchObject({ kind: 'name-taken' });
  await expect(volumes.create('old', 'vol-b', null)).rejects.toMatchObject({ kind: 'archived' });
  expect(volumes.onNode('n1')).toEqual(['e1/vol-a']);
});

test.each([
  { given: 'somebody else’s', labels: {}, taken: true },
  { given: 'another environment’s', labels: { odyssey_environment: 'e2' }, taken: true },
  { given: 'this environment’s, of before a restore', labels: { odyssey_environment: 'e1' }, taken: false },
])('one that the engine has: $given', async ({ labels, taken }) => {
  engine.volumes.push({ Name: 'vol-a', Driver: 'local', Labels: labels });
  const made = volumes.create('e1', 'vol-a', null);
  if (taken) await expect(made).rejects.toMatchObject({ kind: 'name-taken' });
  else expect(await made).toMatchObject({ state: 'present' });
});

test.each([
  { given: 'none yet: made here', rows: [], names: ['vol-a', 'vol-b'], answer: { kind: 'node', node: 'n1' } },
  {
    given: 'on another node: there',
    rows: [row('vol-a', { node: 'n2' })],
    names: ['vol-a'],
    answer: { kind: 'node', node: 'n2' },
  },
  {
    given: 'on two nodes',
    rows: [row('vol-a'), row('vol-b', { node: 'n2' })],
    names: ['vol-a', 'vol-b'],
    answer: { kind: 'refused' },
  },
  {
    given: 'one on another node and a new one',
    rows: [row('vol-a', { node: 'n2' })],
    names: ['vol-a', 'vol-b'],
    answer: { kind: 'refused' },
  },
  {
    given: 'another environment’s',
    rows: [row('vol-a', { environment: 'e2' })],
    names: ['vol-a'],
    answer: { kind: 'refused' },
  },
])('the node of a deployment’s volumes, $given', async ({ rows: there, names, answer }) => {
  rows = there;
  expect(await volumes.nodeOf('e1', names)).toMatchObject(answer);
  if (answer.kind === 'refused') expect(engine.volumes).toEqual([]);
});

test('it goes only unused, from its own node, with its name typed', async () => {
  await volumes.create('e1', 'vol-a', null);
  await expect(volumes.remove('e2', 'vol-a', 'vol-a')).rejects.toMatchObject({ status: 404 });
  await expect(volumes.remove('e1', 'vol-a', 'vol-b')).rejects.toMatchObject({ kind: 'not-confirmed' });
  const Spec = {
    Labels: { odyssey_deployment: 'shop' },
    TaskTemplate: { ContainerSpec: { Mounts: [{ Source: 'vol-a' }] } },
  };
  engine.services.push({ Spec } as unknown as Service);
  await expect(volumes.remove('e1', 'vol-a', 'vol-a')).rejects.toMatchObject({ kind: 'in-use' });
  engine.services.length = 0;
  rows = [row('vol-a', { node: 'n2' })];
  await expect(volumes.remove('e1', 'vol-a', 'vol-a')).rejects.toMatchObject({ kind: 'elsewhere' });
  rows = [row('vol-a')];
  await volumes.remove('e1', 'vol-a', 'vol-a');
  expect([engine.volumes, rows]).toEqual([[], []]);
});

test('one that a deployment is recorded with stays, also while the engine has no service of it', async () => {
  await volumes.create('e1', 'vol-a', null);
  mounting = ['shop'];
  await expect(volumes.remove('e1', 'vol-a', 'vol-a')).rejects.toMatchObject({
    kind: 'in-use',
    message: expect.stringMatching(/shop/),
  });
});

test('one that is gone from its node is never begun anew by itself, only by a person who asks for it', async () => {
  await volumes.create('e1', 'vol-a', null);
  engine.volumes.length = 0;
  expect(await volumes.list('e1')).toMatchObject([{ state: 'missing' }]);
  expect(await volumes.nodeOf('e1', ['vol-a'])).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/is gone from its node/),
  });
  expect(engine.volumes).toEqual([]);
  await expect(volumes.create('e2', 'vol-a', null)).rejects.toMatchObject({ kind: 'name-taken' });
  expect(await volumes.create('e1', 'vol-a', null)).toMatchObject({ state: 'present' });
  expect(await volumes.nodeOf('e1', ['vol-a'])).toEqual({ kind: 'node', node: 'n1' });
});

test('while services cannot be listed none is called unused', async () => {
  await volumes.create('e1', 'vol-a', null);
  engine.port.services.list = () => Promise.resolve({ ok: false, failure: { kind: 'late', message: 'too late' } });
  await expect(volumes.list('e1')).rejects.toMatchObject({ status: expect.any(Number) });
});

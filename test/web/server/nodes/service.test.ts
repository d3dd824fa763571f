// Nodes at work: changes that meet another writer, and join tokens that are good for one node and an hour, also over a crash.
import { beforeEach, expect, test } from 'vitest';
import type { Node } from '../../../../web/server/engine/objects.ts';
import { NodeService } from '../../../../web/server/nodes/service.ts';
import type { JoinOffer } from '../../../../web/server/nodes/table.ts';
import { type SwarmEngine, swarmEngine } from '../../../fakes/swarm-engine.ts';

const node = (ID: string, Role: 'manager' | 'worker'): Node => ({
  ...{ ID, Version: { Index: 1 }, CreatedAt: '', Spec: { Role, Availability: 'active' } },
  Status: { State: 'ready' },
  ...(Role === 'manager' && { ManagerStatus: { Leader: ID === 'n1', Addr: '10.0.0.1:2377' } }),
});

let engine: SwarmEngine;
let offers: JoinOffer[];
let audited: string[];
let now: number;
let nodes: NodeService;

beforeEach(() => {
  engine = swarmEngine();
  engine.nodes.push(node('n1', 'manager'), node('n2', 'worker'));
  [offers, audited, now] = [[], [], 1_000];
  nodes = new NodeService({
    engine: engine.port,
    offers: {
      list: () => [...offers],
      put: (offer) => {
        offers = [...offers.filter(({ role }) => role !== offer.role), offer];
      },
      remove: (role) => {
        offers = offers.filter((one) => one.role !== role);
      },
    },
    volumesOn: (id) => (id === 'n2' ? ['e/vol-a'] : []),
    audit: {
      open: (act) => Promise.resolve({ ...act, seq: audited.push(act.action) }),
      close: (act, outcome) => Promise.resolve(void audited.push(`${act.action} ${outcome}`)),
    },
    unixSeconds: () => now,
    sleep: () => Promise.resolve(),
  });
});

function pass(seconds: number): void {
  now += seconds;
}

test('a change that meets another writer is made on what is there then', async () => {
  engine.stale.times = 2;
  expect(await nodes.change('n2', { labels: { disk: 'fast' }, despiteVolumes: false })).toMatchObject({
    labels: { disk: 'fast' },
  });
  engine.stale.times = 10;
  await expect(nodes.change('n2', { labels: {}, despiteVolumes: false })).rejects.toMatchObject({
    kind: 'changed-meanwhile',
  });
});

test('what would go wrong is refused, with the way around it', async () => {
  await expect(nodes.change('n1', { availability: 'drain', despiteVolumes: false })).rejects.toMatchObject({
    kind: 'last-manager',
  });
  await expect(nodes.change('n2', { availability: 'drain', despiteVolumes: false })).rejects.toMatchObject({
    kind: 'volume-node',
  });
  expect(await nodes.change('n2', { availability: 'drain', despiteVolumes: true })).toMatchObject({
    availability: 'drain',
  });
  await expect(nodes.setRole('n1', 'worker')).rejects.toMatchObject({ kind: 'last-manager' });
  expect(await nodes.setRole('n2', 'manager')).toMatchObject({ role: 'manager' });
  await expect(nodes.remove('n3')).rejects.toMatchObject({ status: 404 });
});

test('a token is new when it is shown', async () => {
  expect(await nodes.offer('worker')).toEqual({
    ...{ role: 'worker', token: 'worker-1', expires: 4_600 },
    command: 'docker swarm join --token worker-1 10.0.0.1:2377',
  });
  expect(JSON.stringify(offers)).not.toContain('worker-1');
});

test.each([
  { given: 'nobody joined yet', change: () => undefined, rotations: 1 },
  { given: 'a node has joined', change: () => void engine.nodes.push(node('n3', 'worker')), rotations: 2 },
  { given: 'an hour has passed', change: () => pass(3_600), rotations: 2 },
])('$given → $rotations rotations', async ({ change, rotations }) => {
  await nodes.offer('worker');
  change();
  await nodes.closeOffers();
  await nodes.closeOffers();
  expect(engine.rotations).toEqual({ worker: rotations, manager: 0 });
  expect(offers).toHaveLength(2 - rotations);
  expect(audited).toEqual(rotations === 1 ? [] : ['node:rotate-token', 'node:rotate-token done']);
});

test('withdrawn, both roles have new tokens', async () => {
  await nodes.offer('manager');
  await nodes.withdraw();
  expect([engine.rotations, offers]).toEqual([{ worker: 1, manager: 2 }, []]);
});

// What is refused of a node: what leaves no manager, what leaves a volume without its place, what is still alive.
import { expect, test } from 'vitest';
import type { NodeView } from '../../../../core/contracts/nodes.ts';
import { refuseAvailability, refuseRemoval, refuseRole } from '../../../../web/server/nodes/policy.ts';

const node = (id: string, more: Partial<NodeView> = {}): NodeView => ({
  ...{ id, name: id, state: 'ready', message: null, role: 'manager', availability: 'active', leader: false },
  ...{ reachability: null, address: null, labels: {}, cores: 1, memoryBytes: 1, engineVersion: null, platform: null },
  ...{ tasks: 0, volumes: [], local: false },
  ...more,
});
const worker = (id: string, more: Partial<NodeView> = {}) => node(id, { role: 'worker', ...more });

test.each([
  { given: 'the only node', one: node('a'), rest: [], wanted: 'drain', kind: 'last-manager' },
  {
    given: 'the only manager beside workers',
    one: node('a'),
    rest: [worker('b')],
    wanted: 'drain',
    kind: 'last-manager',
  },
  {
    given: 'a manager beside a drained one',
    one: node('a'),
    rest: [node('b', { availability: 'drain' })],
    wanted: 'drain',
    kind: 'last-manager',
  },
  {
    given: 'a manager beside one that is down',
    one: node('a'),
    rest: [node('b', { state: 'down' })],
    wanted: 'drain',
    kind: 'last-manager',
  },
  { given: 'a manager beside another', one: node('a'), rest: [node('b')], wanted: 'drain', kind: undefined },
  { given: 'a worker', one: worker('b'), rest: [node('a')], wanted: 'drain', kind: undefined },
  {
    given: 'a volume’s node',
    one: worker('b', { volumes: ['e/vol-a'] }),
    rest: [node('a')],
    wanted: 'drain',
    kind: 'volume-node',
  },
  {
    given: 'a volume’s node, knowingly',
    one: worker('b', { volumes: ['e/vol-a'] }),
    rest: [node('a')],
    wanted: 'drain',
    despite: true,
    kind: undefined,
  },
  { given: 'the only node, paused', one: node('a'), rest: [], wanted: 'pause', kind: undefined },
  {
    given: 'one that is drained already',
    one: node('a', { availability: 'drain' }),
    rest: [],
    wanted: 'drain',
    kind: undefined,
  },
] as const)('$given → $wanted: $kind', ({ one, rest, wanted, kind, ...more }) => {
  const refusal = refuseAvailability(one, [one, ...rest], wanted, 'despite' in more);
  expect(refusal?.kind).toBe(kind);
});

test.each([
  { given: 'the last manager', one: node('a'), rest: [worker('b')], role: 'worker', kind: 'last-manager' },
  {
    given: 'a manager beside one that is down',
    one: node('a'),
    rest: [node('b', { state: 'down' })],
    role: 'worker',
    kind: 'last-manager',
  },
  {
    given: 'the manager that Odyssey asks, of two',
    one: node('a', { local: true }),
    rest: [node('b')],
    role: 'worker',
    kind: 'own-node',
  },
  { given: 'one of two managers', one: node('a'), rest: [node('b')], role: 'worker', kind: undefined },
  { given: 'a worker to manager', one: worker('b'), rest: [node('a')], role: 'manager', kind: undefined },
  { given: 'a worker that is one', one: worker('b'), rest: [node('a')], role: 'worker', kind: undefined },
] as const)('$given: $kind', ({ one, rest, role, kind }) => {
  expect(refuseRole(one, [one, ...rest], role)?.kind).toBe(kind);
});

test.each([
  { given: 'a manager', one: node('a', { state: 'down' }), kind: 'still-manager' },
  { given: 'a worker that is up', one: worker('b'), kind: 'not-down' },
  { given: 'one with a volume', one: worker('b', { state: 'down', volumes: ['e/vol-a'] }), kind: 'volume-node' },
  { given: 'a worker that is down', one: worker('b', { state: 'down' }), kind: undefined },
] as const)('taking $given out of the list: $kind', ({ one, kind }) => expect(refuseRemoval(one)?.kind).toBe(kind));

// A node in the swarm's own words: what is not said is null, and what a lost node runs is not known.
import { expect, test } from 'vitest';
import { nodeView } from '../../../../core/contracts/nodes.ts';
import type { Node, Task } from '../../../../web/server/engine/objects.ts';
import { toNodeView } from '../../../../web/server/nodes/view.ts';

const node: Node = {
  ...{ ID: 'n1', Version: { Index: 1 }, CreatedAt: '' },
  Spec: { Role: 'manager', Availability: 'active', Labels: { disk: 'fast' } },
  Description: {
    ...{ Hostname: 'node-1', Platform: { OS: 'linux', Architecture: 'x86_64' }, Engine: { EngineVersion: '26.1.5' } },
    Resources: { NanoCPUs: 2e9, MemoryBytes: 4e9 },
  },
  Status: { State: 'ready', Addr: '10.0.0.1' },
  ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '10.0.0.1:2377' },
};
const task = (NodeID: string, State: string) => ({ NodeID, Status: { State } }) as Task;
const facts = {
  tasks: [task('n1', 'running'), task('n1', 'failed'), task('n2', 'running')],
  localNode: 'n1',
  volumesOn: () => ['e/v'],
};

test('everything that is said', () => {
  expect(nodeView.parse(toNodeView(node, facts))).toEqual({
    ...{
      id: 'n1',
      name: 'node-1',
      state: 'ready',
      message: null,
      role: 'manager',
      availability: 'active',
      leader: true,
    },
    ...{ reachability: 'reachable', address: '10.0.0.1', labels: { disk: 'fast' }, cores: 2, memoryBytes: 4e9 },
    ...{ engineVersion: '26.1.5', platform: 'linux/x86_64', tasks: 1, volumes: ['e/v'], local: true },
  });
});

test.each([
  {
    given: 'a node that is down',
    node: { ...node, Status: { State: 'down', Message: 'heartbeat failure' } },
    expected: { state: 'down', message: 'heartbeat failure', tasks: null, address: '10.0.0.1' },
  },
  { given: 'tasks that could not be read', node, tasks: undefined, expected: { tasks: null } },
  {
    given: 'a node of which nothing is known',
    node: {
      ...node,
      Description: undefined,
      ManagerStatus: undefined,
      Status: { State: 'unknown' },
    } as unknown as Node,
    expected: {
      name: 'n1',
      cores: null,
      memoryBytes: null,
      platform: null,
      reachability: null,
      address: null,
      leader: false,
    },
  },
])('$given', ({ node: given, expected, ...more }) => {
  const view = toNodeView(given, 'tasks' in more ? { ...facts, tasks: undefined } : facts);
  expect(nodeView.parse(view)).toMatchObject(expected);
});

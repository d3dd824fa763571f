// Why a replica is not well: its own past, and only what is really known of it.
import { expect, test } from 'vitest';
import { diagnoses } from '../../../../core/contracts/logs.ts';
import type { Container, Node, Service, Task } from '../../../../web/server/engine/objects.ts';
import { diagnose, type Findings } from '../../../../web/server/observed/diagnosis.ts';

const service = { ID: 's1', Spec: { Name: 'shop-r2' } } as Service;
const node = { ID: 'n1', Description: { Hostname: 'node-1' } } as Node;

function task(id: string, created: number, state: string, more: Partial<Task['Status']> = {}, slot = 1): Task {
  return {
    ...{
      ID: id,
      CreatedAt: new Date(created * 1000).toISOString(),
      UpdatedAt: '',
      ServiceID: 's1',
      Slot: slot,
      NodeID: 'n1',
    },
    ...{ DesiredState: state === 'running' ? 'running' : 'shutdown' },
    Spec: { ContainerSpec: { Labels: { odyssey_revision: 'r2' } } } as unknown as Task['Spec'],
    Status: { Timestamp: '2026-11-21T13:00:00Z', State: state, ...more },
  };
}

const container = {
  State: {
    Status: 'running',
    Running: true,
    ExitCode: 0,
    Health: { Status: 'unhealthy', Log: [{ Start: '2026-11-21T13:00:00Z', ExitCode: 1, Output: 'no' }] },
  },
} as unknown as Container;

const tell = (tasks: Task[], more: Partial<Findings> = {}) => {
  const findings = {
    services: [service],
    tasks,
    nodes: [node],
    containers: new Map(),
    ranOutOfMemory: () => undefined,
    ...more,
  };
  const items = diagnose(findings);
  diagnoses.parse({ items });
  return items;
};

test('a running one on this engine: its health and what its checks printed', () => {
  const [one] = tell([task('t1', 1, 'running', { ContainerStatus: { ContainerID: 'c1', ExitCode: 0 } })], {
    containers: new Map([['c1', container]]),
    ranOutOfMemory: () => false,
  });
  expect(one).toMatchObject({
    ...{ replica: 'shop-r2.1', revision: 'r2', node: 'node-1', state: 'running', reason: null, exitCode: null },
    ...{ outOfMemory: false, health: 'unhealthy', healthLog: [{ exitCode: 1, output: 'no', seconds: null }] },
  });
});

test('one on another node: its health is unknown, not good', () => {
  const [one] = tell([task('t1', 1, 'running', { ContainerStatus: { ContainerID: 'c1' } })], { nodes: [] });
  expect(one).toMatchObject({ node: 'n1', health: 'unknown', healthLog: null, outOfMemory: null });
});

test('137 alone is no lack of memory; with the engine’s word it is', () => {
  const died = [
    task('t1', 5, 'failed', {
      Err: 'task: non-zero exit (137)',
      ContainerStatus: { ContainerID: 'c1', ExitCode: 137 },
    }),
  ];
  expect(tell(died)[0]).toMatchObject({ exitCode: 137, outOfMemory: null, reason: 'task: non-zero exit (137)' });
  expect(tell(died, { ranOutOfMemory: (id, started) => id === 'c1' && started === 5 })[0]).toMatchObject({
    outOfMemory: true,
  });
});

test('one that has no place says why; it has no exit', () => {
  const [one] = tell([task('t1', 1, 'pending', { Err: 'no suitable node', Message: 'pending task scheduling' })]);
  expect(one).toMatchObject({ reason: 'no suitable node', exitCode: null, outOfMemory: null });
  expect(
    tell([task('t1', 1, 'rejected', { Err: 'No such image', ContainerStatus: { ExitCode: 0 } })])[0],
  ).toMatchObject({
    ...{ exitCode: null, reason: 'No such image' },
  });
});

test('of each replica the newest three, in the order of the slots; tasks of other services are not ours', () => {
  const tasks = [1, 2, 3, 4, 5].map((at) => task(`t${at}`, at, at === 5 ? 'running' : 'failed'));
  const other = { ...task('x', 9, 'running'), ServiceID: 's2' };
  const told = tell([...tasks, task('t10', 1, 'running', {}, 10), task('t2', 1, 'running', {}, 2), other]);
  expect(told.map(({ replica, state }) => `${replica} ${state}`)).toEqual([
    ...['shop-r2.1 running', 'shop-r2.1 failed', 'shop-r2.1 failed'],
    ...['shop-r2.2 running', 'shop-r2.10 running'],
  ]);
});

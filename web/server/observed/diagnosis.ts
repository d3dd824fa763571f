// Why a replica is not well, told without running anything in it: its task, its last exit, its health checks, its memory.
import type { z } from 'zod';
import type { replicaDiagnosis } from '../../../core/contracts/logs.ts';
import type { Container, Node, Service, Task } from '../engine/objects.ts';
import { healthLogOf, healthOf } from './containers.ts';

type Diagnosis = z.infer<typeof replicaDiagnosis>;

export interface Findings {
  services: readonly Service[];
  tasks: readonly Task[];
  nodes: readonly Node[];
  /** Containers of this engine by their ids; those of other nodes are not among them. */
  containers: ReadonlyMap<string, Container>;
  /** From the engine's events; undefined where they were not heard. */
  ranOutOfMemory(container: string, startedSeconds: number): boolean | undefined;
}

/** Of each slot the present task and the ones before it, as a replica that dies again and again is explained by its past. */
const pastOfSlot = 3;
const diagnosesMax = 200;

/** Newest first within a replica; replicas by name. */
export function diagnose(findings: Findings): Diagnosis[] {
  const names = new Map(findings.services.map((service) => [service.ID, service]));
  const bySlot = new Map<string, Task[]>();
  for (const task of findings.tasks.toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1))) {
    const service = names.get(task.ServiceID);
    if (service === undefined) continue;
    const replica = `${service.Spec.Name}.${task.Slot ?? 0}`;
    const tasks = bySlot.get(replica) ?? [];
    if (tasks.length < pastOfSlot) bySlot.set(replica, [...tasks, task]);
  }
  const replicas = [...bySlot].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return replicas
    .flatMap(([replica, tasks]) => tasks.map((task) => diagnoseTask(replica, task, findings)))
    .slice(0, diagnosesMax);
}

function diagnoseTask(replica: string, task: Task, { nodes, containers, ranOutOfMemory }: Findings): Diagnosis {
  const { State, Err, Message, Timestamp, ContainerStatus } = task.Status;
  const node = nodes.find(({ ID }) => ID === task.NodeID);
  const id = ContainerStatus?.ContainerID || undefined;
  const container = id === undefined ? undefined : containers.get(id);
  const over = ['complete', 'failed', 'shutdown', 'rejected', 'orphaned', 'remove'].includes(State);
  // Without a container of its own there is no exit: the engine fills the field with 0 all the same.
  const exitCode = over && id !== undefined ? (ContainerStatus?.ExitCode ?? null) : null;
  return {
    replica,
    revision: task.Spec.ContainerSpec.Labels['odyssey_revision'] ?? '',
    node: node?.Description?.Hostname ?? task.NodeID ?? null,
    ...{ state: State, desired: task.DesiredState, since: Timestamp },
    reason: Err || (over || State === 'pending' ? (Message ?? null) : null),
    exitCode,
    outOfMemory: id === undefined ? null : (ranOutOfMemory(id, Date.parse(task.CreatedAt) / 1000) ?? null),
    health: container === undefined ? 'unknown' : healthOf(container),
    healthLog: container === undefined ? null : healthLogOf(container),
  };
}

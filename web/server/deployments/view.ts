// Deployments as people see them: what is recorded, joined with what the engine and HAProxy say at this moment.
import type {
  DeploymentDetail,
  DeploymentView,
  Operation,
  Replica,
  RevisionView,
  Routing,
} from '../../../core/contracts/deployments.ts';
import type { Task } from '../engine/objects.ts';
import { warningsOf } from './change.ts';
import { networkOf, ownLabels, revisionOf } from './names.ts';
import type { OperationRecord } from './operations.ts';
import { decideState } from './state.ts';
import type { Deployment, Revision } from './store.ts';
import { explainTask, readTasks } from './task-reading.ts';

export interface ViewInput {
  deployment: Deployment;
  /** Newest first. */
  revisions: readonly Revision[];
  /** Tasks of all its services; undefined where the engine could not be asked. */
  tasks: readonly Task[] | undefined;
  routing: Routing;
  running: OperationRecord | undefined;
  last: OperationRecord | undefined;
}

/** Names of nodes by their ids; empty where the engine could not be asked. */
export type NodeNames = ReadonlyMap<string, string>;

export function viewDeployment(input: ViewInput): DeploymentView {
  const { deployment, revisions, running, last } = input;
  const newest = revisions[0]!;
  const main = revisions.find(({ number }) => number === deployment.stable) ?? newest;
  const tasks = input.tasks === undefined ? undefined : readTasks(tasksOf(input.tasks, main));
  const wanted = deployment.stopped ? 0 : deployment.settings.replicas;
  const { state, reason } = decideState({
    ...{ stopped: deployment.stopped, wanted, tasks, busy: running !== undefined },
    serves: deployment.stable !== undefined,
    routing: routingFor(input, main),
    stable: deployment.stable === undefined ? undefined : revisionOf(deployment.stable),
    pinned: main.pinned,
    failure: last?.state === 'failed' ? last.outcome : '',
  });
  return {
    ...{ name: deployment.name, environment: deployment.environment, state, reason },
    ...{ image: main.spec.image, pinned: main.pinned, newest: revisionOf(newest.number) },
    stable: deployment.stable === undefined ? null : revisionOf(deployment.stable),
    ...{ hosts: deployment.settings.hosts, port: main.spec.port ?? null, sticky: deployment.settings.sticky },
    ...{ keepRevisions: deployment.settings.keepRevisions, warmSeconds: deployment.settings.warmSeconds },
    stopped: deployment.stopped,
    replicas: { wanted, running: tasks?.running ?? null },
    created: deployment.created,
    operation: running?.id ?? last?.id ?? null,
    warnings: warningsOf(main.spec, deployment.settings),
  };
}

export function viewDetail(input: ViewInput, nodeNames: NodeNames): DeploymentDetail {
  const { deployment, revisions, tasks } = input;
  const main = revisions.find(({ number }) => number === deployment.stable) ?? revisions[0]!;
  return {
    ...viewDeployment(input),
    tasks:
      tasks === undefined
        ? null
        : tasks
            .map((task) => viewTask(task, input, nodeNames))
            .sort(newestFirst)
            .slice(0, tasksShownMax),
    routing: routingFor(input, main),
    runningImages: tasks === undefined ? null : [...readTasks(tasksOf(tasks, main)).images],
    network: networkOf(deployment.environment),
  };
}

const tasksShownMax = 100;

function newestFirst(a: Replica, b: Replica): number {
  return Number(b.desired === 'running') - Number(a.desired === 'running') || b.since - a.since;
}

/** What HAProxy says counts only for a deployment that listens. */
function routingFor({ routing }: ViewInput, main: Revision): Routing {
  return main.spec.port === undefined ? { kind: 'none', reason: 'It listens on no port.' } : routing;
}

function tasksOf(tasks: readonly Task[], revision: Revision): Task[] {
  const name = revisionOf(revision.number);
  return tasks.filter(({ Spec }) => Spec.ContainerSpec.Labels?.[ownLabels.revision] === name);
}

function viewTask(task: Task, { deployment, revisions }: ViewInput, nodeNames: NodeNames): Replica {
  const labels = task.Spec.ContainerSpec.Labels ?? {};
  const revision = labels[ownLabels.revision] ?? '';
  const { Status } = task;
  const of = revisions.find(({ number }) => revisionOf(number) === revision);
  return {
    name: `${of?.service ?? revision}.${task.Slot ?? 0}`,
    task: task.ID,
    node: task.NodeID ?? null,
    nodeName: nodeNames.get(task.NodeID ?? '') ?? null,
    place: of?.result === 'pending' ? 'coming' : of?.number === deployment.stable ? 'stable' : 'warm',
    container: Status.ContainerStatus?.ContainerID ?? null,
    ...{ revision, state: Status.State, desired: task.DesiredState },
    reason: Status.State === 'running' ? '' : explainTask(task),
    exitCode: Status.State === 'running' ? null : (Status.ContainerStatus?.ExitCode ?? null),
    since: Date.parse(Status.Timestamp) / 1000,
    image: task.Spec.ContainerSpec.Image,
  };
}

export function viewRevision(
  revision: Revision,
  { stable }: Deployment,
  now: number,
  running: number | undefined,
  nameOf: (person: string) => string | undefined,
): RevisionView {
  const isStable = revision.number === stable;
  const warm = revision.warmUntil > now;
  return {
    ...{ revision: revisionOf(revision.number), image: revision.spec.image, pinned: revision.pinned },
    envNames: Object.keys(revision.spec.env).sort(),
    limits: revision.spec.limits,
    specHash: revision.specHash,
    author: nameOf(revision.author) ?? revision.author,
    ...{ created: revision.created, result: revision.result, reason: revision.reason },
    seconds: revision.seconds ?? null,
    place: revision.pruned ? 'pruned' : isStable ? 'stable' : warm ? 'warm' : 'cold',
    replicas: running ?? null,
  };
}

export function viewOperation(
  { person, actor: _, revision, ended, ...rest }: OperationRecord,
  nameOf: (person: string) => string | undefined,
): Operation {
  return {
    ...rest,
    revision: revision === undefined ? null : revisionOf(revision),
    actor: nameOf(person) ?? person,
    ended: ended ?? null,
  };
}

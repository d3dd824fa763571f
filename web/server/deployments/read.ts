// Reads deployments for people: one round of questions to the engine and to HAProxy for a whole list.

import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type {
  DeploymentDetail,
  DeploymentView,
  Operation,
  OperationStep,
  RevisionDiff,
  RevisionView,
  Routing,
} from '../../../core/contracts/deployments.ts';
import type { Task } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import type { StreamEvent } from '../http/event-stream.ts';
import type { IngressPort, IngressReading } from '../ingress/port.ts';
import { UserError } from '../user-error.ts';
import { diff } from './diff.ts';
import { numberOf, ownLabels, revisionOf } from './names.ts';
import type { OperationRecord, OperationStore } from './operations.ts';
import { routingOf } from './read-back.ts';
import type { Deployment, DeploymentStore, Revision } from './store.ts';
import { readTasks } from './task-reading.ts';
import { type ViewInput, viewDeployment, viewDetail, viewOperation, viewRevision } from './view.ts';

export interface ReadPorts {
  engine: EnginePort;
  ingress: IngressPort;
  deployments: DeploymentStore;
  operations: OperationStore;
  nameOf(person: string): string | undefined;
  unixSeconds(): number;
}

export class DeploymentReader {
  private readonly ports: ReadPorts;

  constructor(ports: ReadPorts) {
    this.ports = ports;
  }

  async list(environment: string): Promise<DeploymentView[]> {
    const { deployments, engine, ingress } = this.ports;
    const listed = deployments.list(environment);
    if (listed.length === 0) return [];
    const [tasks, reading] = await Promise.all([engine.tasks.list(), ingress.read()]);
    const byName = tasks.ok ? Map.groupBy(tasks.value, deploymentOf) : undefined;
    return listed.map((one) =>
      viewDeployment(this.inputOf(one, byName === undefined ? undefined : (byName.get(one.name) ?? []), reading)),
    );
  }

  async detail(environment: string, name: string): Promise<DeploymentDetail> {
    const deployment = this.ports.deployments.get(environment, name);
    const { engine, ingress } = this.ports;
    const [tasks, reading, nodes] = await Promise.all([this.tasksOf(deployment), ingress.read(), engine.nodes.list()]);
    const named = nodes.ok ? nodes.value.map(({ ID, Description }) => [ID, Description?.Hostname || ID] as const) : [];
    return viewDetail(this.inputOf(deployment, tasks, reading), new Map(named));
  }

  async revisions(environment: string, name: string): Promise<RevisionView[]> {
    const deployment = this.ports.deployments.get(environment, name);
    const tasks = await this.tasksOf(deployment);
    return this.ports.deployments.revisions(name).map((one) => this.viewRevision(deployment, one, tasks));
  }

  /** With the values of its environment: for whoever may write them. */
  spec(environment: string, name: string, revision: string): RevisionSpec {
    return this.revision(environment, name, revision).spec;
  }

  diff(environment: string, name: string, from: string, to: string): RevisionDiff {
    const [a, b] = [this.revision(environment, name, from), this.revision(environment, name, to)];
    return diff({ ...a, revision: from }, { ...b, revision: to });
  }

  operations(environment: string, name: string): Operation[] {
    this.ports.deployments.get(environment, name);
    return this.ports.operations.list(name, 100).map((one) => viewOperation(one, this.ports.nameOf));
  }

  operation(environment: string, id: string): Operation & { steps: OperationStep[] } {
    const found = this.record(environment, id);
    return { ...viewOperation(found, this.ports.nameOf), steps: this.ports.operations.steps(id) };
  }

  /** Steps after `after` as they are noted, until the operation has ended; then the operation itself. */
  follow(environment: string, id: string, after: number, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    this.record(environment, id); // an unknown one is refused before the stream begins
    return this.stream(environment, id, after, signal);
  }

  private async *stream(environment: string, id: string, after: number, signal: AbortSignal) {
    const { operations, nameOf } = this.ports;
    let wake: () => void = () => undefined;
    const stop = operations.watch(id, () => wake());
    const abort = () => wake();
    signal.addEventListener('abort', abort);
    try {
      for (let seq = after; !signal.aborted; ) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const { state } = this.record(environment, id);
        for (const step of operations.steps(id, seq)) {
          yield { event: 'step', data: step, id: String(step.seq) };
          seq = step.seq;
        }
        if (state !== 'running') {
          yield { event: 'end', data: viewOperation(this.record(environment, id), nameOf) };
          return;
        }
        if (!signal.aborted) await woken;
      }
    } finally {
      stop();
      signal.removeEventListener('abort', abort);
    }
  }

  private record(environment: string, id: string): OperationRecord {
    const found = this.ports.operations.get(id);
    if (found === undefined || found.environment !== environment)
      throw new UserError(404, 'not-found', 'There is no such operation in this environment; list them again.');
    return found;
  }

  private revision(environment: string, name: string, revision: string): Revision {
    this.ports.deployments.get(environment, name);
    const found = this.ports.deployments.revision(name, numberOf(revision));
    if (found === undefined)
      throw new UserError(404, 'not-found', `${name} has no ${revision}; list its revisions again.`);
    return found;
  }

  private viewRevision(deployment: Deployment, one: Revision, tasks: readonly Task[] | undefined): RevisionView {
    const own = tasks?.filter(({ Spec }) => Spec.ContainerSpec.Labels?.[ownLabels.revision] === revisionOf(one.number));
    const running = own === undefined ? undefined : readTasks(own).running;
    return viewRevision(one, deployment, this.ports.unixSeconds(), running, this.ports.nameOf);
  }

  private inputOf(deployment: Deployment, tasks: readonly Task[] | undefined, reading: IngressReading): ViewInput {
    const { deployments, operations } = this.ports;
    const routing: Routing = routingOf(reading, deployment.name);
    return {
      ...{ deployment, tasks, routing },
      revisions: deployments.revisions(deployment.name),
      running: operations.running(deployment.name),
      last: operations.last(deployment.name),
    };
  }

  private async tasksOf({ name }: Deployment): Promise<readonly Task[] | undefined> {
    const tasks = await this.ports.engine.tasks.list();
    return tasks.ok ? tasks.value.filter((task) => deploymentOf(task) === name) : undefined;
  }
}

function deploymentOf(task: Task): string {
  return task.Spec.ContainerSpec?.Labels?.[ownLabels.deployment] ?? '';
}

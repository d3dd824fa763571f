// Deployments as metrics: how many replicas they shall have, how many run, and how many have failed since this process looks.
import { counter, gauge, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { Task } from '../engine/objects.ts';
import { ownLabels, revisionOf } from './names.ts';
import type { Deployment } from './store.ts';
import { isFailed, readTasks } from './task-reading.ts';

export const deploymentMetrics: readonly Metric[] = [
  gauge('odyssey_deployment_replicas_wanted', 'Replicas that the stable revision shall have; 0 while it is stopped.'),
  gauge(
    'odyssey_deployment_replicas_running',
    'Replicas of the stable revision that run and pass their check; absent while the engine cannot be asked.',
  ),
  counter(
    'odyssey_deployment_tasks_failed_total',
    'Replicas of the stable revision that ended or could not start, each of which the engine replaces.',
  ),
];

/** Two looks and a half: a look that is older says nothing of now. */
const freshSeconds = 40;

interface Kept {
  /** Failed tasks that are counted, of those that the engine still keeps: some five a replica. */
  counted: ReadonlySet<string>;
  failedTotal: number;
  /** Undefined where no revision serves yet. */
  running: number | undefined;
}

export class DeploymentFigures {
  #kept = new Map<string, Kept>();
  #looked: number | undefined;

  /** Failures that are there at the first look were before our time: they are not counted. `now` is monotonic, in seconds. */
  look(deployments: readonly Deployment[], tasks: readonly Task[], now: number): void {
    const byName = Map.groupBy(tasks, ({ Spec }) => Spec.ContainerSpec?.Labels?.[ownLabels.deployment] ?? '');
    const isFirst = this.#looked === undefined;
    this.#kept = new Map(
      deployments.map((one) => [one.name, this.#read(one, byName.get(one.name) ?? [], isFirst)] as const),
    );
    this.#looked = now;
  }

  /** What is wanted is recorded, so it is always known; a deployment without a stable revision serves nobody yet. */
  samples(deployments: readonly Deployment[], now: number): Sample[] {
    const isFresh = this.#looked !== undefined && now - this.#looked <= freshSeconds;
    return deployments
      .filter(({ stable, removing }) => stable !== undefined && !removing)
      .flatMap(({ name, environment, stopped, settings }) => {
        const labels = { environment, deployment: name };
        const { running, failedTotal } = this.#kept.get(name) ?? {};
        return [
          sample('odyssey_deployment_replicas_wanted', stopped ? 0 : settings.replicas, labels),
          ...(isFresh && running !== undefined ? [sample('odyssey_deployment_replicas_running', running, labels)] : []),
          ...(failedTotal === undefined ? [] : [sample('odyssey_deployment_tasks_failed_total', failedTotal, labels)]),
        ];
      });
  }

  #read({ name, stable }: Deployment, tasks: readonly Task[], isFirst: boolean): Kept {
    const before = this.#kept.get(name);
    const own = tasks.filter(
      ({ Spec }) => stable !== undefined && Spec.ContainerSpec.Labels?.[ownLabels.revision] === revisionOf(stable),
    );
    const failed = new Set(own.filter(hasFailedItself).map(({ ID }) => ID));
    // One that is forgotten by the engine does not come back, so it need not be remembered.
    const fresh = isFirst ? 0 : [...failed].filter((id) => !before?.counted.has(id)).length;
    return {
      counted: failed,
      failedTotal: (before?.failedTotal ?? 0) + fresh,
      running: stable === undefined ? undefined : readTasks(own).running,
    };
  }
}

/** Tasks of a node that was lost have not failed themselves. */
function hasFailedItself(task: Task): boolean {
  return isFailed(task) && task.Status.State !== 'orphaned';
}

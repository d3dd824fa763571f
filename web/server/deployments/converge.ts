// Makes a revision's service what it should be, and waits until the engine's tasks say that it is. Every step may be repeated.
import type { Service, ServiceSpec, Task } from '../engine/objects.ts';
import type { EngineAnswer, EngineFailure, EnginePort, RegistryAuth } from '../engine/port.ts';
import { networkOf, ownLabels, readLabels } from './names.ts';
import { isAlive, isFailed, readTasks, type TaskReading } from './task-reading.ts';

export interface ConvergePorts {
  engine: EnginePort;
  /** Now, ISO 8601 in UTC, as the engine writes times. */
  isoTime(): string;
  monotonicSeconds(): number;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export type Converged = { kind: 'created' | 'updated' | 'same' | 'left' } | { kind: 'failed'; failure: EngineFailure };

const staleTriesMax = 5;

/**
 * Asked right before the engine is told anything, and after it was looked at; false: it is left as it is. Whoever else changes the service
 * after the answer makes the write stale, so that it is asked again.
 */
export type Leave = () => Promise<boolean>;

/** Creates the service or updates what differs. One that is there under the name and is none of ours is left alone. */
export async function converge(
  { engine }: ConvergePorts,
  spec: ServiceSpec,
  auth: RegistryAuth | undefined,
  leave: Leave = () => Promise.resolve(true),
): Promise<Converged> {
  for (let tries = 0; ; tries++) {
    const there = await engine.services.inspect(spec.Name);
    const done = there.ok
      ? await update(engine, there.value, spec, auth, leave)
      : there.failure.kind === 'missing'
        ? await create(engine, spec, auth, leave)
        : { kind: 'failed' as const, failure: there.failure };
    // Somebody else was faster: what there is now is looked at again.
    const again = done.kind === 'failed' && ['stale', 'conflict'].includes(done.failure.kind);
    if (!again || tries >= staleTriesMax) return done;
  }
}

async function create(
  engine: EnginePort,
  spec: ServiceSpec,
  auth: RegistryAuth | undefined,
  leave: Leave,
): Promise<Converged> {
  if (!(await leave())) return { kind: 'left' };
  const made = await engine.services.create(spec, auth);
  return made.ok ? { kind: 'created' } : { kind: 'failed', failure: made.failure };
}

async function update(
  engine: EnginePort,
  there: Service,
  spec: ServiceSpec,
  auth: RegistryAuth | undefined,
  leave: Leave,
): Promise<Converged> {
  const own = readLabels(there.Spec.Labels);
  if (own === undefined || own.deployment !== spec.Labels[ownLabels.deployment])
    return {
      kind: 'failed',
      failure: {
        kind: 'refused',
        message: `There is a service ${spec.Name} that Odyssey has not made; it is left alone.`,
      },
    };
  if (isSame(there.Spec, spec)) return { kind: 'same' };
  if (!(await leave())) return { kind: 'left' };
  const done = await engine.services.update(spec.Name, there.Version.Index, spec, auth);
  return done.ok ? { kind: 'updated' } : { kind: 'failed', failure: done.failure };
}

/**
 * What can be compared: what we label it with, and what somebody may have changed behind our back with a word to the engine. The broker
 * gives no values of the environment; the hash of the specification covers those as long as nobody else writes.
 */
function isSame(there: ServiceSpec, wanted: ServiceSpec): boolean {
  const facts = ({ Labels, Mode, TaskTemplate: { ContainerSpec, Resources, Placement, ForceUpdate } }: ServiceSpec) => {
    const { Image, Command, Args, User, Env, Mounts, Secrets, ReadOnly } = ContainerSpec;
    const { MemoryBytes, NanoCPUs, Pids } = Resources?.Limits ?? {};
    return JSON.stringify([
      ...[Labels[ownLabels.spec], Labels[ownLabels.revision], Labels[ownLabels.networks] ?? ''],
      ...[Mode.Replicated?.Replicas, Image, ForceUpdate ?? 0, secretsOf(Secrets), Placement?.Constraints ?? []],
      ...[Command ?? [], Args ?? [], User ?? '', ReadOnly ?? false, [MemoryBytes ?? 0, NanoCPUs ?? 0, Pids ?? 0]],
      (Env ?? []).map((line) => line.split('=', 1)[0]).sort(),
      (Mounts ?? []).map(({ Type, Source, Target, ReadOnly: only }) => [Type, Source ?? '', Target, only ?? false]),
    ]);
  };
  return facts(there) === facts(wanted);
}

/** Whether the task was started from this very specification, not from the one before it. */
function isOf(task: Task, wanted: ServiceSpec): boolean {
  const { ContainerSpec, ForceUpdate } = task.Spec;
  const { TaskTemplate } = wanted;
  return (
    ContainerSpec.Image === TaskTemplate.ContainerSpec.Image &&
    ContainerSpec.Labels?.[ownLabels.revision] === TaskTemplate.ContainerSpec.Labels[ownLabels.revision] &&
    ContainerSpec.Labels[ownLabels.networks] === TaskTemplate.ContainerSpec.Labels[ownLabels.networks] &&
    (ForceUpdate ?? 0) === (TaskTemplate.ForceUpdate ?? 0) &&
    secretsOf(ContainerSpec.Secrets).join() === secretsOf(TaskTemplate.ContainerSpec.Secrets).join()
  );
}

function secretsOf(secrets: readonly { SecretName: string }[] | null | undefined): string[] {
  return (secrets ?? []).map(({ SecretName }) => SecretName).sort();
}

/** The environment's overlay, made where it is missing. */
export async function ensureNetwork(engine: EnginePort, environment: string): Promise<EngineAnswer<unknown>> {
  const name = networkOf(environment);
  const there = await engine.networks.inspect(name);
  if (there.ok || there.failure.kind !== 'missing') return there;
  const made = await engine.networks.create({
    ...{ Name: name, Driver: 'overlay', Attachable: true },
    Labels: { [ownLabels.environment]: environment },
  });
  return made.ok || made.failure.kind !== 'conflict' ? made : { ok: true, value: undefined };
}

export interface WaitOptions {
  spec: ServiceSpec;
  /** So many have to run. */
  replicas: number;
  /** For so long without a failure. */
  monitorSeconds: number;
  deadlineSeconds: number;
  /** Tasks that had failed before anything was changed: they say nothing of what comes. */
  ignored: ReadonlySet<string>;
  /** Called when what is to be told changes. */
  tell(text: string): void;
  signal?: AbortSignal;
}

export type Waited = { kind: 'healthy'; reading: TaskReading } | { kind: 'failed'; reason: string };

const pollSeconds = 0.3;

/**
 * Waits for tasks, never for the engine's word about its update: that may still be the one before. The first failure of a task of this
 * specification ends it, unless the engine was away meanwhile: what it lost then is no fault of the application.
 */
export async function untilHealthy(ports: ConvergePorts, options: WaitOptions): Promise<Waited> {
  const { spec, replicas, monitorSeconds, deadlineSeconds, ignored, tell, signal } = options;
  const began = ports.monotonicSeconds();
  let [since, told, away] = ['', '', false];
  let healthyAt: number | undefined;
  let reason = '';
  for (;;) {
    const answer = await ports.engine.tasks.list({ service: [spec.Name] });
    const now = ports.monotonicSeconds();
    if (answer.ok) {
      if (away) since = ports.isoTime();
      away = false;
      const reading = readTasks(
        answer.value.filter((task) => isOf(task, spec) && !ignored.has(task.ID)),
        since,
      );
      if (reading.failed > 0) return { kind: 'failed', reason: await explainFailure(ports.engine, reading) };
      const text = progressOf(reading, replicas);
      if (text !== told) tell(text);
      told = text;
      reason = reading.reason;
      healthyAt = reading.running >= replicas ? (healthyAt ?? now) : undefined;
      if (healthyAt !== undefined && now - healthyAt >= monitorSeconds) return { kind: 'healthy', reading };
    } else {
      away = true;
      healthyAt = undefined;
      reason = answer.failure.message;
    }
    if (signal?.aborted) return { kind: 'failed', reason: 'The control plane is stopping.' };
    if (now - began >= deadlineSeconds)
      return { kind: 'failed', reason: `Not healthy within ${deadlineSeconds} s. ${reason}`.trim() };
    await ports.sleep(pollSeconds, signal);
  }
}

/**
 * An application that ends well when its health check has failed looks as if it had ended by itself, and one that ran out of memory as if
 * somebody had killed it: its container knows better, while it is on this node.
 */
async function explainFailure(engine: EnginePort, { culprit, reason }: TaskReading): Promise<string> {
  const id = culprit?.Status.ContainerStatus?.ContainerID;
  const container = id === undefined || id === '' ? undefined : await engine.containers.inspect(id);
  if (!container?.ok) return reason;
  const { OOMKilled, Health } = container.value.State;
  if (OOMKilled) return 'The application ran out of memory; raise its limit.';
  // Of a container that ended by itself the engine also says that it is unhealthy, after no failed check.
  if (Health?.Status !== 'unhealthy' || (Health.FailingStreak ?? 0) === 0) return reason;
  const output = Health.Log?.at(-1)?.Output?.trim().slice(0, 300) ?? '';
  return `The health check failed ${Health.FailingStreak} times in a row.${output === '' ? '' : ` It said: ${output}`}`;
}

function progressOf({ running, starting, waiting, reason }: TaskReading, replicas: number): string {
  const counts = `${running} of ${replicas} healthy, ${starting} starting, ${waiting} waiting`;
  return reason === '' ? counts : `${counts}: ${reason}`;
}

/** Tasks of the service that have failed by now; none where it is not there yet or nobody can tell. */
export async function failedTasks({ tasks }: Pick<EnginePort, 'tasks'>, service: string): Promise<ReadonlySet<string>> {
  const answer = await tasks.list({ service: [service] });
  return new Set(answer.ok ? answer.value.filter(isFailed).map(({ ID }) => ID) : []);
}

/**
 * Waits until no task of the deployment runs any more, those of removed services too; undefined, or why not. They are asked for by their
 * label: the engine knows no tasks of a service that is gone, while its containers may still be stopping.
 */
export async function untilEnded(
  ports: ConvergePorts,
  deployment: string,
  deadlineSeconds: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const began = ports.monotonicSeconds();
  for (;;) {
    const answer = await ports.engine.tasks.list({ label: [`${ownLabels.deployment}=${deployment}`] });
    const left = answer.ok ? answer.value.filter(isAlive).length : undefined;
    if (left === 0) return undefined;
    if (!answer.ok && answer.failure.kind === 'no-swarm') return undefined;
    if (signal.aborted) return 'The control plane is stopping.';
    if (ports.monotonicSeconds() - began >= deadlineSeconds)
      return answer.ok
        ? `${left} replicas of ${deployment} have not ended within ${deadlineSeconds} s; look at the nodes that they are on.`
        : `Whether its replicas have ended is unknown: ${answer.failure.message}`;
    await ports.sleep(pollSeconds, signal);
  }
}

// The state of a deployment from what has been read: never from what was ordered, and unknown where nothing could be read.
import type { DeploymentState, Routing } from '../../../core/contracts/deployments.ts';
import type { TaskReading } from './task-reading.ts';

export interface StateInput {
  /** A person has stopped it. */
  stopped: boolean;
  /** Replicas that shall run. */
  wanted: number;
  /** Whether any revision has ever served. */
  serves: boolean;
  /** Tasks of the stable revision, or of the first one while none serves; undefined: the engine could not be asked. */
  tasks: TaskReading | undefined;
  /** Of a deployment that the ingress leads to. */
  routing: Routing;
  /** The stable revision, as it is recorded. */
  stable: string | undefined;
  /** What its revision is pinned to: what its replicas have to run. Empty until it is resolved. */
  pinned: string;
  /** Why the last operation failed, where it did; empty otherwise. */
  failure: string;
  /** Whether an operation goes on. */
  busy: boolean;
}

export interface StateReading {
  state: DeploymentState;
  reason: string;
}

export function decideState(input: StateInput): StateReading {
  const { tasks, stopped, wanted, serves, busy, failure } = input;
  if (tasks === undefined) return { state: 'unknown', reason: 'The engine cannot be asked.' };
  if (stopped || wanted === 0) {
    const left = tasks.running + tasks.stopping;
    return left === 0
      ? { state: 'stopped', reason: '' }
      : { state: 'degraded', reason: `${left} replicas have still to stop.` };
  }
  if (!serves && !busy && failure !== '') return { state: 'failed', reason: failure };
  if (tasks.running < wanted) return below(input, tasks);
  const strange = tasks.images.filter((image) => image !== input.pinned);
  if (serves && strange.length > 0)
    return { state: 'degraded', reason: `Replicas run ${strange.join(', ')} instead of ${input.pinned}.` };
  return routed(input, tasks);
}

/** Fewer replicas than wanted: on the way, or in trouble. */
function below(
  { wanted, busy, serves }: StateInput,
  { running, waiting, starting, reason, failed }: TaskReading,
): StateReading {
  const counted = `${running} of ${wanted} replicas run.`;
  const said = reason === '' ? counted : `${counted} ${reason}`;
  if (running > 0 && serves) return { state: 'degraded', reason: said };
  if (failed > 0 && !busy) return { state: 'failed', reason: said };
  if (starting > 0 || running > 0) return { state: 'starting', reason };
  if (waiting > 0 || busy) return { state: 'scheduling', reason };
  return { state: 'failed', reason: said };
}

/** All replicas run; whether requests reach them is for HAProxy to say. */
function routed({ routing, stable, wanted }: StateInput, { running }: TaskReading): StateReading {
  if (routing.kind === 'none') return { state: 'running', reason: '' };
  if (routing.kind === 'unknown')
    return {
      state: 'degraded',
      reason: `Its replicas run, but whether requests reach them is unknown: ${routing.reason}`,
    };
  if (routing.stable !== (stable ?? null))
    return {
      state: stable === undefined ? 'starting' : 'degraded',
      reason: `HAProxy sends requests to ${routing.stable ?? 'nothing'}, ${stable ?? 'nothing'} is recorded.`,
    };
  const up = routing.backends.find(({ revision }) => revision === stable)?.serversUp ?? 0;
  if (up < Math.min(wanted, running))
    return { state: 'degraded', reason: `HAProxy reaches ${up} of ${running} running replicas.` };
  return { state: 'running', reason: '' };
}

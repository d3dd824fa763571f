// What the engine's tasks say about a revision: how many serve, how far the others are, and why what failed did.
import type { Task } from '../engine/objects.ts';

export interface TaskReading {
  /** Tasks that run and, where there is a health check, pass it. */
  running: number;
  /** Not placed on a node yet. */
  waiting: number;
  /** Placed, but not running yet: image, container, health check. */
  starting: number;
  /** Told to stop, and still at it. */
  stopping: number;
  /** Failures among all tasks that are known, old ones too; tasks that were told to stop do not count. */
  failed: number;
  /** Images that the running tasks were told to run. */
  images: readonly string[];
  /** Why a task waits or the last one failed; empty where nothing is wrong. */
  reason: string;
  /** The task that failed last. */
  culprit: Task | undefined;
}

const waiting = new Set(['new', 'pending', 'allocated']);
const starting = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting']);
const alive = new Set(['preparing', 'ready', 'starting', 'running']);
const broken = new Set(['failed', 'rejected', 'orphaned', 'complete']);

/** Tasks that ended before `since` (ISO 8601) count for nothing: they belong to an earlier try. */
export function readTasks(tasks: readonly Task[], since = ''): TaskReading {
  const wanted = tasks.filter(({ DesiredState }) => DesiredState === 'running' || DesiredState === 'ready');
  const inState = (states: ReadonlySet<string>) => wanted.filter(({ Status }) => states.has(Status.State));
  const running = wanted.filter(({ Status, DesiredState }) => Status.State === 'running' && DesiredState === 'running');
  const failed = tasks
    .filter((task) => isFailed(task) && task.Status.Timestamp >= since)
    .sort((a, b) => a.Status.Timestamp.localeCompare(b.Status.Timestamp));
  const stuck = inState(waiting).find(({ Status }) => (Status.Err ?? '') !== '');
  const last = failed.at(-1);
  return {
    running: running.length,
    waiting: inState(waiting).length,
    starting: inState(starting).length,
    stopping: tasks.filter((task) => isAlive(task) && !wanted.includes(task)).length,
    failed: failed.length,
    images: [...new Set(running.map(({ Spec }) => Spec.ContainerSpec.Image))].sort(),
    reason: stuck ? explainTask(stuck) : last ? explainTask(last) : '',
    culprit: last,
  };
}

/** Whether a container of it is there, or is being made. */
export function isAlive({ Status }: Task): boolean {
  return alive.has(Status.State);
}

/** A task that was told to stop ends as `shutdown`; whatever ends otherwise has failed, with code 0 too: a service never completes. */
export function isFailed({ Status }: Task): boolean {
  return broken.has(Status.State);
}

/** The engine's words about a task, with its exit code where those lack it. */
export function explainTask({ Status }: Task): string {
  const code = Status.ContainerStatus?.ExitCode;
  const said = Status.Err !== undefined && Status.Err !== '' ? Status.Err : (Status.Message ?? Status.State);
  if (/unhealthy container/.test(said)) return 'The health check kept failing (unhealthy container).';
  const exited = /non-zero exit \((\d+)\)/.exec(said)?.[1];
  if (exited !== undefined) return `The application ended with exit code ${exited}.${hintOf(Number(exited))}`;
  if (/No such image: sha256:/.test(said))
    return `The image, which is named by its id, is not on the node that was to run it: \`docker load\` it there, keep it off that node with a constraint, or deploy it from a registry. (${said.slice(0, 200)})`;
  if (Status.State === 'complete') return `The application ended by itself (exit code ${code ?? 0}).`;
  return said.slice(0, 500);
}

/** 137 is SIGKILL: out of memory is likely, and only an event of the engine could prove it. */
function hintOf(code: number): string {
  if (code === 137) return ' It was killed; the limit on memory may be too low.';
  if (code === 139) return ' It crashed (SIGSEGV).';
  return code === 127 ? ' The command was not found in the image.' : '';
}

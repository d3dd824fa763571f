// Notes of an operation as the steps that people follow: what is intended, under way, done, failed, still to come.
import type { OperationKind, OperationStep } from '../../../core/contracts/deployments.ts';

export interface RunStep {
  /** The server's name of the step. */
  step: string;
  title: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  detail: string | undefined;
  seconds: number | undefined;
  /** Of a pull, 0 to 1. */
  share: number | undefined;
}

const titles: Readonly<Record<string, string>> = {
  image: 'Resolve the image to its digest',
  network: 'Make sure of the environment’s network',
  service: 'Start the replicas',
  health: 'Wait until they are healthy',
  ingress: 'Give the ingress a way to them',
  switch: 'Switch requests over',
  'read-back': 'Read back what runs',
  remove: 'Remove what is left over',
};

/** What an operation of a kind goes through when all goes well; others are shown as they come. */
const plans: Partial<Record<OperationKind, readonly string[]>> = {
  deploy: ['image', 'network', 'service', 'health', 'ingress', 'switch', 'read-back'],
  update: ['image', 'network', 'service', 'health', 'ingress', 'switch', 'read-back'],
};

export function titleOfStep(step: string): string {
  return titles[step] ?? step.slice(0, 1).toUpperCase() + step.slice(1);
}

/** The steps before anything has begun. */
export function plannedSteps(kind: OperationKind): RunStep[] {
  return (plans[kind] ?? []).map((step) => waiting(step, 'waiting'));
}

/**
 * `notes` in the order of their numbers. A step that follows ends the one before it; the last one ends with the operation.
 * `ended` is undefined while it goes on, else whether it came to rest as it should: done, or gone back by itself.
 */
export function toSteps(
  notes: readonly OperationStep[],
  kind: OperationKind | undefined,
  ended: { well: boolean; time: number } | undefined,
  now: number,
): RunStep[] {
  const groups = groupNotes(notes, kind);
  const told = notes.some((note) => note.kind === 'failed');
  const shown = groups.map((group, place) => {
    const next = groups[place + 1]?.[0]?.time;
    const last = next === undefined && ended !== undefined;
    const passed = next !== undefined || (last && (ended.well || told));
    return readGroup(group, { end: next ?? ended?.time, now, passed, failed: last && !passed });
  });
  const seen = new Set(groups.map(([first]) => first!.step));
  const rest = (kind === undefined ? [] : (plans[kind] ?? [])).filter((step) => !seen.has(step));
  return [...shown, ...rest.map((step) => waiting(step, ended === undefined ? 'waiting' : 'skipped'))];
}

function waiting(step: string, state: RunStep['state']): RunStep {
  return { step, title: titleOfStep(step), state, detail: undefined, seconds: undefined, share: undefined };
}

/**
 * Notes that follow each other and are about one step; a step that comes again later is another one. What stopped the operation is told
 * under the operation's own name: it belongs to the step at which it stopped.
 */
function groupNotes(notes: readonly OperationStep[], kind: OperationKind | undefined): OperationStep[][] {
  const groups: OperationStep[][] = [];
  for (const note of notes) {
    const last = groups.at(-1);
    if (last !== undefined && (last[0]!.step === note.step || (note.kind === 'failed' && note.step === kind)))
      last.push(note);
    else groups.push([note]);
  }
  return groups;
}

interface Standing {
  end: number | undefined;
  now: number;
  passed: boolean;
  failed: boolean;
}

function readGroup(notes: readonly OperationStep[], { end, now, passed, failed }: Standing): RunStep {
  const [first, last] = [notes[0]!, notes.at(-1)!];
  const broke = failed || notes.some(({ kind }) => kind === 'failed');
  const done = passed || last.kind === 'done';
  const pull = notes.findLast(({ progress }) => progress !== undefined)?.progress;
  return {
    ...{ step: first.step, title: titleOfStep(first.step), detail: last.text },
    state: broke ? 'failed' : done ? 'done' : 'running',
    seconds: Math.max(0, (end ?? (done ? last.time : now)) - first.time),
    share: pull === undefined || pull.total <= 0 || done ? undefined : Math.min(1, pull.current / pull.total),
  };
}

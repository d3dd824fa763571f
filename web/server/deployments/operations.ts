// Operations on deployments as they are recorded: each step before it is done, one operation of a deployment at a time, and who watches.
import type { AuditActor } from '../../../core/contracts/audit.ts';
import type { OperationKind, OperationStep } from '../../../core/contracts/deployments.ts';
import type { Act } from '../audit/log.ts';
import type { Db } from '../db.ts';
import { UserError } from '../user-error.ts';
import { revisionOf } from './names.ts';

export interface OperationRecord {
  id: string;
  environment: string;
  deployment: string;
  kind: OperationKind;
  revision: number | undefined;
  /** As it stands in the audit log: `person`, `token` or `system`. */
  actor: string;
  /** The person behind it, or the name of the process. */
  person: string;
  state: 'running' | 'done' | 'rolled-back' | 'failed';
  outcome: string;
  started: number;
  ended: number | undefined;
}

export type NewStep = Omit<OperationStep, 'seq' | 'time'>;

export interface OperationStore {
  /** Throws a UserError while another one goes on. `record` is written together with it, or not at all. */
  begin(operation: Omit<OperationRecord, 'state' | 'outcome' | 'ended'>, record: () => void): void;
  note(id: string, step: NewStep): void;
  end(id: string, ended: Pick<OperationRecord, 'state' | 'outcome'>): void;
  get(id: string): OperationRecord | undefined;
  running(deployment: string): OperationRecord | undefined;
  allRunning(): OperationRecord[];
  last(deployment: string): OperationRecord | undefined;
  /** Newest first, at most so many. */
  list(deployment: string, limit: number): OperationRecord[];
  steps(id: string, after?: number): OperationStep[];
  /** Calls whenever something is noted of it or it ends; gives what ends the watching. */
  watch(id: string, changed: () => void): () => void;
}

interface OperationRow extends Omit<OperationRecord, 'revision' | 'ended'> {
  revision: number | null;
  ended: number | null;
}

interface StepRow extends Omit<OperationStep, 'progress'> {
  current: number | null;
  total: number | null;
}

/** Progress of a pull is told often: it must not take the place of what was done. */
const progressMax = 2_000;
const stepsMax = 4_000;
const operationsKeptMax = 200;

export function createOperationStore(db: Db, unixSeconds: () => number): OperationStore {
  const watchers = new Map<string, Set<() => void>>();
  const tell = (id: string) => {
    for (const changed of watchers.get(id) ?? []) changed();
  };
  return {
    ...readers(db),
    begin({ id, environment, deployment, kind, revision, actor, person, started }, record) {
      const other = db.get<OperationRow>(
        "SELECT * FROM operations WHERE deployment = ? AND state = 'running'",
        deployment,
      );
      if (other !== undefined)
        throw new UserError(
          409,
          'busy',
          `${deployment} has an operation that goes on (${other.kind}); wait for its end.`,
        );
      db.transaction(() => {
        db.run(
          'INSERT INTO operations (id, environment, deployment, kind, revision, actor, person, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ...[id, environment, deployment, kind, revision ?? null, actor, person, started],
        );
        record();
      });
      forgetOld(db, deployment);
    },
    note(id, { kind, step, text, progress }) {
      const last = db.get<{ n: number | null }>('SELECT max(seq) AS n FROM operation_steps WHERE operation = ?', id);
      const seq = (last?.n ?? 0) + 1;
      if (seq > (kind === 'progress' ? progressMax : stepsMax)) return;
      db.run(
        'INSERT INTO operation_steps (operation, seq, time, kind, step, text, current, total) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[
          id,
          seq,
          unixSeconds(),
          kind,
          step,
          text.slice(0, 2_000),
          progress?.current ?? null,
          progress?.total ?? null,
        ],
      );
      tell(id);
    },
    end(id, { state, outcome }) {
      db.run(
        "UPDATE operations SET state = ?, outcome = ?, ended = ? WHERE id = ? AND state = 'running'",
        ...[state, outcome.slice(0, 2_000), unixSeconds(), id],
      );
      tell(id);
    },
    watch(id, changed) {
      const set = watchers.get(id) ?? new Set();
      watchers.set(id, set.add(changed));
      return () => {
        set.delete(changed);
        if (set.size === 0) watchers.delete(id);
      };
    },
  };
}

function readers(db: Db): Pick<OperationStore, 'get' | 'running' | 'allRunning' | 'last' | 'list' | 'steps'> {
  const one = (where: string, ...values: string[]) => {
    const row = db.get<OperationRow>(`SELECT * FROM operations WHERE ${where}`, ...values);
    return row === undefined ? undefined : readOperation(row);
  };
  return {
    get: (id) => one('id = ?', id),
    running: (deployment) => one("deployment = ? AND state = 'running'", deployment),
    allRunning: () =>
      db.all<OperationRow>("SELECT * FROM operations WHERE state = 'running' ORDER BY started").map(readOperation),
    last: (deployment) => one('deployment = ? ORDER BY started DESC, rowid DESC LIMIT 1', deployment),
    list: (deployment, limit) =>
      db
        .all<OperationRow>(
          'SELECT * FROM operations WHERE deployment = ? ORDER BY started DESC, rowid DESC LIMIT ?',
          ...[deployment, limit],
        )
        .map(readOperation),
    steps: (id, after = 0) =>
      db
        .all<StepRow>('SELECT * FROM operation_steps WHERE operation = ? AND seq > ? ORDER BY seq', id, after)
        .map(readStep),
  };
}

function forgetOld(db: Db, deployment: string): void {
  db.run(
    `DELETE FROM operations WHERE deployment = ?1 AND state <> 'running' AND id NOT IN
       (SELECT id FROM operations WHERE deployment = ?1 ORDER BY started DESC, rowid DESC LIMIT ?2)`,
    ...[deployment, operationsKeptMax],
  );
}

function readOperation(row: OperationRow): OperationRecord {
  return { ...row, revision: row.revision ?? undefined, ended: row.ended ?? undefined };
}

function readStep({ seq, time, kind, step, text, current, total }: StepRow): OperationStep {
  return { seq, time, kind, step, text, ...(current !== null && total !== null && { progress: { current, total } }) };
}

/** The operation as it stands in the audit log. */
export function actOf({ id, kind, actor, deployment, environment, revision }: OperationRecord): Act {
  const [actorKind, ...rest] = actor.split('/') as [AuditActor['kind'], ...string[]];
  return {
    actor: { kind: actorKind, id: rest.join('/') },
    action: `operation:${kind}`,
    subject: `deployment/${deployment}`,
    environment,
    detail: { operation: id, revision: revision === undefined ? null : revisionOf(revision) },
  };
}

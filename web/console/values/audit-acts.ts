// The audit log as acts: the record before an act joined with the one after it, and with the names of today for its ids.
import type { z } from 'zod';
import type { auditItem } from '../../../core/contracts/api.ts';
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Meaning } from './meaning.ts';
import { type KnownNames, nameOr, saySubject } from './subject-words.ts';

export type AuditItem = z.infer<typeof auditItem>;

/** One act, or a note that no act belongs to. */
export interface Act {
  seq: number;
  atSeconds: number;
  who: string;
  /** The number that a filter for the same actor takes; undefined for a stranger, who has none. */
  actor: string | undefined;
  action: string;
  /** As it is recorded, with ids. */
  subject: string;
  environment: string | undefined;
  /** What the records call the one thing that they are about, where that has a name of its own. */
  own: string | undefined;
  /** Undefined while the act has no end in what was read: it runs, it was cut off, or its end stands on another page. */
  outcome: AuditOutcome | 'note' | undefined;
  records: readonly AuditItem[];
}

/** With the names of today: the record keeps the ids. */
export interface NamedAct extends Act {
  /** What it was done to. */
  said: string;
  /** The environment. */
  place: string | undefined;
}

/** Newest first; a close joins its open where both were read, and stands alone where its open is on a page behind. */
export function actsOf(items: readonly AuditItem[]): Act[] {
  const ends = new Map<number, AuditItem>();
  for (const item of items) if (item.record.opened !== undefined) ends.set(item.record.opened, item);
  const read = new Set(items.map(({ seq }) => seq));
  return items.flatMap((item) => {
    const { record } = item;
    if (record.kind === 'close' && record.opened !== undefined && read.has(record.opened)) return [];
    const end = record.kind === 'open' ? ends.get(item.seq) : undefined;
    const records = end === undefined ? [item] : [item, end];
    const outcome = record.kind === 'note' ? outcomeOfNote(item) : (end ?? item).record.outcome;
    return [{ ...factsOf(item), who: whoOf(item, end ?? item), outcome, own: ownName(records), records }];
  });
}

/** What came to nothing is told as such: a refused sign-in is no mere note. */
function outcomeOfNote({ record: { outcome } }: AuditItem): Act['outcome'] {
  return outcome === undefined || outcome === 'done' ? 'note' : outcome;
}

/** A stranger who signed in or set up is who came of it. A person who was erased has no name any more: the number is what is left. */
function whoOf({ record, personal, names }: AuditItem, end: AuditItem): string {
  const { kind, id } = record.actor;
  if (kind === 'system') return 'Odyssey';
  const became = end.record.detail['person'];
  const name = kind === 'anonymous' ? end.names[String(became)] : names[id];
  return personal['actorName'] ?? name ?? (kind === 'anonymous' ? 'nobody signed in' : `${kind} ${id}`);
}

/** A person's name is kept apart, to be erased; a container's stands in the detail. */
function ownName(records: readonly AuditItem[]): string | undefined {
  const names = records.flatMap(({ record, personal }) => {
    const name = record.subject.startsWith('container/') ? record.detail['name'] : personal['subjectName'];
    return typeof name === 'string' ? [name] : [];
  });
  return names[0];
}

export function withNames(act: Act, known: KnownNames): NamedAct {
  const { subject, environment, own } = act;
  return {
    ...act,
    said: saySubject(subject, environment, { ...known, own }),
    place: environment === undefined ? undefined : nameOr(environment, known.environments),
  };
}

function factsOf({ seq, record }: AuditItem): Omit<Act, 'who' | 'outcome' | 'own' | 'records'> {
  return {
    seq,
    atSeconds: Date.parse(record.time) / 1000,
    actor: record.actor.kind === 'anonymous' ? undefined : record.actor.id,
    action: record.action,
    subject: record.subject,
    environment: record.environment,
  };
}

export function meaningOfOutcome(outcome: Act['outcome']): Meaning {
  switch (outcome) {
    case 'done':
    case 'note':
      return 'ok';
    case 'refused':
      return 'notice';
    case 'failed':
      return 'critical';
    default:
      return 'unknown';
  }
}

/** What stood before and after, where the detail of the act says so; as lines that can be compared. */
export function changeOf(act: Act): { before: string; after: string } | undefined {
  const details = Object.assign({}, ...act.records.map(({ record }) => record.detail)) as Record<string, unknown>;
  if (!('before' in details) && !('after' in details)) return undefined;
  const lines = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));
  return { before: lines(details['before']), after: lines(details['after']) };
}

// The audit log as acts: the record before an act joined with the one after it, filtered by the address, read page by page.
import type { z } from 'zod';
import type { auditItem, auditState, auditVerified, page } from '../../../core/contracts/api.ts';
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Meaning } from '../values/meaning.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

export type AuditItem = z.infer<typeof auditItem>;
type AuditPage = z.infer<ReturnType<typeof page<typeof auditItem>>>;
type AuditState = z.infer<typeof auditState>;
type Verified = z.infer<typeof auditVerified>;

/** One act, or a note that no act belongs to. */
export interface Act {
  seq: number;
  atSeconds: number;
  who: string;
  /** The number that a filter for the same actor takes; undefined for a stranger, who has none. */
  actor: string | undefined;
  action: string;
  subject: string;
  environment: string | undefined;
  /** Undefined while the act has no end in what was read: it runs, it was cut off, or its end stands on another page. */
  outcome: AuditOutcome | 'note' | undefined;
  records: readonly AuditItem[];
}

/** Parts of the filter as the address and the API name them. */
const filterNames = ['action', 'actor', 'subject', 'from', 'to'] as const;
export type FilterName = (typeof filterNames)[number];
type Filter = Partial<Record<FilterName, string>>;

const pageSize = 100;
/** Beyond this a narrower filter serves better. */
const itemsMax = 2_000;

const columns: readonly Column<Act>[] = [
  { key: 'seq', title: '#', value: ({ seq }) => seq, mono: true },
  { key: 'time', title: 'When', value: ({ atSeconds }) => atSeconds },
  { key: 'who', title: 'Who', value: ({ who }) => who },
  { key: 'action', title: 'Action', value: ({ action }) => action, mono: true, narrow: 'lead' },
  { key: 'subject', title: 'On what', value: ({ subject }) => subject, narrow: 'words' },
  { key: 'outcome', title: 'Outcome', value: ({ outcome }) => outcome, narrow: 'state' },
  { key: 'environment', title: 'Environment', value: ({ environment }) => environment, hidden: true },
];

export class AuditLogPage {
  private readonly app: Pick<App, 'api' | 'router' | 'attempt'>;
  /** As the address had it when the page was made: another filter is another page. */
  readonly filter: Filter;
  readonly first: Query<AuditPage>;
  readonly state: Query<AuditState>;
  readonly table: TableState<Act>;
  private more = $state.raw<readonly AuditItem[]>([]);
  private cursor = $state<string | null>();
  reading = $state(false);
  verifying = $state(false);
  trouble = $state.raw<ApiError>();

  constructor(app: Pick<App, 'api' | 'queries' | 'router' | 'attempt'>) {
    this.app = app;
    this.filter = filterOf(app.router.query);
    this.first = app.queries.get(`audit ${JSON.stringify(this.filter)}`, (signal) => this.read(undefined, signal));
    this.state = app.queries.get('audit state', (signal) => app.api.get<AuditState>('/audit/state', {}, signal));
    this.table = new TableState({
      ...{ columns, router: app.router, sort: '-seq' },
      rows: () => this.acts,
      id: ({ seq }) => String(seq),
    });
  }

  readonly acts = $derived.by(() => actsOf([...(this.first.data?.items ?? []), ...this.more]));
  /** The one that the address names, where it is on a page that was read. */
  readonly looked = $derived.by(() => this.acts.find(({ seq }) => String(seq) === this.app.router.query['record']));
  /** Who can be chosen: everybody in what was read, by name. */
  readonly actors = $derived.by(() => {
    const named = this.acts.flatMap(({ actor, who }) => (actor === undefined ? [] : [[actor, who] as const]));
    const chosen = this.filter.actor;
    const all = new Map([...(chosen === undefined ? [] : [[chosen, chosen] as const]), ...named]);
    return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  });
  /** Names of actions to choose from: those in what was read. */
  readonly actions = $derived.by(() => [...new Set(this.acts.map(({ action }) => action))].sort());
  /** Whether there is a page behind those that were read, and room for it. */
  readonly goesOn = $derived.by(() => {
    const next = this.cursor === undefined ? this.first.data?.next : this.cursor;
    return next !== null && next !== undefined && this.more.length < itemsMax;
  });
  readonly signed = $derived.by(() => signedSize(this.state.data?.checkpoint));

  readonly sentence = $derived.by(() => {
    const { data } = this.state;
    if (data === undefined) return undefined;
    const records = `${data.size.toLocaleString('en')} ${data.size === 1 ? 'record' : 'records'}`;
    if (this.signed === undefined) return `${records}, none of them signed yet.`;
    const verified = data.verified?.damage === null ? `verified to #${data.verified.size}, ` : '';
    const witnesses = data.anchors.map(({ target, size }) => `${target} knows of #${size}`).join(', ');
    return `${records}, ${verified}signed to #${this.signed}${witnesses === '' ? '; no witness outside is set' : `; ${witnesses}`}.`;
  });

  /** What is wrong with the stored log, in a sentence; undefined where nothing is, or where it was not looked at. */
  readonly damage = $derived.by(() => {
    const damage = this.state.data?.verified?.damage;
    return damage ? `The log is ${damage.kind} from #${damage.firstBad} on: ${damage.reason}.` : undefined;
  });

  look(act: Act | undefined): void {
    this.app.router.setQuery({ record: act && String(act.seq) });
  }

  async verify(): Promise<void> {
    this.verifying = true;
    await this.app.attempt('The log was recomputed.', () => this.app.api.post<Verified>('/audit/verify', {}));
    this.verifying = false;
    await this.state.refresh();
  }

  /** The whole log, or the part that the filter lets through, as the offline verifier reads it. */
  readonly exportHref = $derived.by(() => `/api/v1/audit/export${search(this.filter)}`);

  async readMore(): Promise<void> {
    if (!this.goesOn || this.reading) return;
    this.reading = true;
    this.trouble = undefined;
    try {
      const next = (this.cursor === undefined ? this.first.data?.next : this.cursor)!;
      const found = await this.read(next);
      this.more = [...this.more, ...found.items];
      this.cursor = found.next;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.trouble = error;
    } finally {
      this.reading = false;
    }
  }

  private read(cursor: string | undefined, signal?: AbortSignal): Promise<AuditPage> {
    const paging = { limit: String(pageSize), ...(cursor !== undefined && { cursor }) };
    return this.app.api.get<AuditPage>('/audit', { ...this.filter, ...paging }, signal);
  }
}

export function filterOf(query: Readonly<Record<string, string | undefined>>): Filter {
  return Object.fromEntries(filterNames.flatMap((name) => (query[name] ? [[name, isoWhere(name, query[name])]] : [])));
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
    const outcome = record.kind === 'note' ? 'note' : (end ?? item).record.outcome;
    return [{ ...factsOf(item), who: whoOf(item, end ?? item), outcome, records }];
  });
}

/** A stranger who signed in or set up is who came of it. A person who was erased has no name any more: the number is what is left. */
function whoOf({ record, personal, names }: AuditItem, end: AuditItem): string {
  const { kind, id } = record.actor;
  if (kind === 'system') return 'Odyssey';
  const became = end.record.detail['person'];
  const name = kind === 'anonymous' ? end.names[String(became)] : names[id];
  return personal['actorName'] ?? name ?? (kind === 'anonymous' ? 'nobody signed in' : `${kind} ${id}`);
}

function factsOf({ seq, record }: AuditItem): Omit<Act, 'who' | 'outcome' | 'records'> {
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

/** The second line of a checkpoint is the size of the tree that it signs. */
function signedSize(checkpoint: string | undefined): number | undefined {
  const size = Number(checkpoint?.split('\n')[1]);
  return checkpoint && Number.isInteger(size) ? size : undefined;
}

/** Days as a date field gives them begin and end at midnight, UTC. */
function isoWhere(name: FilterName, text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  return name === 'to' ? `${text}T23:59:59Z` : `${text}T00:00:00Z`;
}

function search(filter: Filter): string {
  const text = new URLSearchParams(filter as Record<string, string>).toString();
  return text === '' ? '' : `?${text}`;
}

/** What stood before and after, where the detail of the act says so; as lines that can be compared. */
export function changeOf(act: Act): { before: string; after: string } | undefined {
  const details = Object.assign({}, ...act.records.map(({ record }) => record.detail)) as Record<string, unknown>;
  if (!('before' in details) && !('after' in details)) return undefined;
  const lines = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));
  return { before: lines(details['before']), after: lines(details['after']) };
}

// The audit log as acts: the record before an act joined with the one after it, filtered by the address, read page by page.
import type { z } from 'zod';
import type { auditItem, auditState, auditVerified, page } from '../../../core/contracts/api.ts';
import type { NodeView } from '../../../core/contracts/nodes.ts';
import { type Act, type AuditItem, actsOf, type NamedAct, withNames } from '../values/audit-acts.ts';
import { type KnownNames, nameOr, saySubject } from '../values/subject-words.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type AuditPage = z.infer<ReturnType<typeof page<typeof auditItem>>>;
type AuditState = z.infer<typeof auditState>;
type Verified = z.infer<typeof auditVerified>;

/** Parts of the filter as the address and the API name them. */
const filterNames = ['action', 'actor', 'subject', 'environment', 'from', 'to'] as const;
export type FilterName = (typeof filterNames)[number];
type Filter = Partial<Record<FilterName, string>>;

const pageSize = 100;
/** Beyond this a narrower filter serves better. */
const itemsMax = 2_000;

/** Searched by name and by id. */
const columns: readonly Column<NamedAct>[] = [
  { key: 'seq', title: '#', value: ({ seq }) => seq, mono: true },
  { key: 'time', title: 'When', value: ({ atSeconds }) => atSeconds },
  { key: 'who', title: 'Who', value: ({ who }) => who },
  { key: 'action', title: 'Action', value: ({ action }) => action, mono: true, narrow: 'lead' },
  { key: 'subject', title: 'On what', value: bothOf, narrow: 'words' },
  { key: 'outcome', title: 'Outcome', value: ({ outcome }) => outcome, narrow: 'state' },
  {
    key: 'environment',
    title: 'Environment',
    value: ({ place, environment }) => environment && `${place} ${environment}`,
    hidden: true,
  },
];

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'attempt' | 'environments' | 'session'>;

/** Some 50,000 records are recomputed in a second. */
const verifySecondsMax = 120;

export class AuditLogPage {
  private readonly app: Ground;
  /** As the address had it when the page was made: another filter is another page. */
  readonly filter: Filter;
  readonly first: Query<AuditPage>;
  readonly state: Query<AuditState>;
  readonly table: TableState<NamedAct>;
  private readonly nodes: Query<{ items: readonly NodeView[] }>;
  private more = $state.raw<readonly AuditItem[]>([]);
  private cursor = $state<string | null>();
  reading = $state(false);
  verifying = $state(false);
  trouble = $state.raw<ApiError>();

  constructor(app: Ground) {
    this.app = app;
    this.filter = filterOf(app.router.query);
    this.first = app.queries.get(`audit ${JSON.stringify(this.filter)}`, (signal) => this.read(undefined, signal));
    this.state = app.queries.get('audit state', (signal) => app.api.get<AuditState>('/audit/state', {}, signal));
    this.nodes = app.queries.get('nodes', (signal) => app.api.get('/nodes', {}, signal));
    this.table = new TableState({
      ...{ columns, router: app.router, sort: '-seq' },
      rows: () => this.acts,
      id: ({ seq }) => String(seq),
    });
  }

  private readonly known: KnownNames = $derived.by(() => ({
    environments: this.app.environments.names,
    nodes: this.nodes.data && new Map(this.nodes.data.items.map(({ id, name }) => [id, name])),
  }));
  readonly acts: readonly NamedAct[] = $derived.by(() =>
    actsOf([...(this.first.data?.items ?? []), ...this.more]).map((act) => withNames(act, this.known)),
  );
  /** Whether something is told of a node, whose name the swarm knows. */
  private readonly speaksOfNodes = $derived(this.acts.some(({ subject }) => subject.startsWith('node/')));
  /** The one that the address names, where it is on a page that was read. */
  readonly looked = $derived.by(() => this.acts.find(({ seq }) => String(seq) === this.app.router.query['record']));
  /** Who can be chosen: everybody in what was read, by name. */
  readonly actors = $derived.by(() => {
    const named = this.acts.flatMap(({ actor, who }) => (actor === undefined ? [] : [[actor, who] as const]));
    const chosen = this.filter.actor;
    const all = new Map([...(chosen === undefined ? [] : [[chosen, chosen] as const]), ...named]);
    return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  });
  /** To choose from: all that this person sees, and the one that the address names. */
  readonly environments = $derived.by(() => {
    const chosen = this.filter.environment;
    const names = this.known.environments;
    const gone = chosen === undefined || names?.has(chosen) ? [] : [[chosen, nameOr(chosen, names)] as const];
    return [...(names ?? []), ...gone].map(([id, name]) => ({ id, name }));
  });
  /** What was done to, in what was read: chosen by name, asked for as it is recorded. */
  readonly subjects = $derived.by(() =>
    [...new Map(this.acts.map(({ subject, said }) => [subject, said]))].map(([subject, said]) => ({ subject, said })),
  );
  /** What the filter asks for, where that is said otherwise than it is recorded. */
  readonly askedSubject = $derived.by(() => {
    const { subject } = this.filter;
    const said = subject && (this.subjects.find((one) => one.subject === subject)?.said ?? this.say(subject));
    return said === subject ? undefined : said;
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

  /** The swarm is asked for names only by who may, and only where a record speaks of a node. */
  readNames(): void {
    const wanted = this.speaksOfNodes && this.app.session.can('node:read');
    if (wanted && this.nodes.data === undefined && !this.nodes.loading && this.nodes.error === undefined)
      void this.nodes.refresh();
  }

  /** By what people call it, or as it is recorded. */
  filterBySubject(text: string): void {
    const asked = text.trim();
    const subject = this.subjects.find(({ said }) => said.toLowerCase() === asked.toLowerCase())?.subject ?? asked;
    this.app.router.setQuery({ subject: subject || undefined });
  }

  look(act: Act | undefined): void {
    this.app.router.setQuery({ record: act && String(act.seq) });
  }

  async verify(): Promise<void> {
    if (this.verifying) return;
    this.verifying = true;
    await this.app.attempt('Every record was recomputed: the state says what was found.', () =>
      this.app.api.post<Verified>('/audit/verify', {}, { deadlineSeconds: verifySecondsMax }),
    );
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

  private say(subject: string): string {
    return saySubject(subject, undefined, this.known);
  }

  private read(cursor: string | undefined, signal?: AbortSignal): Promise<AuditPage> {
    const paging = { limit: String(pageSize), ...(cursor !== undefined && { cursor }) };
    return this.app.api.get<AuditPage>('/audit', { ...this.filter, ...paging }, signal);
  }
}

export function filterOf(query: Readonly<Record<string, string | undefined>>): Filter {
  return Object.fromEntries(filterNames.flatMap((name) => (query[name] ? [[name, isoWhere(name, query[name])]] : [])));
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

function bothOf({ said, subject }: NamedAct): string {
  return said === subject ? said : `${said} ${subject}`;
}

// One deployment: its replicas, revisions, health and history, and everything that may be done with it.
import type { z } from 'zod';
import type { SettingsChange } from '../../../core/contracts/deployment-spec.ts';
import type {
  Accepted,
  DeploymentDetail,
  Operation,
  RevisionDiff,
  RevisionView,
} from '../../../core/contracts/deployments.ts';
import type { diagnoses, engineEvents } from '../../../core/contracts/logs.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import { EngineGate } from './engine.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { Run } from './run.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'attempt' | 'danger' | 'ports'> & { readonly now: number };
type Diagnoses = z.infer<typeof diagnoses>;
type EngineEvents = z.infer<typeof engineEvents>;

const tabs = ['replicas', 'charts', 'revisions', 'log', 'health', 'events', 'history', 'settings'] as const;
export type DeploymentTab = (typeof tabs)[number];

export class DeploymentPage {
  private readonly app: Ground;
  readonly environment: string;
  readonly name: string;
  readonly query: Query<DeploymentDetail>;
  readonly revisions: Query<{ items: readonly RevisionView[] }>;
  readonly operations: Query<{ items: readonly Operation[] }>;
  readonly health: Query<Diagnoses>;
  readonly events: Query<EngineEvents>;
  readonly engine: EngineGate;
  busy = $state(false);

  constructor(app: Ground, environment: string, name: string) {
    this.app = app;
    this.environment = environment;
    this.name = name;
    this.query = this.ask('', (path, signal) => app.api.get<DeploymentDetail>(path, {}, signal));
    this.revisions = this.ask('/revisions', (path, signal) => app.api.get(path, {}, signal));
    this.operations = this.ask('/operations', (path, signal) => app.api.get(path, {}, signal));
    this.health = this.ask('/diagnosis', (path, signal) => app.api.get<Diagnoses>(path, {}, signal));
    this.events = this.ask('/events', (path, signal) => app.api.get<EngineEvents>(path, { limit: 200 }, signal));
    this.engine = new EngineGate(app);
  }

  get path(): string {
    return `/environments/${this.environment}/deployments/${encodeURIComponent(this.name)}`;
  }

  /** By itself: what is read for a tab is not read anew with every letter of a search in the address. */
  readonly tab: DeploymentTab = $derived.by(
    () => tabs.find((one) => one === this.app.router.query['tab']) ?? 'replicas',
  );

  /** What the address names, else what goes on right now. */
  readonly runId = $derived.by(() => {
    const asked = this.app.router.query['run'];
    if (asked !== undefined) return /^[0-9a-f]{16}$/.test(asked) ? asked : undefined;
    return this.operations.data?.items.find(({ state }) => state === 'running')?.id;
  });
  readonly run = $derived.by(() =>
    this.runId === undefined ? undefined : new Run(this.app, this.environment, this.runId, () => void this.refresh()),
  );

  /** What is done with this one: an address can name the operation of another. */
  private readonly own = $derived.by(() => {
    const operation = this.run?.operation;
    return operation?.deployment === this.name ? operation : undefined;
  });

  /** Whether it is known to be gone: its removal was followed to the end. */
  readonly gone = $derived.by(() => this.own?.kind === 'remove' && this.own.state === 'done');

  /** One operation at a time: the server refuses a second one. */
  readonly occupied = $derived.by(() => this.busy || this.own?.state === 'running');

  readonly sentence = $derived.by(() => {
    const { data } = this.query;
    if (this.gone) return 'It is removed. Its volumes and secrets are still there.';
    if (data === undefined) return undefined;
    const { running, wanted } = data.replicas;
    const many = `${running ?? 'an unknown number'} of ${wanted} replicas`;
    const serving = data.stable === null ? 'no revision has served yet' : `${data.stable} serves`;
    return data.reason === '' ? `${many} run, ${serving}.` : `${many} run, ${serving}. ${data.reason}`;
  });

  /** The revision that one click goes back to: the one that served before this one, and is kept still. */
  readonly previous = $derived.by(() => {
    const items = this.revisions.data?.items ?? [];
    const at = items.findIndex(({ place }) => place === 'stable');
    return at < 0 ? undefined : items.slice(at + 1).find(canServe);
  });

  follow(running: () => boolean): Stop {
    const always = [
      this.query.follow(3, () => running() && !this.gone),
      this.operations.follow(10, () => running() && !this.gone),
      this.revisions.follow(15, () => running() && !this.gone),
    ];
    void this.engine.query.refresh();
    return () => {
      for (const stop of always) stop();
    };
  }

  /** What only one of the views shows is read only while it is looked at. */
  followTab(running: () => boolean): Stop | undefined {
    if (this.tab === 'health') return this.health.follow(5, running);
    if (this.tab === 'events') return this.events.follow(5, running);
    return undefined;
  }

  update(): void {
    this.app.router.go(`/deployments/${this.name}/update`);
  }

  scale(replicas: number): Promise<boolean> {
    return this.begin('Scaling has begun.', () => this.app.api.post<Accepted>(`${this.path}/scale`, { replicas }));
  }

  restart(): Promise<boolean> {
    return this.begin('The restart has begun.', () => this.app.api.post<Accepted>(`${this.path}/restart`));
  }

  start(): Promise<boolean> {
    return this.begin('The start has begun.', () => this.app.api.post<Accepted>(`${this.path}/start`));
  }

  /** Without a revision it goes to the one that served before. */
  rollBack(revision?: string): Promise<boolean> {
    const body = revision === undefined ? {} : { revision };
    return this.begin(`The way back to ${revision ?? 'the revision before'} has begun.`, () =>
      this.app.api.post<Accepted>(`${this.path}/rollback`, body),
    );
  }

  async stop(): Promise<boolean> {
    const hosts = this.query.data?.hosts ?? [];
    const sure = await this.app.danger.ask({
      title: `Stop ${this.name}`,
      lost: `All its replicas end.${hosts.length > 0 ? ` ${hosts.join(', ')} will answer 503 until it is started again.` : ''}`,
      button: `Stop ${this.name}`,
    });
    if (!sure) return false;
    return this.begin('Stopping has begun.', () => this.app.api.post<Accepted>(`${this.path}/stop`));
  }

  async remove(): Promise<boolean> {
    const count = this.revisions.data?.items.length;
    const sure = await this.app.danger.ask({
      title: `Remove ${this.name}`,
      lost: `Its replicas and ${count === undefined ? 'all its' : `its ${count}`} revisions go; nothing brings them back. Volumes and secrets stay.`,
      ...{ type: this.name, button: `Remove ${this.name}` },
    });
    if (!sure) return false;
    return this.begin('The removal has begun.', () => this.app.api.delete<Accepted>(this.path));
  }

  async configure(change: SettingsChange): Promise<boolean> {
    return this.app.attempt('The settings are changed.', async () => {
      this.query.put(await this.app.api.patch<DeploymentDetail>(this.path, change));
    });
  }

  /** The two revisions laid beside each other, as the address names them. */
  readonly compared = $derived.by(() => {
    const { a, b } = this.app.router.query;
    if (a === undefined || b === undefined || ![a, b].every((one) => /^r\d{1,6}$/.test(one))) return undefined;
    return this.ask(`/revisions/${b}/diff?from=${a}`, (_, signal) =>
      this.app.api.get<RevisionDiff>(`${this.path}/revisions/${b}/diff`, { from: a }, signal),
    );
  });

  compare(a: string | undefined, b: string | undefined): void {
    this.app.router.setQuery({ tab: 'revisions', a, b }, { push: true });
  }

  closeRun(): void {
    this.app.router.setQuery({ run: undefined });
  }

  private async begin(done: string, act: () => Promise<Accepted>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const { place } = this.app.router;
    const begun = await this.app.attempt(done, async () => {
      const { operation } = await act();
      if (this.app.router.place === place) this.app.router.setQuery({ run: operation });
    });
    this.busy = false;
    void this.refresh();
    return begun;
  }

  private refresh(): Promise<unknown> {
    const gone = this.gone;
    return Promise.all((gone ? [] : [this.query, this.operations, this.revisions]).map((one) => one.refresh()));
  }

  private ask<T>(below: string, read: (path: string, signal: AbortSignal) => Promise<T>): Query<T> {
    const path = `${this.path}${below}`;
    return this.app.queries.get(path, (signal) => read(path, signal));
  }
}

/** Whether a rollback can go there: it ran well once and is kept. */
export function canServe({ place, result }: RevisionView): boolean {
  return result === 'done' && (place === 'warm' || place === 'cold');
}

export function meaningOfResult(result: RevisionView['result']): Meaning {
  return ({ pending: 'notice', done: 'ok', 'rolled-back': 'warning', failed: 'critical' } as const)[result];
}

/** A replica's state in the engine's words, weighed against what it should be. */
export function meaningOfReplica({ state, desired }: { state: string; desired: string }): Meaning {
  if (state === 'running') return desired === 'running' ? 'ok' : 'notice';
  if (['failed', 'rejected', 'orphaned'].includes(state)) return desired === 'running' ? 'critical' : 'warning';
  if (['complete', 'shutdown', 'remove'].includes(state)) return 'unknown';
  return 'notice';
}

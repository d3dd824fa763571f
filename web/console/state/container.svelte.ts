// One container: what the engine says of it, its values of this second, its live log.
import type { LiveValues } from '../../../core/contracts/live.ts';
import type { App } from './app.svelte.ts';
import { type ContainerDetail, ContainersPage, type Operation } from './containers.svelte.ts';
import { LogFeed, momentOf } from './log-feed.svelte.ts';
import { MetricCharts } from './metric-charts.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'live' | 'attempt' | 'ports' | 'session' | 'time'> & {
  readonly now: number;
};

const tabs = ['facts', 'charts', 'log', 'health'] as const;
const tailLines = 500;

export class ContainerPage {
  private readonly app: Ground;
  private readonly list: ContainersPage;
  readonly id: string;
  readonly query: Query<ContainerDetail>;
  readonly feed: LogFeed;
  busy = $state(false);

  constructor(app: Ground, id: string) {
    this.app = app;
    this.id = id;
    this.list = new ContainersPage(app);
    this.query = app.queries.get(`container ${id}`, (signal) => app.api.get<ContainerDetail>(this.path, {}, signal));
    this.feed = new LogFeed(app.ports, app.api);
  }

  get path(): string {
    return `/containers/${encodeURIComponent(this.id)}`;
  }

  /** By itself: what is read for a tab is not read anew with every letter of a search in the address. */
  readonly tab: (typeof tabs)[number] = $derived.by(
    () => tabs.find((one) => one === this.app.router.query['tab']) ?? 'facts',
  );

  /** Undefined where the collector has nothing of the last seconds. */
  readonly live = $derived.by(() => {
    const newest = this.app.live.newest('live');
    if (newest === undefined || this.app.now - newest.at > 10) return undefined;
    const listed = (newest.value as Partial<LiveValues> | null)?.containers;
    return Array.isArray(listed) ? listed.find(({ id }) => id === this.id) : undefined;
  });

  private readonly name = $derived.by(() => this.query.data?.name);
  private readonly deployment = $derived.by(() => this.query.data?.deployment ?? undefined);
  /** The machine that the collector sees, which is the one whose engine this is. */
  private readonly instance = $derived.by(() => {
    const heard = (this.app.live.newest('live')?.value as Partial<LiveValues> | null | undefined)?.instance;
    return typeof heard === 'string' ? heard : undefined;
  });
  /** Undefined until its name is known. */
  readonly charts = $derived.by(() => {
    const { name: id, deployment, instance } = this;
    return id === undefined ? undefined : new MetricCharts(this.app, { of: 'container', id, deployment, instance });
  });

  readonly sentence = $derived.by(() => {
    const { data } = this.query;
    if (data === undefined) return undefined;
    const status = sayStatus(data.status) || data.state;
    return data.outOfMemory ? `${status}. It ran out of memory.` : `${status}.`;
  });

  async operate(operation: Operation): Promise<void> {
    if (this.busy || this.query.data === undefined) return;
    this.busy = true;
    await this.list.operate(this.query.data, operation);
    this.busy = false;
    void this.query.refresh();
  }

  openLog(): Stop {
    return this.feed.open(`${this.path}/logs?tail=${tailLines}`, momentOf(this.app.router.query));
  }
}

/** In the engine's words, without the health that stands beside the name: "Up about a minute". */
function sayStatus(status: string): string {
  return status.replace(/ \((?:healthy|unhealthy|health: starting)\)$/, '').replace(' About ', ' about ');
}

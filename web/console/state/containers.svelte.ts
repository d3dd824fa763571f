// Containers of the host with their values of this second: what the engine lists, joined by id with what the collector measures.
import type { z } from 'zod';
import type { Container, containerDetail } from '../../../core/contracts/containers.ts';
import type { LiveValues } from '../../../core/contracts/live.ts';
import type { Anomaly } from '../values/anomaly-words.ts';
import { shortTask } from '../values/engine-names.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import { JudgedContainers } from './judged-containers.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

export type ContainerDetail = z.infer<typeof containerDetail>;
export type Operation = 'start' | 'stop' | 'restart';

export interface ContainerRow extends Container {
  /** Null where the collector has no value of the last seconds. */
  cpuCores: number | null;
  memoryBytes: number | null;
  /** Its most telling series; undefined where the detector does not speak of it, or nobody could say whether it means this one. */
  anomaly: Anomaly | undefined;
}

const columns: readonly Column<ContainerRow>[] = [
  { key: 'name', title: 'Container', value: ({ name }) => name },
  { key: 'state', title: 'State', value: ({ state, health }) => `${state} ${health}`, narrow: 'state' },
  { key: 'unusual', title: 'Unusual', value: ({ anomaly }) => anomaly?.score, narrow: 'state' },
  { key: 'cpu', title: 'CPU', value: ({ cpuCores }) => cpuCores, unit: 'cores' },
  { key: 'memory', title: 'Memory', value: ({ memoryBytes }) => memoryBytes, unit: 'bytes' },
  { key: 'owner', title: 'Made by', value: ownerOf, wide: true },
  { key: 'image', title: 'Image', value: ({ image }) => image, wide: true, mono: true },
  { key: 'status', title: 'Since', value: ({ status }) => status, hidden: true, narrow: 'fact' },
];

/** A value older than this is not shown as the present one. */
const freshSeconds = 10;
/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;
type Ground = Pick<App, 'api' | 'queries' | 'router' | 'live' | 'attempt' | 'session'> & { readonly now: number };

export class ContainersPage {
  private readonly app: Ground;
  readonly query: Query<{ items: readonly Container[] }>;
  private readonly judged: JudgedContainers;
  readonly table: TableState<ContainerRow>;

  constructor(app: Ground) {
    this.app = app;
    this.judged = new JudgedContainers(app);
    this.query = app.queries.get('containers', (signal) =>
      app.api.get<{ items: Container[] }>('/containers', {}, signal),
    );
    this.table = new TableState({
      columns: this.judged.may ? columns : columns.filter(({ key }) => key !== 'unusual'),
      ...{ router: app.router, sort: 'name' },
      rows: () => this.rows,
      id: ({ id }) => id,
    });
  }

  private readonly values = $derived.by(() => {
    const newest = this.app.live.newest('live');
    if (newest === undefined || this.app.now - newest.at > freshSeconds) return new Map<string, LiveContainer>();
    return containersOf(newest.value);
  });

  readonly rows: readonly ContainerRow[] = $derived.by(() =>
    (this.query.data?.items ?? []).map((one) => {
      const value = this.values.get(one.id);
      const anomaly = one.state === 'running' ? this.judged.ofContainer(shortTask(one.name)) : undefined;
      return { ...one, cpuCores: value?.cpuCores ?? null, memoryBytes: value?.workingSetBytes ?? null, anomaly };
    }),
  );

  /** Follows the list, what is judged of it, and its values, until stopped. */
  follow(running: () => boolean): Stop {
    const stops = [this.query.follow(10, running), this.judged.follow(running), this.app.live.watch(['live'])];
    return () => {
      for (const stop of stops) stop();
    };
  }

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    const running = this.rows.filter(({ state }) => state === 'running').length;
    const ill = this.rows.filter(({ health }) => health === 'unhealthy').length;
    const all = `${running} of ${this.rows.length} containers run`;
    const unusual = this.rows.filter(
      ({ anomaly }) => anomaly?.alert?.raised || (anomaly?.score ?? 0) >= unusualScore,
    ).length;
    const rest = [
      ...(unusual === 0 ? [] : [`${unusual} ${unusual === 1 ? 'is' : 'are'} unusual`]),
      ...(ill === 0 ? [] : [`${ill} fail their health check`]),
    ];
    return `${[all, ...rest].join(', ')}.`;
  });

  /** Only those that nobody else keeps in their state are started and stopped one by one. */
  operate(one: Pick<Container, 'id' | 'name'>, operation: Operation): Promise<boolean> {
    const done = { start: 'runs', stop: 'is stopped', restart: 'was restarted' }[operation];
    return this.app
      .attempt(`${one.name} ${done}.`, () => this.app.api.post(`/containers/${one.id}/${operation}`))
      .finally(() => void this.query.refresh());
  }
}

interface LiveContainer {
  cpuCores?: number | undefined;
  workingSetBytes?: number | undefined;
}

/** What came over the live connection is read with care: it is only a picture. */
function containersOf(value: unknown): Map<string, LiveContainer> {
  const listed = (value as Partial<LiveValues> | null)?.containers;
  return new Map(Array.isArray(listed) ? listed.map((one) => [one.id, one]) : []);
}

export function ownerOf({ owner, deployment, revision, project }: Container): string {
  if (owner === 'deployment') return `${deployment ?? 'a deployment'} ${revision ?? ''}`.trim();
  if (owner === 'odyssey') return 'Odyssey';
  return project === null ? 'something else' : `compose project ${project}`;
}

/** A container that runs without a health check is not known to be well: it is only known to run. */
export function meaningOfContainer({ state, health }: Pick<Container, 'state' | 'health'>): Meaning {
  if (health === 'unhealthy' || state === 'dead') return 'critical';
  if (state === 'restarting') return 'warning';
  if (state !== 'running') return 'unknown';
  return health === 'starting' ? 'notice' : 'ok';
}

export function sayState({ state, health }: Pick<Container, 'state' | 'health'>): string {
  return state === 'running' && health !== 'none' && health !== 'unknown' ? `running, ${health}` : state;
}

export function allowedOperations({ owner, state }: Pick<Container, 'owner' | 'state'>): readonly Operation[] {
  if (owner !== 'observed') return [];
  return state === 'running' ? ['restart', 'stop'] : ['start'];
}

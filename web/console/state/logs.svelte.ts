// Several logs as one: what is chosen, of deployments their replicas as well, the levels and the words looked for, all in the address; the server merges and searches.
import type { Container } from '../../../core/contracts/containers.ts';
import type { DeploymentDetail, DeploymentView } from '../../../core/contracts/deployments.ts';
import type { LogLevel } from '../../../core/contracts/logs.ts';
import type { App } from './app.svelte.ts';
import { LogFeed, momentOf } from './log-feed.svelte.ts';
import { deploymentOf, type ReplicaOption, readReplicas, replicaOptions, toggleReplica } from './log-replicas.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'ports' | 'session' | 'environments'>;

/** As many of a kind as the server reads together. */
export const togetherMax = 8;
const tailLines = 500;
/** A person who types is not answered letter by letter: each answer opens the log anew. */
const typingSeconds = 0.4;
const half = 900;

/** From the loudest; `unknown` is what no level could be read from. */
export const levelChoices: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'unknown'];

/** What stands in the address, by kind. */
const names = { deployment: 'deployments', container: 'containers' } as const;
type Kind = keyof typeof names;

interface Choice {
  key: string;
  name: string;
  /** What it is in, or that it does not run. */
  hint: string;
  chosen: boolean;
}

export class LogsPage {
  private readonly app: Ground;
  readonly feed: LogFeed;
  private waiting: Stop | undefined;
  /** Narrows the lists of what can be chosen. */
  narrow = $state('');
  search = $state('');

  constructor(app: Ground) {
    this.app = app;
    this.feed = new LogFeed(app.ports, app.api);
    this.search = app.router.query['q'] ?? '';
  }

  readonly mayDeployments = $derived.by(
    () =>
      this.app.environments.current !== undefined && this.app.session.can('log:read', this.app.environments.current.id),
  );
  readonly mayContainers = $derived.by(() => this.app.session.can('container:log'));

  readonly deployments: Query<{ items: readonly DeploymentView[] }> | undefined = $derived.by(() => {
    const { current } = this.app.environments;
    if (current === undefined || !this.mayDeployments) return undefined;
    const path = `/environments/${current.id}/deployments`;
    return this.app.queries.get(`deployments ${current.id}`, (signal) => this.app.api.get(path, {}, signal));
  });
  readonly containers: Query<{ items: readonly Container[] }> | undefined = $derived.by(() =>
    this.mayContainers
      ? this.app.queries.get('containers', (signal) => this.app.api.get('/containers', {}, signal))
      : undefined,
  );

  readonly chosenDeployments = $derived.by(() => this.read('deployment'));
  readonly chosenContainers = $derived.by(() => this.read('container'));
  /** Replicas whose lines alone are read of their deployments. */
  readonly chosenReplicas = $derived.by(() => readReplicas(this.app.router.query['replicas'], this.chosenDeployments));
  /** What is known of those that are read. */
  private readonly details: ReadonlyMap<string, Query<DeploymentDetail>> = $derived.by(() => {
    const { current } = this.app.environments;
    if (current === undefined || !this.mayDeployments) return new Map();
    return new Map(
      this.chosenDeployments.map((deployment) => {
        const path = `/environments/${current.id}/deployments/${deployment}`;
        const query = this.app.queries.get(path, (signal) => this.app.api.get<DeploymentDetail>(path, {}, signal));
        return [deployment, query] as const;
      }),
    );
  });
  /** Changes with what there is to follow, and with nothing else in the address. */
  readonly detailed = $derived.by(() => [this.app.environments.current?.id, ...this.details.keys()].join(' '));
  readonly levels = $derived.by(() => {
    const asked = this.app.router.query['levels']?.split(',') ?? [];
    return levelChoices.filter((level) => asked.includes(level));
  });

  readonly deploymentChoices: readonly Choice[] = $derived.by(() =>
    this.choices(
      'deployment',
      (this.deployments?.data?.items ?? []).map(({ name, state }) => ({ key: name, name, hint: state })),
    ),
  );
  readonly containerChoices: readonly Choice[] = $derived.by(() =>
    this.choices(
      'container',
      (this.containers?.data?.items ?? []).map(({ id, name, state, deployment }) => ({
        ...{ key: id, name },
        hint: deployment ?? (state === 'running' ? '' : state),
      })),
    ),
  );

  /** What to read, one stream for each kind; empty while nothing is chosen. */
  readonly paths: readonly string[] = $derived.by(() => {
    const query = new URLSearchParams({ tail: String(tailLines) });
    const words = this.app.router.query['q'];
    if (words !== undefined) query.set('search', words.slice(0, 200));
    if (this.levels.length > 0) query.set('levels', this.levels.join(','));
    const { current } = this.app.environments;
    const found: string[] = [];
    if (current !== undefined && this.mayDeployments && this.chosenDeployments.length > 0) {
      const replicas = this.chosenReplicas.length > 0 ? `&replicas=${this.chosenReplicas.join(',')}` : '';
      const chosen = `deployments=${this.chosenDeployments.join(',')}${replicas}`;
      found.push(`/environments/${current.id}/logs?${chosen}&${query}`);
    }
    if (this.mayContainers && this.chosenContainers.length > 0)
      found.push(`/logs?containers=${this.chosenContainers.join(',')}&${query}`);
    return found;
  });

  readonly sentence = $derived.by(() => {
    const parts = [
      [this.chosenDeployments.length, 'deployment', 'deployments'],
      [this.chosenContainers.length, 'container', 'containers'],
    ] as const;
    const said = parts.filter(([n]) => n > 0).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
    if (said.length === 0) return 'Choose whose lines to read.';
    const levels = this.levels.length === 0 ? 'all levels' : this.levels.map(sayLevel).join(', ');
    return `${this.feed.past ? 'Past' : 'Live'} lines of ${said.join(' and ')}, ${levels}.`;
  });

  toggle(kind: Kind, key: string): void {
    const before = this.read(kind);
    const next = before.includes(key) ? before.filter((one) => one !== key) : [...before, key].slice(0, togetherMax);
    const replicas =
      kind === 'deployment' ? this.chosenReplicas.filter((name) => next.includes(deploymentOf(name)!)) : undefined;
    this.app.router.setQuery({
      ...{ [names[kind]]: next.join(','), line: undefined },
      ...(replicas && { replicas: replicas.join(',') }),
    });
  }

  toggleReplica(name: string): void {
    this.app.router.setQuery({ replicas: toggleReplica(this.chosenReplicas, name), line: undefined });
  }

  /** What there is to choose from below a deployment that is read. */
  replicasOf(deployment: string): readonly ReplicaOption[] {
    const query = this.details.get(deployment);
    return query === undefined ? [] : replicaOptions(deployment, query.data?.tasks, this.chosenReplicas);
  }

  toggleLevel(level: LogLevel): void {
    const on = this.levels.includes(level);
    const next = levelChoices.filter((one) => (one === level ? !on : this.levels.includes(one)));
    this.app.router.setQuery({ levels: next.join(',') });
  }

  /** Takes what is typed into the address once the typing rests. */
  typed(words: string): void {
    this.search = words;
    this.waiting?.();
    this.waiting = this.app.ports.after(typingSeconds, () => this.app.router.setQuery({ q: words.trim() }));
  }

  full(kind: Kind): boolean {
    return this.read(kind).length >= togetherMax;
  }

  /** The overview around the moment of a line. */
  jump(time: string): void {
    const at = Math.round(Date.parse(time) / 1000);
    if (Number.isFinite(at)) this.app.router.go(`/?from=${at - half}&to=${at + half}`);
  }

  /** Reads what is chosen now until stopped. */
  open(paths: readonly string[]): Stop {
    if (paths.length === 0) return () => {};
    return this.feed.open(paths, momentOf(this.app.router.query));
  }

  /** Keeps the states of the replicas of what is read fresh. */
  followReplicas(): Stop {
    const stops = [...this.details.values()].map((query) => query.follow(10));
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Keeps the lists of what can be chosen fresh. */
  follow(): Stop {
    const stops = [this.deployments?.follow(30), this.containers?.follow(30)];
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  private read(kind: Kind): readonly string[] {
    const text = this.app.router.query[names[kind]] ?? '';
    const fits = kind === 'container' ? /^[0-9a-f]{64}$/ : /^[a-z0-9][a-z0-9-]{0,39}$/;
    return [...new Set(text.split(','))].filter((one) => fits.test(one)).slice(0, togetherMax);
  }

  /** Those chosen stay in sight, whatever the list is narrowed to; also one that is no longer there, so that it can be let go. */
  private choices(kind: Kind, all: readonly Omit<Choice, 'chosen'>[]): Choice[] {
    const chosen = this.read(kind);
    const words = this.narrow.trim().toLowerCase();
    const gone = chosen.filter((key) => !all.some((one) => one.key === key));
    return [
      ...all
        .map((one) => ({ ...one, chosen: chosen.includes(one.key) }))
        .filter((one) => one.chosen || one.name.toLowerCase().includes(words))
        .sort((a, b) => Number(b.chosen) - Number(a.chosen) || a.name.localeCompare(b.name, 'en', { numeric: true })),
      ...gone.map((key) => ({ key, name: key.slice(0, 12), hint: 'not listed', chosen: true })),
    ];
  }
}

export function sayLevel(level: LogLevel): string {
  return level === 'unknown' ? 'no level' : level;
}

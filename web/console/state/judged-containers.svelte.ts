// What the container detector says of each container, and of each deployment by the most telling of its replicas; nothing for those who may not see it.
import type { Anomaly } from '../values/anomaly-words.ts';
import { unjudgedOf } from '../values/health.ts';
import type { Anomalies } from './anomalies.svelte.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

/** More containers than a host can run. */
const askedMax = 1_000;
const refreshSeconds = 15;

export class JudgedContainers {
  /** Undefined where the person may not see what is judged. */
  private readonly query: Query<Anomalies> | undefined;

  constructor({ api, queries, session }: Pick<App, 'api' | 'queries' | 'session'>) {
    this.query = session.can('watch:read')
      ? queries.get('anomalies of containers', (signal) =>
          api.get<Anomalies>('/anomalies', { detector: 'container', each: 'thing', limit: askedMax }, signal),
        )
      : undefined;
  }

  get may(): boolean {
    return this.query !== undefined;
  }

  /** The most telling first. */
  get all(): readonly Anomaly[] {
    return this.query?.data?.items ?? [];
  }

  /** One name on two machines could be either: it is left out. */
  private readonly named = $derived.by(() => {
    const found = new Map<string, Anomaly | undefined>();
    for (const one of this.all) {
      const name = one.labels['name'] ?? '';
      found.set(name, found.has(name) ? undefined : one);
    }
    return found;
  });

  /** They come most telling first. */
  private readonly deployed = $derived.by(() => {
    const found = new Map<string, Anomaly>();
    for (const one of this.all) {
      const { deployment } = one.labels;
      if (deployment !== undefined && !found.has(deployment)) found.set(deployment, one);
    }
    return found;
  });

  /** Why nobody judges containers of this deployment now; undefined where somebody does, or the person may not see it. */
  unjudged(deployment: string): string | undefined {
    if (this.query === undefined) return undefined;
    const { data, error } = this.query;
    if (data === undefined) return error?.message;
    const own = data.items.filter(({ labels }) => labels['deployment'] === deployment);
    return unjudgedOf(data.detectors, 'container', own);
  }

  /** By the name that a replica keeps over its tasks. */
  ofContainer(name: string): Anomaly | undefined {
    return this.named.get(name);
  }

  /** Names of deployments are theirs on the whole appliance. */
  ofDeployment(name: string): Anomaly | undefined {
    return this.deployed.get(name);
  }

  follow(running: () => boolean): Stop {
    return this.query?.follow(refreshSeconds, running) ?? (() => undefined);
  }
}

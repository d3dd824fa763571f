// The log of a deployment: of all its replicas or of chosen ones, as the address says. Apart from the rest of its page, which does not wait for it.
import type { App } from './app.svelte.ts';
import type { DeploymentPage } from './deployment.svelte.ts';
import { LogFeed, momentOf } from './log-feed.svelte.ts';
import { readReplicas, replicaOptions, toggleReplica } from './log-replicas.ts';
import type { Stop } from './ports.ts';

const tailLines = 500;

export class DeploymentLog {
  private readonly app: Pick<App, 'api' | 'router' | 'ports'>;
  private readonly page: Pick<DeploymentPage, 'path' | 'name' | 'query'>;
  readonly feed: LogFeed;

  constructor(app: Pick<App, 'api' | 'router' | 'ports'>, page: Pick<DeploymentPage, 'path' | 'name' | 'query'>) {
    this.app = app;
    this.page = page;
    this.feed = new LogFeed(app.ports, app.api);
  }

  /** Replicas whose lines are read; all of them where none is chosen. */
  readonly chosen = $derived.by(() => readReplicas(this.app.router.query['replicas'], [this.page.name]));
  readonly options = $derived.by(() => replicaOptions(this.page.name, this.page.query.data?.tasks, this.chosen));
  /** Where its lines come from. */
  readonly path = $derived.by(() => {
    const chosen = this.chosen.length > 0 ? `&replicas=${this.chosen.join(',')}` : '';
    return `${this.page.path}/logs?tail=${tailLines}${chosen}`;
  });

  /** Reads it, at the moment that the address asks for now. */
  open(path: string): Stop {
    return this.feed.open(path, momentOf(this.app.router.query));
  }

  toggle(name: string): void {
    this.app.router.setQuery({ replicas: toggleReplica(this.chosen, name), line: undefined });
  }
}

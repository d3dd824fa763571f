// The way into Grafana: whether there is one, and the address of a dashboard at the time that is looked at here.
import type { z } from 'zod';
import type { grafanaState } from '../../../core/contracts/grafana.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';

type GrafanaState = z.infer<typeof grafanaState>;

export class GrafanaWay {
  private readonly app: Pick<App, 'api' | 'queries' | 'time'>;
  private readonly query: Query<GrafanaState>;

  constructor(app: Pick<App, 'api' | 'queries' | 'time'>) {
    this.app = app;
    this.query = app.queries.get('grafana', (signal) => app.api.get<GrafanaState>('/grafana', {}, signal));
  }

  /** False while nobody knows: no link is better than one that leads nowhere. */
  get configured(): boolean {
    return this.query.data?.configured === true;
  }

  /** Asked once: it changes with a restart only. */
  async look(): Promise<void> {
    if (this.query.data === undefined) await this.query.refresh();
  }

  /** Undefined where there is no Grafana. `variables` choose in the dashboard, by their names there. */
  href(board: string, variables: Readonly<Record<string, string>> = {}): string | undefined {
    if (!this.configured) return undefined;
    const { fixed, relative } = this.app.time;
    const span =
      fixed === undefined
        ? { from: `now-${relative ?? '1h'}`, to: 'now' }
        : { from: String(Math.floor(fixed.start * 1000)), to: String(Math.ceil(fixed.end * 1000)) };
    const chosen = Object.entries(variables).map(([name, value]): [string, string] => [`var-${name}`, value]);
    return `/grafana/d/${encodeURIComponent(board)}?${new URLSearchParams([...Object.entries(span), ...chosen])}`;
  }
}

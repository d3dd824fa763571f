// The silences as Alertmanager has them, for every page that says what fires: while it does not answer, nobody knows what is silenced.
import { type Silence, silenceOver } from '../values/silencing.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

type Alert = Parameters<typeof silenceOver>[0];

export class Silencing {
  readonly query: Query<{ items: readonly Silence[] }>;

  constructor({ api, queries }: Pick<App, 'api' | 'queries'>) {
    this.query = queries.get('silences', (signal) => api.get<{ items: readonly Silence[] }>('/silences', {}, signal));
  }

  readonly items = $derived.by(() => this.query.data?.items ?? []);
  /** Why nobody knows: what was read before may have ended, or been lost, since. */
  readonly unknown = $derived.by(() => this.query.error?.message);

  /** The silence that holds this alert back; undefined where none does, and where nobody knows. */
  of(alert: Alert): Silence | undefined {
    return this.unknown === undefined ? silenceOver(alert, this.items) : undefined;
  }

  /** Those that fire as far as is known, and those that a silence holds back. */
  part<A extends Alert>(alerts: readonly A[]): { firing: readonly A[]; silenced: readonly A[] } {
    const isSilenced = (alert: A) => this.of(alert) !== undefined;
    return { firing: alerts.filter((alert) => !isSilenced(alert)), silenced: alerts.filter(isSilenced) };
  }

  follow(everySeconds: number, running: () => boolean): Stop {
    return this.query.follow(everySeconds, running);
  }
}

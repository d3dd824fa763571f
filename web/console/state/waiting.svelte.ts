// What waits for a person, for the rail: alerts that fire unsilenced and processes that look like threats; unknown is no count.
import type { Overview } from '../values/health.ts';
import { isForPeople, type Meaning, meaningOfSeverity, worst } from '../values/meaning.ts';
import { countedThreats, meaningOfTier, type Threats, threatsUnknown } from '../values/threat-words.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { Silencing } from './silencing.svelte.ts';

export interface Count {
  number: number;
  meaning: Meaning;
  words: string;
}

const askedSeconds = 30;

export class Waiting {
  private readonly overview: Query<Overview>;
  private readonly threats: Query<Threats>;
  private readonly silencing: Silencing;
  private readonly session: App['session'];

  constructor({ api, queries, session }: Pick<App, 'api' | 'queries' | 'session'>) {
    this.session = session;
    this.overview = queries.get('overview', (signal) => api.get<Overview>('/overview', {}, signal));
    this.threats = queries.get('threats', (signal) => api.get<Threats>('/threats', {}, signal));
    this.silencing = new Silencing({ api, queries });
  }

  /** By the path of the page where it waits; nothing where nothing waits or where nobody knows. */
  readonly counts: Readonly<Record<string, Count>> = $derived.by(() => {
    const alerts = this.overview.data?.alerts;
    const firing = alerts?.state === 'known' ? alerts.items.filter(isForPeople) : [];
    const told = this.threats.data;
    const threats = told === undefined || threatsUnknown(told) !== undefined ? [] : countedThreats(told);
    return {
      ...countOf(
        '/alerts',
        'firing',
        this.silencing.part(firing).firing.map(({ severity }) => meaningOfSeverity(severity)),
      ),
      ...countOf(
        '/processes',
        'like a threat',
        threats.map(({ tier }) => meaningOfTier(tier)),
      ),
    };
  });

  follow(running: () => boolean): Stop {
    if (!this.session.can('watch:read')) return () => undefined;
    const stops = [this.overview, this.threats, this.silencing].map((one) => one.follow(askedSeconds, running));
    return () => {
      for (const stop of stops) stop();
    };
  }
}

function countOf(path: string, words: string, meanings: readonly Meaning[]): Record<string, Count> {
  if (meanings.length === 0) return {};
  return { [path]: { number: meanings.length, meaning: worst(meanings), words: `${meanings.length} ${words}` } };
}

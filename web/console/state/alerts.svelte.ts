// Alerts that fire and the silences that hold them back; a new silence begins with the labels of an alert and needs a reason.
import type { z } from 'zod';
import type { alertView, runbookView, silenceBody } from '../../../core/contracts/api-watch.ts';
import { thingLabels } from '../../../core/lib/alert-link.ts';
import { keyOf } from '../values/alert-words.ts';
import type { Overview } from '../values/health.ts';
import { isForPeople } from '../values/meaning.ts';
import type { Silence } from '../values/silencing.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Silencing } from './silencing.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

export type AlertView = z.infer<typeof alertView>;
type Runbook = z.infer<typeof runbookView>;
type SilenceBody = z.infer<typeof silenceBody>;

const weights = ['critical', 'warning', 'info'];
/** What names an alert's thing: with these a silence fits this alert and no other. */
const naming = ['alertname', ...thingLabels];
const matchersMax = 16;
/** Asked often: somebody waits for what they have just silenced, or for Alertmanager to come back. */
const silencesSeconds = 10;

export const silenceLengths: readonly { minutes: number; words: string }[] = [
  { minutes: 30, words: '30 minutes' },
  { minutes: 120, words: '2 hours' },
  { minutes: 480, words: '8 hours' },
  { minutes: 1_440, words: '1 day' },
  { minutes: 10_080, words: '1 week' },
];

const columns: readonly Column<AlertView>[] = [
  { key: 'severity', title: 'Severity', value: ({ severity }) => rankOf(severity), narrow: 'state' },
  { key: 'name', title: 'Alert', value: ({ name }) => name, narrow: 'lead' },
  { key: 'summary', title: 'What', value: ({ summary }) => summary, wide: true, narrow: 'words' },
  { key: 'labels', title: 'On what', value: ({ labels }) => Object.values(labels).join(' '), wide: true },
  { key: 'since', title: 'Since', value: ({ since }) => since },
  { key: 'quiet', title: 'Silence', value: () => '', narrow: 'act' },
];

export class AlertsPage {
  readonly overview: Query<Overview>;
  readonly silencing: Silencing;
  readonly table: TableState<AlertView>;
  readonly form: SilenceForm;
  private readonly app: Pick<App, 'api' | 'attempt' | 'queries' | 'router'>;

  constructor(app: Pick<App, 'api' | 'queries' | 'router' | 'attempt' | 'ports' | 'toasts'>) {
    this.app = app;
    this.overview = app.queries.get('overview', (signal) => app.api.get<Overview>('/overview', {}, signal));
    this.silencing = new Silencing(app);
    this.table = new TableState({
      ...{ columns, router: app.router, sort: 'severity' },
      rows: () => this.alerts ?? [],
      id: (alert) => keyOf(alert),
    });
    this.form = new SilenceForm(app, () => void this.silencing.query.refresh());
  }

  /** Undefined where nobody knows: Prometheus does not answer. */
  readonly alerts = $derived.by(() => {
    const { data } = this.overview;
    return data?.alerts.state === 'known' ? data.alerts.items.filter(isForPeople) : undefined;
  });
  readonly unknown = $derived.by(() => {
    const { data } = this.overview;
    return data?.alerts.state === 'unknown' ? data.alerts.reason : undefined;
  });

  /** The one that the address names, while it fires. */
  readonly looked = $derived.by(() => {
    const key = this.app.router.query['alert'];
    return key === undefined ? undefined : this.alerts?.find((alert) => keyOf(alert) === key);
  });

  /** Nothing is said before the silences were read: an alert that is held back would be told to fire for a moment. */
  readonly sentence = $derived.by(() => {
    if (this.unknown !== undefined) return `Whether anything fires is unknown: ${this.unknown}`;
    const { query, unknown } = this.silencing;
    if (this.alerts === undefined || query.face === 'loading') return undefined;
    const { firing, silenced } = this.silencing.part(this.alerts);
    const fires =
      firing.length === 0 ? 'Nothing fires' : `${firing.length} ${firing.length === 1 ? 'alert fires' : 'alerts fire'}`;
    if (unknown !== undefined && firing.length > 0) return `${fires}; what of it is silenced is unknown: ${unknown}`;
    if (silenced.length === 0) return `${fires}.`;
    return `${fires}, ${silenced.length} ${silenced.length === 1 ? 'alert is' : 'alerts are'} silenced.`;
  });

  /** How many alerts it holds back: those that Alertmanager counts, or that fire here where it has not heard of them again. */
  countHeld({ id, hits }: Silence): number {
    return Math.max(hits, this.alerts?.filter((alert) => this.silencing.of(alert)?.id === id).length ?? 0);
  }

  look(alert: AlertView | undefined): void {
    this.app.router.setQuery({ alert: alert && keyOf(alert) });
  }

  runbookOf(name: string): Query<Runbook> {
    const path = `/alerts/${encodeURIComponent(name)}/runbook`;
    return this.app.queries.get(`runbook ${name}`, (signal) => this.app.api.get<Runbook>(path, {}, signal));
  }

  end(silence: Silence): Promise<boolean> {
    return this.app
      .attempt('The silence has ended.', () => this.app.api.delete(`/silences/${encodeURIComponent(silence.id)}`))
      .finally(() => void this.silencing.query.refresh());
  }

  follow(running: () => boolean): () => void {
    const stops = [this.overview.follow(15, running), this.silencing.follow(silencesSeconds, running)];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

/** A silence that is being written. */
export class SilenceForm {
  private readonly app: Pick<App, 'api' | 'attempt' | 'ports' | 'toasts'>;
  private readonly made: () => void;
  private key = '';
  alert = $state.raw<AlertView>();
  chosen = $state<Record<string, boolean>>({});
  reason = $state('');
  minutes = $state(120);
  busy = $state(false);
  error = $state.raw<ApiError>();

  constructor(app: Pick<App, 'api' | 'attempt' | 'ports' | 'toasts'>, made: () => void) {
    this.app = app;
    this.made = made;
  }

  readonly labels: readonly [string, string][] = $derived.by(() => {
    if (this.alert === undefined) return [];
    const labels = { alertname: this.alert.name, ...this.alert.labels };
    return Object.entries(labels)
      .filter(([, value]) => value !== '')
      .slice(0, matchersMax);
  });
  readonly ready = $derived(this.reason.trim().length >= 3 && this.labels.some(([name]) => this.chosen[name]));

  open(alert: AlertView): void {
    this.alert = alert;
    this.chosen = Object.fromEntries(this.labels.map(([name]) => [name, naming.includes(name)]));
    this.reason = '';
    this.error = undefined;
    this.key = this.app.ports.randomKey();
  }

  close(): void {
    this.alert = undefined;
  }

  async submit(): Promise<void> {
    const { alert } = this;
    if (this.busy || !this.ready || alert === undefined) return;
    this.busy = true;
    this.error = undefined;
    const matchers = this.labels
      .filter(([name]) => this.chosen[name])
      .map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
    const body: SilenceBody = { matchers, reason: this.reason.trim(), minutes: this.minutes };
    try {
      await this.app.api.post('/silences', body, { key: this.key });
      this.app.toasts.done(`${alert.name} is silenced.`);
      if (this.alert === alert) this.close(); // another may have been opened meanwhile
      this.made();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      this.busy = false;
    }
  }
}

/** Sorts as people weigh it: the gravest first. */
function rankOf(severity: string): number {
  const rank = weights.indexOf(severity);
  return rank < 0 ? weights.length : rank;
}

// After the first admin is made: what this machine has and lacks, what was found on it, and what is worth doing next. Each step can be skipped.

import type { HealthGroup, Overview } from '../values/health.ts';
import { healthOf } from '../values/health.ts';
import { type Meaning, worst } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import { DoctorPage } from './doctor.svelte.ts';
import { NotificationsPage } from './notifications.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { SecondFactorForm } from './second-factor.svelte.ts';

export interface Check {
  title: string;
  meaning: Meaning;
  /** What it means, and what to do where it is not fine. */
  words: string;
}

const allSteps = ['machine', 'found', 'notifications', 'second-factor', 'done'] as const;
export type WelcomeStep = (typeof allSteps)[number];

export const stepTitles: Readonly<Record<WelcomeStep, string>> = {
  machine: 'What this machine has and lacks',
  found: 'What was found',
  notifications: 'Who is told of alerts',
  'second-factor': 'A second factor',
  done: 'Done',
};

export class WelcomePage {
  private readonly router: App['router'];
  private readonly session: App['session'];
  readonly query: Query<Overview>;
  readonly doctor: DoctorPage;
  readonly notifications: NotificationsPage;
  readonly secondFactor: SecondFactorForm;

  constructor(app: Pick<App, 'api' | 'attempt' | 'ports' | 'queries' | 'router' | 'session'>) {
    const { api, queries, router, session } = app;
    this.router = router;
    this.session = session;
    this.doctor = new DoctorPage(app);
    this.notifications = new NotificationsPage(app);
    this.query = queries.get('overview', (signal) => api.get<Overview>('/overview', {}, signal));
    this.secondFactor = new SecondFactorForm(api, {
      enter: (view) => {
        session.enter(view);
        if (this.step === 'second-factor' && router.path === '/welcome') this.next();
      },
    });
  }

  /** What a person may not do is no step of theirs. */
  readonly steps = $derived.by(() =>
    allSteps.filter((step) => step !== 'notifications' || this.session.can('notification:manage')),
  );
  readonly secondFactorDone = $derived.by(() => this.session.view?.secondFactor === true);
  readonly mayExamine = $derived.by(() => this.session.can('doctor:read'));

  get step(): WelcomeStep {
    return this.steps.find((step) => step === this.router.query['step']) ?? 'machine';
  }

  /** Whether the step was done, so that going on is no skipping. */
  readonly done = $derived.by(() => {
    if (this.step === 'second-factor') return this.secondFactorDone;
    if (this.step !== 'notifications') return true;
    return this.notifications.draft === undefined && this.notifications.receivers.length > 0;
  });

  readonly checks = $derived.by(() => (this.query.data === undefined ? [] : checksOf(this.query.data)));
  readonly found = $derived.by(() => (this.query.data === undefined ? [] : healthOf(this.query.data).slice(0, 3)));
  readonly foundWords = $derived.by(() => this.found.map(sayFound));

  /** Things appear within the first minute: it is looked again often. */
  follow(): Stop {
    return this.query.follow(5);
  }

  next(): void {
    const place = this.steps.indexOf(this.step);
    this.go(this.steps[place + 1] ?? 'done');
  }

  go(step: WelcomeStep): void {
    this.router.setQuery({ step }, { push: true });
  }
}

function sayFound({ title, tiles, unknown }: HealthGroup): { title: string; words: string; names: string[] } {
  if (unknown !== undefined) return { title, words: `unknown: ${unknown}`, names: [] };
  const none: Record<string, string> = {
    Machines: 'none yet; the first figures come within a minute',
    Containers: 'none yet, or no engine is asked',
    GPUs: 'none',
  };
  const names = tiles.map(({ name }) => name);
  return { title, words: tiles.length === 0 ? (none[title] ?? 'none') : String(tiles.length), names };
}

/** One line for each process that everything else stands on. */
function checksOf(data: Overview): Check[] {
  const history: Check =
    data.targets.state === 'known'
      ? { title: 'Prometheus', meaning: 'ok', words: 'answers; history is kept' }
      : {
          title: 'Prometheus',
          meaning: 'warning',
          words: `${data.targets.reason}. Without it there is no history, no score and no alert.`,
        };
  const targets = data.targets.state === 'known' ? data.targets.items : [];
  const up = targets.filter((target) => target.up).length;
  const measured: Check =
    targets.length === 0
      ? {
          title: 'Measuring',
          meaning: 'unknown',
          words: 'nothing was scraped yet; this takes a minute after the start',
        }
      : {
          title: 'Measuring',
          meaning: up === targets.length ? 'ok' : 'warning',
          words:
            up === targets.length
              ? `all ${up} sources answer`
              : `${up} of ${targets.length} sources answer; without an answer: ${missing(targets)}`,
        };
  return [history, measured, detectorsOf(data)];
}

function missing(targets: readonly { job: string; up: boolean }[]): string {
  return [...new Set(targets.filter(({ up }) => !up).map(({ job }) => job))].join(', ');
}

function detectorsOf({ anomalies: { detectors } }: Overview): Check {
  const meanings = detectors.map(
    (one): Meaning => (one.state === 'unknown' ? 'unknown' : one.prometheusAnswering ? 'ok' : 'warning'),
  );
  const meaning = worst(meanings);
  const known = detectors.filter(({ state }) => state === 'known').length;
  const words =
    meaning === 'ok'
      ? 'watch already; they judge by plain statistics at first and learn what is ordinary within days'
      : `${known} of ${detectors.length} answer; they begin once Prometheus has a few minutes of history`;
  return { title: 'Detectors', meaning, words };
}

// One series in full: what it is now, its score over the time looked at, what drove it, and what people say about it.
import type { z } from 'zod';
import type { history, judgement } from '../../../core/contracts/api-watch.ts';
import { type Anomaly, entityName, metricName, sentenceOf } from '../values/anomaly-words.ts';
import { alignPoints, cutBelow } from '../values/points.ts';
import { leastOf, readUnit } from '../values/units.ts';
import type { Anomalies } from './anomalies.svelte.ts';
import type { App } from './app.svelte.ts';
import { Deeds } from './deeds.svelte.ts';
import { Query } from './query.svelte.ts';

/** Points with the step that they were asked for with: the time looked at may have moved on since. */
type History = z.infer<typeof history> & { stepSeconds: number };
type Judgement = z.infer<typeof judgement>;
type Ground = Pick<App, 'api' | 'queries' | 'router' | 'time' | 'ports' | 'attempt'>;

/** Of one stretch of an alert, on each side: rows that belong to what was judged. */
const marginSeconds = 60;
const judgedSecondsMax = 7 * 86_400;
/** More ticks cannot be told apart. */
const deedsMax = 50;

export class AnomalySeriesPage {
  private readonly app: Ground;
  readonly now: Query<Anomalies>;
  readonly past: Query<History>;
  readonly detector: string;
  /** As on `anomaly_score`, the metric among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the deployment that it belongs to; undefined where it belongs to none. */
  readonly deeds: Deeds | undefined;
  private told = $state.raw<{ start: number; words: 'expected' | 'not expected' }>();
  judging = $state(false);

  constructor(app: Ground) {
    this.app = app;
    this.detector = app.router.query['detector'] ?? '';
    this.labels = readLabels(app.router.query['labels']);
    this.now = app.queries.get('anomalies', (signal) => app.api.get<Anomalies>('/anomalies', { limit: 1_000 }, signal));
    this.past = new Query((signal) => this.readPast(signal), app.ports);
    const { deployment } = this.labels;
    this.deeds = deployment === undefined ? undefined : new Deeds(app, deployment);
  }

  readonly item = $derived.by(() => this.now.data?.items.find((one) => this.isThis(one)));
  readonly title = $derived.by(() => `${entityName(this.entityLabels)}: ${metricName(this.labels['metric'] ?? '')}`);
  readonly unit = $derived.by(() => readUnit(this.item?.unit ?? ''));

  readonly sentence = $derived.by(() => {
    if (this.item !== undefined) return sentenceOf(this.item);
    if (this.now.data === undefined) return undefined;
    const silent = this.now.data.detectors.find((one) => one.detector === this.detector && one.state === 'unknown');
    return silent === undefined
      ? 'The detector does not watch this series now: it is gone, or beyond the bound of what is listed.'
      : 'Unknown: the detector does not answer.';
  });

  readonly lines = $derived.by(() => {
    const { score = [], value = [], expectedLow = [], expectedHigh = [], contributions = [] } = this.past.data ?? {};
    const { stepSeconds } = this;
    const shares = contributions.map(({ share }) => share);
    const { times, columns } = alignPoints([score, value, expectedLow, expectedHigh, ...shares], stepSeconds);
    const [scores = [], values = [], low = [], high = [], ...parts] = columns;
    const features = contributions.map(({ feature }, place) => ({
      name: feature.replaceAll('_', ' '),
      values: parts[place] ?? [],
    }));
    const band = expectedLow.length > 0 ? { low: cutBelow(low, leastOf(this.unit)), high } : undefined;
    return { times, scores, values: value.length > 0 ? values : undefined, band, features };
  });

  /** Stretches of time in which the alert was raised, oldest first. */
  readonly alerts = $derived.by(() => stretchesOf(this.past.data?.alert ?? [], this.stepSeconds));
  /** What was done in the time looked at, oldest first. */
  readonly done = $derived.by(() => {
    const { start, end } = this.app.time.span();
    return (this.deeds?.all ?? []).filter(({ atSeconds }) => atSeconds >= start && atSeconds <= end).slice(-deedsMax);
  });
  readonly marks = $derived.by(() => [
    ...this.alerts.map(({ start }) => ({ atSeconds: start, kind: 'alert' as const })),
    ...this.done.map(({ atSeconds, kind }) => ({ atSeconds, kind })),
  ]);

  /** What a judgement would be about: the newest alert in sight, else the drawn time. */
  readonly judged = $derived.by(() => {
    const newest = this.alerts.at(-1);
    if (newest !== undefined) return { start: newest.start - marginSeconds, end: newest.end + marginSeconds };
    return this.app.time.fixed;
  });

  /** What was said of it here: of this stretch of time and no other. An alert that goes on is the same one. */
  readonly said = $derived.by(() => (this.told?.start === this.judged?.start ? this.told?.words : undefined));

  async judge(expected: boolean): Promise<void> {
    const span = this.judged;
    if (span === undefined || this.judging) return;
    this.judging = true;
    const start = Math.max(span.start, span.end - judgedSecondsMax);
    const body: Judgement = { labels: { ...this.labels, detector: this.detector }, start, end: span.end, expected };
    const words = expected ? 'expected' : 'not expected';
    const done = expected
      ? 'Noted as expected: these rows stay in training and the alert closes.'
      : 'Noted as not expected: these rows are left out of training.';
    const noted = await this.app.attempt(done, () => this.app.api.post('/anomalies/feedback', body));
    if (noted) this.told = { start: span.start, words };
    this.judging = false;
  }

  follow(running: () => boolean): () => void {
    const stops = [this.now.follow(15, running), this.past.follow(60, running)];
    if (this.deeds !== undefined) stops.push(this.deeds.query.follow(60, running));
    return () => {
      for (const stop of stops) stop();
    };
  }

  private get stepSeconds(): number {
    return this.past.data?.stepSeconds ?? this.app.time.stepSeconds;
  }

  private get entityLabels(): Record<string, string> {
    const { metric: _, ...labels } = this.labels;
    return labels;
  }

  private isThis({ detector, labels, metric }: Anomaly): boolean {
    if (detector !== this.detector || metric !== this.labels['metric']) return false;
    const own = Object.entries(this.entityLabels);
    return own.length === Object.keys(labels).length && own.every(([name, value]) => labels[name] === value);
  }

  private async readPast(signal: AbortSignal): Promise<History> {
    const { start, end } = this.app.time.span();
    const { stepSeconds } = this.app.time;
    const query = {
      ...{ detector: this.detector, labels: JSON.stringify(this.labels) },
      ...{ start: Math.floor(start), end: Math.ceil(end), step: stepSeconds },
    };
    return { ...(await this.app.api.get<z.infer<typeof history>>('/anomalies/history', query, signal)), stepSeconds };
  }
}

/** Runs of points above zero; a gap of more than two steps ends one. */
export function stretchesOf(
  points: readonly (readonly [number, number])[],
  stepSeconds: number,
): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const [at, raised] of points) {
    if (raised <= 0) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.end <= 2 * stepSeconds) last.end = at;
    else found.push({ start: at, end: at });
  }
  return found;
}

/** The address is anybody's to write: what is no object of texts is nothing. */
function readLabels(text: string | undefined): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch {
    return {};
  }
}

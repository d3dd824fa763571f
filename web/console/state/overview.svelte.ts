// What the overview shows: the newest overview, by asking or live, and how unusual each listed thing was in the time looked at.
import type { z } from 'zod';
import type { history, strips } from '../../../core/contracts/api-watch.ts';
import { type Anomaly, anomalyHref, entityKey, entityName, metricName, sentenceAt } from '../values/anomaly-words.ts';
import { billRow, sumOf } from '../values/bill.ts';
import { healthOf, type Overview } from '../values/health.ts';
import { emptyCells, type HeatRow, sortRows } from '../values/heat.ts';
import { isForPeople, meaningOfSeverity, worst } from '../values/meaning.ts';
import { countedThreats, type Threats, threatGroup, threatsUnknown } from '../values/threat-words.ts';
import { sayMoment } from '../values/times.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { Silencing } from './silencing.svelte.ts';

type History = z.infer<typeof history>;
type Strips = z.infer<typeof strips>;
type Ground = Pick<App, 'api' | 'queries' | 'live' | 'time' | 'ports' | 'know'>;
type Drawn = Anomaly & { scores?: Strips['items'][number]['scores'] };

const stripsMax = 12;
const stripsSeconds = 60;
const missingSeconds = 15;
/** The strip is of minutes: a longer time is not drawn finer than its last hours. */
const stripSecondsMax = 6 * 3_600;
/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;

export class OverviewPage {
  private readonly app: Ground;
  readonly query: Query<Overview>;
  readonly threatQuery: Query<Threats>;
  readonly silencing: Silencing;
  private read = $state.raw<Strips>();
  /** Begin of the strips, in Unix seconds. */
  stripStart = $state(0);
  /** What is known of the strips that were pointed at, read when it is wanted. */
  private histories = $state.raw<ReadonlyMap<string, { readAt: number; history: History | undefined }>>(new Map());
  private reading: AbortController | undefined;
  private askedAt = 0;

  constructor(app: Ground) {
    this.app = app;
    this.stripStart = this.stripSpan().start;
    this.query = app.queries.get('overview', (signal) => app.api.get<Overview>('/overview', {}, signal));
    this.threatQuery = app.queries.get('threats', (signal) => app.api.get<Threats>('/threats', {}, signal));
    this.silencing = new Silencing(app);
  }

  readonly data = $derived.by(() => this.query.data);
  readonly health = $derived.by(() => {
    if (this.data === undefined) return [];
    const { data, error } = this.threatQuery;
    return [
      threatGroup(data, error?.message ?? 'not read yet'),
      ...healthOf(this.data, (alert) => this.silencing.of(alert) !== undefined),
    ];
  });
  /** Those that raise an alert, then the rarest, one line a thing; the server lists so many and counts them all. */
  readonly unusual = $derived.by(() =>
    oneForEach(this.listed.filter(({ score, alert }) => alert?.raised || (score ?? 0) >= unusualScore)),
  );
  /** All of them, those that are not listed among them. */
  readonly unusualCount = $derived.by(() => Math.max(this.unusual.length, this.data?.anomalies.things.unusual ?? 0));
  /** "12 of 41 shown", where the strips are not of everything. */
  readonly stripsShown = $derived.by(() => {
    const total = this.data?.anomalies.things.total ?? 0;
    return total > this.strips.length ? `${this.strips.length} of ${total} shown` : undefined;
  });
  readonly alerts = $derived.by(() =>
    this.data?.alerts.state === 'known'
      ? this.silencing.part(byWeight(this.data.alerts.items.filter(isForPeople)))
      : undefined,
  );
  readonly alertsUnknown = $derived.by(() =>
    this.data?.alerts.state === 'unknown' ? this.data.alerts.reason : undefined,
  );
  readonly bill = $derived.by(() =>
    this.data?.bill.state === 'known'
      ? this.data.bill.items.map(billRow).sort((a, b) => (b.memory ?? 0) - (a.memory ?? 0))
      : undefined,
  );
  readonly billTotal = $derived.by(() => ({
    memory: sumOf(this.bill?.map(({ memory }) => memory)),
    cpu: sumOf(this.bill?.map(({ cpu }) => cpu)),
    /** Whether a part does not tell its cost, so that the sum is the least that it can be. */
    partial: this.bill?.some(({ memory, cpu }) => memory === null || cpu === null) ?? false,
  }));
  readonly meaning = $derived.by(() =>
    worst([
      ...this.health.flatMap(({ tiles, unknown }) =>
        unknown === undefined ? tiles.map((tile) => tile.meaning) : ['unknown' as const],
      ),
      ...(this.blank === undefined ? [] : ['unknown' as const]),
    ]),
  );

  private readonly listed = $derived.by(() => this.data?.anomalies.items ?? []);

  /** Detectors that do not answer, as "2 of 4"; undefined where all do. Without any, nobody knows whether something is unusual. */
  readonly silent = $derived.by(() => {
    const detectors = this.data?.anomalies.detectors ?? [];
    const count = detectors.filter(({ state }) => state === 'unknown').length;
    return count === 0 ? undefined : { all: count === detectors.length, words: `${count} of ${detectors.length}` };
  });

  /** Before anything was measured or judged nothing is known to be ordinary: that nothing is unusual would be a guess. */
  readonly blank = $derived.by(() => {
    if (this.data?.nodes.state === 'known' && this.data.nodes.items.length === 0)
      return 'No machine has been measured yet';
    return this.listed.some(({ score }) => score !== null) ? undefined : 'Nothing has been judged yet';
  });

  /** One sentence: what is wrong, or that nothing is. */
  readonly sentence = $derived.by(() => {
    if (this.data === undefined) return undefined;
    const parts = [
      this.silent?.all
        ? 'Unknown whether anything is unusual'
        : this.unusualCount === 0 && this.blank !== undefined
          ? this.blank
          : sayCount(this.unusualCount, 'thing unusual now', 'things unusual now', 'Nothing unusual'),
      ...this.sayAlerts(),
      ...this.sayThreats(),
      ...(this.silent === undefined ? [] : [`${this.silent.words} detectors do not answer`]),
    ];
    return `${parts.join(', ')}.`;
  });

  /** What each strip is of: another series of the thing may be the most telling one since the strips were read. */
  private readonly drawn: ReadonlyMap<string, Drawn> = $derived.by(() => {
    const read = new Map(this.read?.items.map((strip) => [entityKey(strip), strip]));
    const things = oneForEach(this.listed).slice(0, stripsMax);
    return new Map(things.map((item) => [entityKey(item), { ...item, ...read.get(entityKey(item)) }]));
  });

  readonly strips = $derived.by(() => {
    const unread = emptyCells(this.stripStart, this.app.time.span().end);
    const rows = [...this.drawn].map(
      ([id, one]): HeatRow => ({
        ...{ id, title: entityName(one.labels), hint: metricName(one.metric) },
        ...{ href: anomalyHref(one), scores: one.scores ?? unread },
        warming: one.score === null && one.warmingSecondsLeft !== null,
      }),
    );
    return sortRows(rows);
  });

  /** The time that the strips are of: their last hours only, where a longer one is looked at. */
  readonly stripWords = $derived.by(() => {
    const words = this.app.time.words.toLowerCase();
    if (this.app.time.seconds <= stripSecondsMax) return words;
    const from = sayMoment(this.stripStart).slice(0, 16);
    return `last ${stripSecondsMax / 3_600} hours of ${this.app.time.fixed ? '' : 'the '}${words}, from ${from}`;
  });

  /** Value, expected band and main reason of one minute of a strip, as far as they are known. */
  readonly explain = (row: HeatRow, atSeconds: number): string | undefined => {
    const item = this.drawn.get(row.id);
    const found = item && this.histories.get(seriesKey(item))?.history;
    return found && sentenceAt(item, found, atSeconds);
  };

  /** Reads what `explain` needs of a strip that somebody points at; again when it has got old. */
  readonly look = async (row: HeatRow): Promise<void> => {
    const item = this.drawn.get(row.id);
    if (item === undefined) return;
    const key = seriesKey(item);
    const readAt = this.app.ports.unixSeconds();
    const before = this.histories.get(key);
    if (before !== undefined && readAt - before.readAt < stripsSeconds) return;
    this.keep(key, { readAt, history: before?.history });
    const history = await this.readHistory(item);
    if (history !== undefined) this.keep(key, { readAt, history });
  };

  private keep(id: string, what: { readAt: number; history: History | undefined }): void {
    const shown = new Set([...this.drawn.values()].map(seriesKey));
    this.histories = new Map([...this.histories, [id, what] as const].filter(([key]) => shown.has(key)));
  }

  /** Follows the overview live and the strips every minute, until stopped. */
  follow(): Stop {
    const stops = [
      this.query.follow(15, () => !this.app.time.paused && this.app.live.state !== 'live'),
      this.threatQuery.follow(15, () => !this.app.time.paused),
      this.silencing.follow(15, () => !this.app.time.paused),
      this.app.live.watch(['overview']),
      this.app.ports.every(stripsSeconds, () => {
        if (!this.app.time.paused) void this.readStrips();
      }),
      () => this.reading?.abort(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Takes what came over the live connection; something that is no overview tells only that it is unknown. */
  take(value: unknown): void {
    if (this.app.time.paused || typeof value !== 'object' || value === null || !('anomalies' in value)) return;
    this.query.put(value as Overview);
    this.readMissing();
  }

  /** A thing that has just come has no strip yet: all are read anew, at most every so often. */
  private readMissing(): void {
    const known = new Set(this.read?.items.map(entityKey));
    const age = this.app.ports.unixSeconds() - this.askedAt;
    if (this.read === undefined || age < missingSeconds || this.strips.every(({ id }) => known.has(id))) return;
    void this.readStrips();
  }

  /** Reads the strips, all at once; a time that was chosen meanwhile wins. Where it fails they stay as they were. */
  async readStrips(): Promise<void> {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.askedAt = this.app.ports.unixSeconds();
    const { start, end } = this.stripSpan();
    const query = { start: Math.floor(start), end: Math.ceil(end), limit: stripsMax };
    try {
      const read = await this.app.api.get<Strips>('/anomalies/strips', query, reading.signal);
      if (this.reading !== reading) return;
      this.read = read;
      this.stripStart = read.startSeconds;
    } catch {
      // the next minute tries again; a strip that was never read is hatched: unknown
    }
  }

  private sayAlerts(): string[] {
    if (this.alerts === undefined) return ['alerts unknown'];
    const { firing, silenced } = this.alerts;
    return [
      sayCount(firing.length, 'alert fires', 'alerts fire', 'no alert fires'),
      ...(silenced.length === 0 ? [] : [`${silenced.length} silenced`]),
      ...(this.silencing.unknown === undefined || firing.length === 0 ? [] : ['silences unknown']),
    ];
  }

  private sayThreats(): string[] {
    const { data } = this.threatQuery;
    if (data === undefined) return [];
    if (threatsUnknown(data) !== undefined) return ['threats unknown'];
    const count = countedThreats(data).length;
    return count === 0 ? [] : [sayCount(count, 'process looks like a threat', 'processes look like threats', '')];
  }

  private stripSpan(): { start: number; end: number } {
    const { start, end } = this.app.time.span();
    return { start: Math.max(start, end - stripSecondsMax), end };
  }

  private async readHistory({ detector, labels, metric }: Anomaly): Promise<History | undefined> {
    const { start, end } = this.stripSpan();
    const named = { detector, labels: JSON.stringify({ ...labels, metric }) };
    const query = { ...named, start: Math.floor(start), end: Math.ceil(end), step: 60 };
    try {
      return await this.app.api.get<History>('/anomalies/history', query);
    } catch {
      return undefined; // the minute is told by its rarity alone
    }
  }
}

function sayCount(count: number, one: string, many: string, none: string): string {
  return count === 0 ? none : `${count} ${count === 1 ? one : many}`;
}

const seriesKey = (one: Anomaly): string => `${entityKey(one)} ${one.metric}`;

/** The rarest series of each entity, in the order given. */
function oneForEach(items: readonly Anomaly[]): Anomaly[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = entityKey(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const weights = ['critical', 'warning', 'notice', 'unknown', 'ok'];

function byWeight<Alert extends { severity: string; name: string }>(alerts: readonly Alert[]): Alert[] {
  const weight = ({ severity }: Alert) => weights.indexOf(meaningOfSeverity(severity));
  return [...alerts].sort((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name));
}

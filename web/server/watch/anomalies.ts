// What is strange now, from the detectors' own word; and how it came, from Prometheus.
import { z } from 'zod';
import type { anomalies, anomaliesQuery, anomaly, history, overview } from '../../../core/contracts/api-watch.ts';
import { type DetectorHealth, detectorHealth } from '../../../core/contracts/health.ts';
import { noAnswer } from '../../../core/lib/no-answer.ts';
import type { Prometheus, RangeSeries } from '../../../core/runtime/prometheus.ts';
import { UserError } from '../user-error.ts';
import { type FetchPorts, fetchJson } from './fetch-json.ts';
import { selector } from './promql.ts';
import { unknown } from './reading.ts';

export type DetectorName = DetectorHealth['detector'];
export type Anomalies = z.infer<typeof anomalies>;
type Anomaly = z.infer<typeof anomaly>;
type ThingsNow = z.infer<typeof overview>['anomalies'];

export interface AnomalyPorts {
  /** Base address of each detector's port. */
  detectors: Readonly<Record<DetectorName, string>>;
  http: FetchPorts;
  unixSeconds(): number;
}

const staleSeconds = 60;
/** More things than a host can run; what is sent every few seconds stays below 150 KiB. */
const thingsMax = 300;
/** Of so many the reasons are said, too: a page shows fewer. */
const explainedMax = 40;
/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;

/** Every detector asked at once; one that does not answer, or whose answer is old, is unknown and its series are absent. */
export async function readAnomalies(
  ports: AnomalyPorts,
  { detector, limit, each }: z.infer<typeof anomaliesQuery>,
): Promise<Anomalies> {
  const { known, ...head } = await askDetectors(ports, detector);
  const all = each === 'thing' ? thingsOf(known) : known.flatMap(seriesOf).flat().sort(rarestFirst);
  return { ...head, items: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
}

/** One series of each thing, so that a thing with many rare ones crowds no other out; the counts are of all. */
export async function readThings(ports: AnomalyPorts): Promise<ThingsNow> {
  const { known, ...head } = await askDetectors(ports, undefined);
  const all = thingsOf(known);
  const listed = all.slice(0, thingsMax);
  return {
    ...head,
    items: listed.map((one, place) => (place < explainedMax ? one : { ...one, contributions: [] })),
    omitted: all.length - listed.length,
    things: {
      total: all.length,
      judged: all.filter(({ score }) => score !== null).length,
      unusual: all.filter((one) => isRaised(one) || (one.score ?? 0) >= unusualScore).length,
    },
  };
}

function thingsOf(known: readonly DetectorHealth[]): Anomaly[] {
  return known
    .flatMap(seriesOf)
    .flatMap((series) => series.toSorted(mostTellingFirst).slice(0, 1))
    .sort(mostTellingFirst);
}

async function askDetectors(ports: AnomalyPorts, detector: DetectorName | undefined) {
  const names = (Object.keys(ports.detectors) as DetectorName[]).filter(
    (name) => detector === undefined || name === detector,
  );
  const now = ports.unixSeconds();
  const answers = await Promise.all(names.map((name) => readHealth(ports, name, now)));
  const known = answers.filter((answer): answer is DetectorHealth => !('state' in answer));
  const detectors = answers.map((answer) =>
    'state' in answer ? answer : { state: 'known' as const, ...summaryOf(answer) },
  );
  return { known, atSeconds: now, detectors };
}

type Silent = { state: 'unknown'; reason: string; detector: DetectorName };

async function readHealth(ports: AnomalyPorts, name: DetectorName, now: number): Promise<DetectorHealth | Silent> {
  try {
    const health = detectorHealth.parse(await fetchJson(`${ports.detectors[name]}/health`, ports.http));
    const age = now - health.atSeconds;
    return age > staleSeconds ? { ...unknown(`its answer is ${Math.round(age)} s old`), detector: name } : health;
  } catch (error) {
    return { ...unknown(noAnswer(error).message), detector: name };
  }
}

/** The series of each entity. */
function seriesOf({ detector, entities }: DetectorHealth): Anomaly[][] {
  return entities.map(({ labels, series }) =>
    series.map(({ evaluationDurationSeconds: _, model: __, ...rest }) => ({ ...rest, detector, labels })),
  );
}

function isRaised({ alert }: Anomaly): boolean {
  return alert?.raised === true;
}

function mostTellingFirst(a: Anomaly, b: Anomaly): number {
  return Number(isRaised(b)) - Number(isRaised(a)) || rarestFirst(a, b);
}

function rarestFirst(a: Anomaly, b: Anomaly): number {
  return (b.score ?? -1) - (a.score ?? -1);
}

function summaryOf({ detector, ready, prometheus, entities }: DetectorHealth) {
  const series = entities.flatMap((entity) => entity.series);
  return {
    detector,
    ready,
    prometheusAnswering: prometheus.answering,
    series: series.length,
    warming: series.filter(({ warmingSecondsLeft }) => warmingSecondsLeft !== null).length,
    unknown: series.filter(({ mode }) => mode === 'unknown').length,
  };
}

const labelSet = z.record(z.string().regex(/^[a-zA-Z_]\w{0,63}$/), z.string().max(512));
const pointsMax = 11_000; // Prometheus gives no more

/** Score, value, expected band, alert and contributions of one series over a time. Throws UserError for labels or spans that cannot be. */
export async function readHistory(
  prometheus: Prometheus,
  query: { detector: DetectorName; labels: string; start: number; end: number; step: number },
): Promise<z.infer<typeof history>> {
  const labels = { ...parseLabels(query.labels), detector: query.detector };
  const range = { startSeconds: query.start, endSeconds: query.end, stepSeconds: query.step };
  if (query.end <= query.start || (query.end - query.start) / query.step > pointsMax)
    throw new UserError(422, 'bad-range', `Give an end after the start, and at most ${pointsMax} steps between them.`);
  const ask = (metric: string) => prometheus.queryRange(selector(metric, labels), range);
  const [score, value, expectedLow, expectedHigh, alert, contributions] = await Promise.all([
    ask('anomaly_score'),
    ask('anomaly_observed'),
    ask('anomaly_expected_low'),
    ask('anomaly_expected_high'),
    ask('anomaly_alert'),
    ask('anomaly_feature_contribution'),
  ]);
  return {
    score: pointsOf(score),
    value: pointsOf(value),
    expectedLow: pointsOf(expectedLow),
    expectedHigh: pointsOf(expectedHigh),
    alert: pointsOf(alert),
    contributions: contributions.map((one) => ({ feature: one.labels['feature'] ?? '', share: pointsOf([one]) })),
  };
}

function parseLabels(text: string): Record<string, string> {
  try {
    return labelSet.parse(JSON.parse(text));
  } catch (cause) {
    const error = new UserError(422, 'bad-labels', 'Give the labels of anomaly_score as JSON, such as {"name":"api"}.');
    error.cause = cause;
    throw error;
  }
}

/** The points of the only series; none where there are two, because nobody could say which is meant. */
export function pointsOf(series: readonly RangeSeries[]): [number, number][] {
  if (series.length !== 1) return [];
  const { times, values } = series[0]!;
  return [...times].flatMap((time, i): [number, number][] => (Number.isFinite(values[i]) ? [[time, values[i]!]] : []));
}

// Anomalies in words: what it is about, and the one sentence that says what is unusual and why.
import type { z } from 'zod';
import type { anomaly, history } from '../../../core/contracts/api-watch.ts';
import type { Point } from './points.ts';
import { leastOf, readUnit, say } from './units.ts';

export type Anomaly = z.infer<typeof anomaly>;
type History = z.infer<typeof history>;

/** The labels that name an entity, most telling first. */
const naming = ['name', 'container', 'groupname', 'group', 'device', 'uuid', 'gpu', 'instance'] as const;

/** "api" for a container, "sda" for a disk; the labels one after the other where none is known to name it. */
export function entityName(labels: Readonly<Record<string, string>>): string {
  const found = naming.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
  if (found !== undefined && found === labels['uuid']) return shortUuid(found);
  return found ?? (Object.values(labels).join(' ') || 'this machine');
}

/** A GPU's id to its first figures, which tell those of a machine apart: "GPU-8d2c9f1e". */
function shortUuid(uuid: string): string {
  return uuid.replace(/^(GPU-[0-9a-f]{8})-[0-9a-f-]+$/, '$1');
}

/** One text for one entity, whatever the order of its labels. */
export function entityKey({ detector, labels }: Pick<Anomaly, 'detector' | 'labels'>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([detector, ...pairs]);
}

const metricNames: Readonly<Record<string, string>> = {
  _all: 'All metrics together',
  cpu: 'CPU',
  io: 'I/O',
  ecc_errors: 'ECC errors',
  latency_p95: 'Latency, 95th percentile',
};

export function metricName(metric: string): string {
  const words = metric.replaceAll('_', ' ');
  return metricNames[metric] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** "Memory 1.9 GiB, usually 1.1–1.3 GiB. Memory growth: 71 % of the score." What is not known is left out. */
export function sentenceOf({
  metric,
  unit,
  value,
  expectedLow,
  expectedHigh,
  contributions,
  mode,
  reason,
}: Anomaly): string {
  const words = contributions[0]?.words;
  const why = words && `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const basis = mode === 'unknown' ? ` Not judged: ${reason ?? 'no data'}.` : '';
  return `${sayValue(metric, unit, { value, expectedLow, expectedHigh })}.${why === undefined ? '' : ` ${why}.`}${basis}`;
}

/** The same of a minute that has passed; undefined where nothing is known of it. */
export function sentenceAt(
  { metric, unit }: Pick<Anomaly, 'metric' | 'unit'>,
  { value, expectedLow, expectedHigh, contributions }: History,
  atSeconds: number,
): string | undefined {
  const then = (points: readonly Point[]) => newestWithin(points, atSeconds, 60);
  const [first] = contributions
    .flatMap(({ feature, share }) => ({ feature, share: then(share) ?? 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const known = { value: then(value), expectedLow: then(expectedLow), expectedHigh: then(expectedHigh) };
  if (known.value === null && first === undefined) return undefined;
  const why = first === undefined ? '' : ` ${metricName(first.feature)}: ${say(first.share, 'ratio')} of the score.`;
  return `${sayValue(metric, unit, known)}.${why}`;
}

function newestWithin(points: readonly Point[], atSeconds: number, seconds: number): number | null {
  const found = points.findLast(([at]) => at >= atSeconds && at < atSeconds + seconds);
  return found === undefined ? null : found[1];
}

/** "Memory 1.9 GiB, usually 1.1–1.3 GiB", as far as it is known. */
function sayValue(
  metric: string,
  unit: string,
  { value, expectedLow, expectedHigh }: Pick<Anomaly, 'value' | 'expectedLow' | 'expectedHigh'>,
): string {
  const known = readUnit(unit);
  const now = value === null ? metricName(metric) : `${metricName(metric)} ${say(value, known)}`;
  if (expectedLow === null || expectedHigh === null) return now;
  const low = Math.max(leastOf(known), expectedLow);
  return `${now}, usually ${sayBand(say(low, known), say(expectedHigh, known))}`;
}

/** "1.1–1.3 GiB" where both have one unit. */
function sayBand(low: string, high: string): string {
  if (low === high) return low;
  const [lowNumber, lowUnit] = splitUnit(low);
  const [, highUnit] = splitUnit(high);
  return lowUnit === highUnit ? `${lowNumber}–${high}` : `${low} – ${high}`;
}

function splitUnit(text: string): [number: string, unit: string] {
  const at = text.lastIndexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Where a series is looked at in full. */
export function anomalyHref({ detector, labels, metric }: Pick<Anomaly, 'detector' | 'labels' | 'metric'>): string {
  return `/anomalies/series?${new URLSearchParams({ detector, labels: JSON.stringify({ ...labels, metric }) })}`;
}

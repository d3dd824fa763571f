// Anomalies in words: what it is about, and the one sentence that says what is unusual and why.
import type { z } from 'zod';
import type { anomaly } from '../../../core/contracts/api-watch.ts';
import { readUnit, say } from './units.ts';

export type Anomaly = z.infer<typeof anomaly>;

/** The labels that name an entity, most telling first. */
const naming = ['name', 'container', 'groupname', 'group', 'device', 'uuid', 'gpu', 'instance'] as const;

/** "api" for a container, "sda" for a disk; the labels one after the other where none is known to name it. */
export function entityName(labels: Readonly<Record<string, string>>): string {
  const found = naming.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
  return found ?? (Object.values(labels).join(' ') || 'this machine');
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
  const known = readUnit(unit);
  const now = value === null ? metricName(metric) : `${metricName(metric)} ${say(value, known)}`;
  const band =
    expectedLow === null || expectedHigh === null
      ? ''
      : `, usually ${sayBand(say(expectedLow, known), say(expectedHigh, known))}`;
  const why = contributions[0]?.words;
  const basis = mode === 'unknown' ? ` Not judged: ${reason ?? 'no data'}.` : '';
  return `${now}${band}.${why === undefined ? '' : ` ${why}.`}${basis}`;
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

// The rows that one model key is trained on: a range query a metric for its replicas alone, so that little is held at once.

import type { Prometheus } from '../../core/runtime/prometheus.ts';
import { readRange } from '../answer.ts';
import type { Detector, Entity } from '../detector.ts';
import { type Lengths, windowsOf } from '../windows.ts';

/** A day of minutes a query: Prometheus would give a week at once, but its parsed answer is megabytes that a small heap keeps. */
const pointsMax = 1440;

export interface KeyHistory {
  startSeconds: number;
  stepSeconds: number;
  /** By entity's key: rows by metric, in the detector's order. */
  byKey: Map<string, Float64Array[]>;
}

/**
 * Rows up to the one that ends at `endSeconds`. One metric after the other, one query in flight.
 * Asking for all entities at once and a day at a time was tried on paper: 500 series of a week are 40 MB of numbers and
 * 150 MB of JSON; by key it is below 5 MB and Prometheus does the same work.
 */
export async function fetchHistory(
  prometheus: Prometheus,
  detector: Detector,
  entities: readonly Entity[],
  endSeconds: number,
  settings: Lengths & { windowSeconds: number },
): Promise<KeyHistory> {
  const { rowSeconds, windowSeconds } = settings;
  const count = Math.max(1, Math.floor(windowSeconds / rowSeconds));
  const first = endSeconds - (count - 1) * rowSeconds; // end of the first row
  const byKey = new Map(
    entities.map(({ key }) => [key, detector.metrics.map(() => new Float64Array(count).fill(Number.NaN))]),
  );
  const match = detector.match(entities);
  for (const [index, spec] of detector.metrics.entries()) {
    const expression = spec.expression(match, windowsOf(settings));
    for (let from = 0; from < count; from += pointsMax) {
      const part = {
        startSeconds: first + from * rowSeconds,
        stepSeconds: rowSeconds,
        count: Math.min(pointsMax, count - from),
      };
      const range = { ...part, endSeconds: part.startSeconds + (part.count - 1) * rowSeconds };
      const rows = readRange(detector, await prometheus.queryRange(expression, range), part);
      for (const [key, values] of rows) byKey.get(key)?.[index]?.set(values, from);
    }
  }
  return { startSeconds: first - rowSeconds, stepSeconds: rowSeconds, byKey };
}

// An answer of Prometheus as values of entities: what names no entity is left out, what comes twice is unknown.
import type { Labels } from '../core/contracts/sample.ts';
import type { Detector, Entity } from './detector.ts';

export interface Answered {
  entity: Entity;
  /** NaN: unknown (not a number, infinite, or two where one is expected). */
  value: number;
}

export interface Reading {
  byKey: Map<string, Answered>;
  duplicates: number;
}

/** O(series). */
export function readAnswer(detector: Detector, series: readonly { labels: Labels; value: number }[]): Reading {
  const byKey = new Map<string, Answered>();
  let duplicates = 0;
  for (const { labels, value } of series) {
    const entity = detector.identify(labels);
    if (entity === undefined) continue;
    const twice = byKey.has(entity.key);
    if (twice) duplicates++;
    byKey.set(entity.key, { entity, value: twice || !Number.isFinite(value) ? Number.NaN : value });
  }
  return { byKey, duplicates };
}

/** Values of range series on the grid `startSeconds + i * stepSeconds`, by entity; NaN where there is none. */
export function readRange(
  detector: Detector,
  series: readonly { labels: Labels; times: ArrayLike<number>; values: ArrayLike<number> }[],
  grid: { startSeconds: number; stepSeconds: number; count: number },
): Map<string, Float64Array> {
  const byKey = new Map<string, Float64Array>();
  for (const { labels, times, values } of series) {
    const entity = detector.identify(labels);
    if (entity === undefined) continue;
    // Two series of one entity follow each other in time (a task and its successor, two revisions): the later fills in.
    const row = byKey.get(entity.key) ?? new Float64Array(grid.count).fill(Number.NaN);
    byKey.set(entity.key, row);
    for (let point = 0; point < times.length; point++) {
      const index = Math.round((times[point]! - grid.startSeconds) / grid.stepSeconds);
      if (index >= 0 && index < grid.count && Number.isFinite(values[point]!)) row[index] = values[point]!;
    }
  }
  return byKey;
}

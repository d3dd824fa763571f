// One history out of several replicas: each day is taken whole from one of them.
import type { Interval } from '../models/model.ts';

/**
 * A model that replicas share must know how each of them behaves, their different levels included. A mean over replicas
 * would be calmer than any of them and every single one would look strange. So the days are dealt out in turn, each to a
 * replica that has data for at least half of what the best has on that day. O(rows · replicas).
 */
export function splice(histories: readonly Float64Array[], rowsPerDay: number): Float64Array {
  const [only] = histories;
  if (histories.length <= 1) return only ?? new Float64Array(0);
  const spliced = new Float64Array(only!.length).fill(Number.NaN);
  for (let from = 0, day = 0; from < spliced.length; from += rowsPerDay, day++) {
    const parts = histories.map((values) => values.subarray(from, from + rowsPerDay));
    const counts = parts.map(countFinite);
    const most = Math.max(...counts);
    if (most === 0) continue;
    const rich = parts.filter((_, index) => counts[index]! >= most / 2);
    spliced.set(rich[day % rich.length]!, from);
  }
  return spliced;
}

/** A copy without the rows that lie in the stretches. */
export function blank(
  values: Float64Array,
  grid: { startSeconds: number; stepSeconds: number },
  stretches: readonly Interval[],
): Float64Array {
  const copy = values.slice();
  for (const { startSeconds, endSeconds } of stretches) {
    const from = Math.max(0, Math.floor((startSeconds - grid.startSeconds) / grid.stepSeconds));
    const to = Math.min(copy.length, Math.ceil((endSeconds - grid.startSeconds) / grid.stepSeconds));
    if (from < to) copy.fill(Number.NaN, from, to);
  }
  return copy;
}

export function countFinite(values: ArrayLike<number>): number {
  let count = 0;
  for (let index = 0; index < values.length; index++) if (Number.isFinite(values[index]!)) count++;
  return count;
}

// What a series usually does at this time of day, and what is left of a row when that is taken away.
import { quantileSorted } from '../../core/lib/stats.ts';

/** How the residual is made: against the last half hour, the time of day, or both. */
export type ResidualKind = 'recent' | 'season' | 'season-and-drift';

export interface Season {
  kind: ResidualKind;
  /** Rows a day; 0 without a season. */
  slots: number;
  /** Per slot what is usual there, in spreads; empty without a season. */
  profile: Float32Array;
}

/** Rows that the median of `recent` looks back on. */
export const RECENT_ROWS = 30;
/** Half-life of the drift, in rows. */
const DRIFT_SHARE = 1 - 0.5 ** (1 / 15);
const DAYS_MAX = 7;
const SLOTS_MIN = 8;

/** The slot of a row: whole rows since midnight UTC. */
export function slotOf(timeSeconds: number, stepSeconds: number, slots: number): number {
  return Math.floor((((timeSeconds % 86400) + 86400) % 86400) / stepSeconds) % slots;
}

/** Rows a day when the history is long enough for a season (two days, eight rows a day), else 0. */
export function seasonSlots(rows: number, stepSeconds: number): number {
  const slots = Math.round(86400 / stepSeconds);
  return slots >= SLOTS_MIN && 2 * slots <= rows ? slots : 0;
}

/**
 * The usual value one day after `values[index]`... for every row: mean of the middle third of the values at the same slot
 * and its two neighbours on up to the last seven days before it. NaN where no such value is known. O(n · 21 log 21).
 */
export function seasonalPast(values: Float32Array, slots: number, upTo: number): Float32Array {
  const result = new Float32Array(upTo).fill(Number.NaN);
  const near = new Float64Array(3 * DAYS_MAX);
  for (let index = slots + 1; index < upTo; index++) {
    let count = 0;
    for (let day = 1; day <= DAYS_MAX; day++) {
      const middle = index - day * slots;
      if (middle < 1) break;
      for (let at = middle - 1; at <= middle + 1; at++) {
        const value = at < values.length ? values[at]! : Number.NaN;
        if (!Number.isNaN(value)) near[count++] = value;
      }
    }
    if (count >= 3) result[index] = middleThird(near.subarray(0, count));
  }
  return result;
}

function middleThird(values: Float64Array): number {
  values.sort();
  const cut = Math.floor(values.length / 3);
  let sum = 0;
  for (let index = cut; index < values.length - cut; index++) sum += values[index]!;
  return sum / (values.length - 2 * cut);
}

/** What the drift becomes after a row; the first row after a silence sets it anew. */
export function drift(before: number, fromSeason: number): number {
  return Number.isNaN(before) ? fromSeason : before + DRIFT_SHARE * (fromSeason - before);
}

/** Median of the finite values among the newest `RECENT_ROWS`; NaN when there are fewer than three. */
export function recentMedian(buffer: Float32Array, end: number): number {
  let count = 0;
  for (let index = Math.max(0, end - RECENT_ROWS); index < end; index++) {
    if (Number.isFinite(buffer[index]!)) recent[count++] = buffer[index]!;
  }
  return count < 3 ? Number.NaN : quantileSorted(recent.subarray(0, count).sort(), 0.5);
}

/** Asked once a row: a list made anew each time would leave megabytes to the collector. */
const recent = new Float64Array(RECENT_ROWS);

// A series made ready for its voters: in spreads of its own, short gaps bridged, and once more without its season.

import { type Scale, scaleOf } from './scale.ts';
import { drift, type ResidualKind, recentMedian, type Season, seasonalPast, seasonSlots, slotOf } from './season.ts';
import type { TrainingRows } from './training.ts';

export interface SeriesRows {
  scale: Scale;
  season: Season;
  /** (value − centre) / spread a row; NaN in a gap. */
  level: Float32Array;
  /** What is left of `level` without the season; NaN where no season is known yet. */
  residual: Float32Array;
  /** The seasonal value of each row and of the one after the last; null without a season. */
  past: Float32Array | null;
}

/** A gap of at most this many rows is bridged with the last value: one lost scrape is no event. */
export const BRIDGED_ROWS_MAX = 3;
const BOUND = 5;

/** O(rows · 60) for the season and the running medians. */
export function prepareSeries(training: TrainingRows): SeriesRows {
  const scale = scaleOf(training.values);
  const level = Float32Array.from(training.values, (value) => (value - scale.centre) / scale.spread);
  bridge(level);
  const rows = level.length;
  const slots = seasonSlots(rows, training.stepSeconds);
  if (slots === 0) {
    return { scale, season: plain(), level, residual: residualOf(level, null, 'recent'), past: null };
  }
  const past = seasonalPast(level, slots, rows + slots);
  const kinds: ResidualKind[] = ['recent', 'season', 'season-and-drift'];
  const choices = kinds.map((kind) => {
    const residual = residualOf(level, past, kind);
    residual.fill(Number.NaN, 0, slots + 1);
    return { kind, residual, size: meanSize(residual) };
  });
  const chosen = choices.reduce((least, choice) => (choice.size < least.size ? choice : least));
  const profile = new Float32Array(slots);
  for (let index = rows; index < rows + slots; index++) {
    profile[slotOf(training.startSeconds + index * training.stepSeconds, training.stepSeconds, slots)] = past[index]!;
  }
  const season = { kind: chosen.kind, slots, profile };
  return { scale, season, level, residual: chosen.residual, past: past.subarray(0, rows + 1) };
}

function plain(): Season {
  return { kind: 'recent', slots: 0, profile: new Float32Array(0) };
}

function bridge(level: Float32Array): void {
  let missing = 0;
  for (let index = 0; index < level.length; index++) {
    missing = Number.isNaN(level[index]!) ? missing + 1 : 0;
    if (missing > 0 && index >= missing && missing <= BRIDGED_ROWS_MAX) level[index] = level[index - missing]!;
  }
}

function residualOf(level: Float32Array, past: Float32Array | null, kind: ResidualKind): Float32Array {
  const residual = new Float32Array(level.length);
  let drifted = Number.NaN;
  for (let index = 0; index < level.length; index++) {
    if (kind === 'recent' || past === null) {
      residual[index] = level[index]! - recentMedian(level, index);
      continue;
    }
    const fromSeason = level[index]! - past[index]!;
    residual[index] = kind === 'season' || Number.isNaN(drifted) ? fromSeason : fromSeason - drifted;
    if (Number.isNaN(fromSeason)) continue;
    drifted = drift(drifted, fromSeason);
  }
  return residual;
}

function meanSize(residual: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < residual.length; index++) {
    const size = Math.abs(residual[index]!);
    if (Number.isNaN(size)) continue;
    sum += Math.min(size, BOUND);
    count++;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}

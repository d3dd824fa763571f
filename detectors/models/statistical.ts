// The fallback before a model exists: how far a sample is from the middle of the real samples seen so far.
import { createRing, newest, push, type Ring } from '../../core/lib/ring.ts';
import { median, medianAbsoluteDeviation, standardDeviation } from '../../core/lib/stats.ts';
import { type RowScore, unknownScore } from './model.ts';

/** Below this many samples (5 minutes of 15 s) nothing is said. */
export const STATISTICAL_SAMPLES_MIN = 20;
/** Four hours of 15-s samples: by then the first model is fitted. */
const SAMPLES_MAX = 960;
/** Student's t with 3 degrees of freedom: few samples know little of their own tails. */
const ALERT_DISTANCE = 12;
/** Distance of what a resting series has done before, or does for the first time: half of an alert. */
const RESTING_DISTANCE = ALERT_DISTANCE / 2;
const SPREAD_MIN = 1e-6;

export interface StatisticalState {
  ring: Ring;
  lastSeconds: number;
}

export function openStatistical(): StatisticalState {
  return { ring: createRing(SAMPLES_MAX), lastSeconds: Number.NEGATIVE_INFINITY };
}

/**
 * Scores a sample against the earlier ones by median and median absolute deviation, then takes it in.
 * Unknown below 20 samples, for NaN, and for a sample that is not newer than the last. O(n log n), n ≤ 960.
 */
export function advanceStatistical(state: StatisticalState, timeSeconds: number, value: number): RowScore {
  if (!Number.isFinite(value) || !(timeSeconds > state.lastSeconds)) return unknownScore();
  const seen = newest(state.ring, SAMPLES_MAX);
  const result = seen.length < STATISTICAL_SAMPLES_MIN ? unknownScore() : compare(seen, value);
  push(state.ring, value);
  state.lastSeconds = timeSeconds;
  return result;
}

function compare(seen: Float32Array, value: number): RowScore {
  const centre = median(seen);
  const spread = spreadOf(seen, centre);
  const single = Math.fround(value);
  // Nothing but zeros says nothing about size: the first value that is none is strange, but the measure for an alert is its own.
  const own = centre === 0 && spread === SPREAD_MIN ? Math.abs(single) / RESTING_DISTANCE : 0;
  const distance = Math.abs(single - centre) / Math.max(spread, own);
  return {
    score: 100 * centralShare(distance),
    alert: distance / ALERT_DISTANCE,
    expectedLow: centre - 3 * spread,
    expectedHigh: centre + 3 * spread,
    contributions: [{ feature: 'level', share: 1 }],
  };
}

/**
 * A constant series has no spread of its own; a hundredth of its size stands in, so that its first move counts once. One
 * that rests most of the time is measured by its own excursions: as far as it has been before is no event.
 */
function spreadOf(seen: Float32Array, centre: number): number {
  const floor = Math.max(SPREAD_MIN, 0.01 * Math.abs(centre));
  const robust = 1.4826 * medianAbsoluteDeviation(seen);
  if (robust > 0) return Math.max(floor, robust);
  const farthest = seen.reduce((most, value) => Math.max(most, Math.abs(value - centre)), 0);
  return Math.max(floor, standardDeviation(seen), farthest / RESTING_DISTANCE);
}

/** P(|T| < distance) of Student's t with 3 degrees of freedom, in closed form. */
function centralShare(distance: number): number {
  const angle = Math.atan(distance / Math.sqrt(3));
  return (2 / Math.PI) * (angle + Math.sin(angle) * Math.cos(angle));
}

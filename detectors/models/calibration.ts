// Turns a raw score into 0–100 so that a number means the same for every series: how rare such a row is.
import { quantileSorted, sorted } from '../../core/lib/stats.ts';
import type { Normalisation } from './model.ts';

export interface Calibration {
  normalisation: Normalisation;
  /** Raw scores, ascending, at most `QUANTILES_MAX` of the training's. */
  ascending: Float32Array;
  /** How many raw scores these stand for. */
  count: number;
  /** Where the tail starts; +Infinity when there were too few scores for one. */
  threshold: number;
  /** Share of the scores above the threshold, and the tail's shape and scale. */
  tailShare: number;
  shape: number;
  scale: number;
}

const QUANTILES_MAX = 512;
const TAIL_QUANTILE = 0.95;
const EXCEEDANCES_MIN = 20;
const SHAPE_MAX = 0.5;
/** Share of the older calibration at a retraining: every six hours, this remembers about a week. */
export const CALIBRATION_MEMORY = 0.97;

/**
 * Percentile with an endless tail: below the 95 % quantile the empirical distribution, above it a generalised Pareto
 * distribution (Pickands 1975) by probability-weighted moments (Hosking and Wallis 1987), its shape held in [0, 0.5] so
 * that a worse row always scores higher. O(n log n) once, O(log n) a score.
 * `raw` are scores of rows the model was not fitted on; NaN are left out.
 */
export function fitCalibration(raw: ArrayLike<number>, normalisation: Normalisation = 'percentile'): Calibration {
  const all = sorted(raw);
  const ascending = thin(all);
  const none = { normalisation, ascending, count: all.length, threshold: Number.POSITIVE_INFINITY };
  const threshold = quantileSorted(all, TAIL_QUANTILE);
  const firstAbove = upperBound(all, threshold);
  const exceedances = all.length - firstAbove;
  if (exceedances < EXCEEDANCES_MIN) return { ...none, tailShare: 0, shape: 0, scale: 0 };
  const { shape, scale } = fitTail(all.subarray(firstAbove), threshold);
  if (!(scale > 0)) return { ...none, tailShare: 0, shape: 0, scale: 0 };
  return { ...none, threshold, tailShare: exceedances / (all.length + 1), shape, scale };
}

/**
 * A calibration between a model's own and the one before it, `share` of the older: a week of rows knows its tail so poorly
 * that a fresh one at each retraining would reorder the rows of different hours. The fresh one alone where they do not fit.
 */
export function blendCalibrations(older: Calibration, fresh: Calibration, share: number): Calibration {
  const comparable = older.normalisation === fresh.normalisation && older.ascending.length === fresh.ascending.length;
  if (!comparable || older.tailShare === 0 || fresh.tailShare === 0) return fresh;
  const mix = (left: number, right: number) => share * left + (1 - share) * right;
  return {
    ...fresh,
    ascending: fresh.ascending.map((value, index) => mix(older.ascending[index]!, value)),
    threshold: mix(older.threshold, fresh.threshold),
    tailShare: mix(older.tailShare, fresh.tailShare),
    shape: mix(older.shape, fresh.shape),
    scale: mix(older.scale, fresh.scale),
  };
}

/** The same in a list of its own: one that was read is part of its model's block, and would take all of it along to another thread. */
export function copyCalibration(calibration: Calibration): Calibration {
  return { ...calibration, ascending: calibration.ascending.slice() };
}

/** 0–100; NaN for a raw score of NaN and for an empty calibration. */
export function calibrate(calibration: Calibration, raw: number): number {
  const { ascending, count } = calibration;
  if (Number.isNaN(raw) || ascending.length === 0) return Number.NaN;
  if (calibration.normalisation === 'p10-p90') return betweenDeciles(ascending, raw);
  if (raw > calibration.threshold) return 100 * (1 - tailProbability(calibration, raw));
  const single = Math.fround(raw); // as the list holds it: what is equal must stay equal
  const below = lowerBound(ascending, single);
  const equal = upperBound(ascending, single) - below;
  const ceiling = calibration.tailShare > 0 ? 1 - calibration.tailShare : 1 - 1 / (count + 1);
  if (below === ascending.length) return 100 * ceiling;
  return 100 * Math.min(ceiling, (below + equal / 2 + 0.5) / (ascending.length + 1));
}

function tailProbability({ threshold, tailShare, shape, scale }: Calibration, raw: number): number {
  const distance = (raw - threshold) / scale;
  const survival = shape < 1e-6 ? Math.exp(-distance) : (1 + shape * distance) ** (-1 / shape);
  return tailShare * survival;
}

/** The original formula, kept as an option: it reads 0 or 100 for a fifth of all ordinary rows. */
function betweenDeciles(ascending: Float32Array, raw: number): number {
  const low = quantileSorted(ascending, 0.1);
  const high = quantileSorted(ascending, 0.9);
  if (!(high > low)) return raw > high ? 100 : 0;
  return Math.min(100, Math.max(0, ((raw - low) / (high - low)) * 100));
}

function fitTail(ascending: Float64Array, threshold: number): { shape: number; scale: number } {
  const count = ascending.length;
  let first = 0;
  let second = 0;
  for (let index = 0; index < count; index++) {
    const excess = ascending[index]! - threshold;
    first += excess;
    second += (excess * (count - 1 - index)) / (count - 1);
  }
  first /= count;
  second /= count;
  const free = 2 - first / (first - 2 * second);
  const shape = Number.isFinite(free) ? Math.min(SHAPE_MAX, Math.max(0, free)) : 0;
  return { shape, scale: first * (1 - shape) };
}

/** Keeps evenly spaced order statistics, first and last included. */
function thin(ascending: Float64Array): Float32Array {
  if (ascending.length <= QUANTILES_MAX) return Float32Array.from(ascending);
  return Float32Array.from(
    { length: QUANTILES_MAX },
    (_, index) => ascending[Math.round((index * (ascending.length - 1)) / (QUANTILES_MAX - 1))]!,
  );
}

function lowerBound(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(ascending: Float32Array | Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

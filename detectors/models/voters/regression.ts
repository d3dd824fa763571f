// Voter: how far a row is from what its last rows and the time of day foretell.
import { solvePositive } from '../linear-algebra.ts';

export interface Regression {
  /** 32 lags, then the season one row earlier, now, and one row later (when there is one), then 1. */
  weights: Float32Array;
}

const LAGS = 32;
const FIT_BOUND = 6;
const INPUT_BOUND = 12;
const ROWS_MAX = 4000;
const RIDGE = 1;

/**
 * Ridge regression of a row on its last 32 and the seasonal values around it, all clipped so that one outlier neither
 * shapes the fit nor explodes the forecast. O(rows · 36²) once, 36 multiplications a row. `season[i]` belongs to row i and
 * is one longer than `values`; null without a season. Null when there are too few rows without gaps.
 */
export function fitRegression(values: Float32Array, season: Float32Array | null): Regression | null {
  const size = LAGS + (season === null ? 1 : 4);
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const inputs = new Float64Array(size);
  const stride = Math.max(1, Math.floor((values.length - LAGS) / ROWS_MAX));
  let rows = 0;
  for (let index = LAGS; index < values.length; index += stride) {
    readInputs(values, index, season, index, FIT_BOUND, inputs);
    const target = clip(values[index]!, FIT_BOUND);
    if (hasNaN(inputs, target)) continue;
    rows++;
    for (let a = 0; a < size; a++) {
      right[a]! += inputs[a]! * target;
      for (let b = 0; b <= a; b++) gram[a * size + b]! += inputs[a]! * inputs[b]!;
    }
  }
  if (rows < 2 * LAGS) return null;
  for (let a = 0; a < size; a++) {
    gram[a * size + a]! += RIDGE;
    for (let b = 0; b < a; b++) gram[b * size + a] = gram[a * size + b]!;
  }
  return { weights: Float32Array.from(solvePositive(gram, right, size)) };
}

/** |row − forecast| of the newest row, `buffer[end − 1]`, in spreads; `season[at]` belongs to it. NaN with a gap in the last 32 rows. */
export function scoreRegression(
  { weights }: Regression,
  buffer: Float32Array,
  end: number,
  season: Float32Array | null,
  at: number,
): number {
  if (end <= LAGS) return Number.NaN;
  const seasonal = weights.length > LAGS + 1 ? season : null;
  const inputs = scratch.subarray(0, weights.length);
  readInputs(buffer, end - 1, seasonal, at, INPUT_BOUND, inputs);
  let forecast = 0;
  for (let index = 0; index < weights.length; index++) forecast += weights[index]! * inputs[index]!;
  return Math.abs(buffer[end - 1]! - forecast);
}

const scratch = new Float64Array(LAGS + 4);

function readInputs(
  buffer: Float32Array,
  index: number,
  season: Float32Array | null,
  at: number,
  bound: number,
  into: Float64Array,
): void {
  for (let lag = 1; lag <= LAGS; lag++) into[lag - 1] = clip(buffer[index - lag]!, bound);
  if (season !== null) {
    const count = season.length;
    for (let step = -1; step <= 1; step++) into[LAGS + 1 + step] = known(season[(at + step + count) % count]!, bound);
  }
  into[into.length - 1] = 1;
}

function known(value: number, bound: number): number {
  return Number.isNaN(value) ? 0 : clip(value, bound);
}

function clip(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

function hasNaN(inputs: Float64Array, target: number): boolean {
  if (Number.isNaN(target)) return true;
  for (let index = 0; index < inputs.length; index++) if (Number.isNaN(inputs[index]!)) return true;
  return false;
}

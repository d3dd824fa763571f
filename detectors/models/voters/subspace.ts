// Voter: whether the shape of the latest rows is a mixture of the shapes seen in training.
import { eigenSymmetric } from '../linear-algebra.ts';

export interface Subspace {
  /** Rows between two inputs; with 3, an input is the mean of three rows. */
  lag: number;
  mean: Float32Array;
  /** Components one after the other, divided by the deviation of each input and by the root of their eigenvalue. */
  components: Float32Array;
  count: number;
}

const INPUTS = 32;
const WINDOWS_MAX = 2000;
const VARIANCE_SHARE = 0.9999;

/**
 * Sub-PCA: windows of 32 inputs, standardised; the score is the sum of squared projections, each over its eigenvalue, so
 * that a shape hardly seen in training weighs most (Aggarwal, "Outlier Analysis", 3.3; Sub-PCA in TSB-AD). With `lag` 3
 * the window spans 96 rows. Windows that end in `without` (a stretch of row indices) are not learned from.
 * O(windows · 32² + 32³) once, 32 · 32 multiplications a row. Null below 64 windows.
 */
export function fitSubspace(values: Float32Array, lag: number, without: readonly [number, number]): Subspace | null {
  const reach = INPUTS * lag;
  const stride = Math.max(1, Math.floor((values.length - reach) / WINDOWS_MAX));
  let count = 0;
  for (let end = reach; end <= values.length; end += stride) {
    if (end > without[0] && end - reach < without[1]) continue;
    if (readInputs(values, end, lag, inputs)) windows.set(inputs, INPUTS * count++);
  }
  if (count < 2 * INPUTS) return null;
  const rows = windows.subarray(0, INPUTS * count);
  const { mean, deviation } = moments(rows, count);
  const gram = new Float64Array(INPUTS * INPUTS);
  for (let row = 0; row < rows.length; row += INPUTS) {
    for (let a = 0; a < INPUTS; a++) rows[row + a] = (rows[row + a]! - mean[a]!) / deviation[a]!;
    for (let a = 0; a < INPUTS; a++) {
      for (let b = 0; b <= a; b++) gram[a * INPUTS + b]! += (rows[row + a]! * rows[row + b]!) / count;
    }
  }
  for (let a = 0; a < INPUTS; a++) for (let b = 0; b < a; b++) gram[b * INPUTS + a] = gram[a * INPUTS + b]!;
  return { lag, mean: Float32Array.from(mean), ...whiten(gram, deviation) };
}

/** The score of the window that ends with `buffer[end − 1]`; NaN when it has a gap or is not full yet. */
export function scoreSubspace({ lag, mean, components, count }: Subspace, buffer: Float32Array, end: number): number {
  if (!readInputs(buffer, end, lag, inputs)) return Number.NaN;
  for (let index = 0; index < INPUTS; index++) inputs[index]! -= mean[index]!;
  let sum = 0;
  for (let component = 0; component < count; component++) {
    let projection = 0;
    const base = component * INPUTS;
    for (let index = 0; index < INPUTS; index++) projection += components[base + index]! * inputs[index]!;
    sum += projection * projection;
  }
  return sum;
}

const inputs = new Float64Array(INPUTS);
/** All windows of a fit, used again by the next one: blocks made anew for each would wait for the collector by the dozen. */
const windows = new Float64Array(INPUTS * 2 * WINDOWS_MAX);

function readInputs(buffer: Float32Array, end: number, lag: number, into: Float64Array): boolean {
  if (end < INPUTS * lag) return false;
  let sum = 0;
  for (let index = 0; index < INPUTS; index++) {
    let value = 0;
    for (let step = 0; step < lag; step++) value += buffer[end - 1 - index * lag - step]!;
    into[index] = value / lag;
    sum += value;
  }
  return !Number.isNaN(sum);
}

function moments(rows: Float64Array, count: number): { mean: Float64Array; deviation: Float64Array } {
  const mean = new Float64Array(INPUTS);
  const deviation = new Float64Array(INPUTS);
  for (let at = 0; at < rows.length; at++) mean[at % INPUTS]! += rows[at]! / count;
  for (let at = 0; at < rows.length; at++) deviation[at % INPUTS]! += (rows[at]! - mean[at % INPUTS]!) ** 2 / count;
  return { mean, deviation: deviation.map((square) => (square > 1e-12 ? Math.sqrt(square) : 1)) };
}

function whiten(gram: Float64Array, deviation: Float64Array): { components: Float32Array; count: number } {
  const { values, vectors } = eigenSymmetric(gram, INPUTS);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const components = new Float32Array(INPUTS * INPUTS);
  let explained = 0;
  let count = 0;
  while (count < INPUTS && explained < VARIANCE_SHARE * total && values[count]! > 1e-9 * total) {
    const root = Math.sqrt(values[count]!);
    for (let a = 0; a < INPUTS; a++) {
      components[count * INPUTS + a] = vectors[count * INPUTS + a]! / root / deviation[a]!;
    }
    explained += values[count]!;
    count++;
  }
  return { components: components.slice(0, count * INPUTS), count };
}

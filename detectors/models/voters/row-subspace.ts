// Voters: whether the latest rows of all channels move together as they did in training, and how far out they are if so.
import { eigenSymmetric } from '../linear-algebra.ts';

/** A mean and orthogonal components, one after the other, of inputs of one length. */
export interface RowSubspace {
  inputs: number;
  mean: Float32Array;
  components: Float32Array;
  count: number;
  /** 1/eigenvalue a component. */
  weight: Float32Array;
}

const ROWS_MAX = 1600;

/**
 * Principal components of the given inputs (Pearson 1901; reconstruction as in Shyu et al. 2003), as many as explain
 * `share` of the variance. `read` fills one input row and says whether it is whole. O(1,600 · inputs² + inputs³) once.
 * Null when fewer than 32 rows are whole.
 */
export function fitRowSubspace(
  rows: number,
  inputs: number,
  share: number,
  read: (row: number, into: Float64Array) => boolean,
): RowSubspace | null {
  const stride = Math.max(1, Math.floor(rows / ROWS_MAX));
  const input = new Float64Array(inputs);
  // read three times rather than kept: side by side the rows of a wide entity are megabytes
  const each = (take: () => void) => {
    for (let row = 0; row < rows; row += stride) if (read(row, input)) take();
  };
  let kept = 0;
  each(() => kept++);
  if (kept < 32) return null;
  const mean = new Float64Array(inputs);
  each(() => {
    for (let a = 0; a < inputs; a++) mean[a]! += input[a]! / kept;
  });
  const gram = new Float64Array(inputs * inputs);
  each(() => addProducts(gram, input, mean, kept));
  for (let a = 0; a < inputs; a++) for (let b = 0; b < a; b++) gram[b * inputs + a] = gram[a * inputs + b]!;
  const { values, vectors } = eigenSymmetric(gram, inputs);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let count = 0;
  for (let explained = 0; count < inputs && explained < share * total && values[count]! > 1e-9 * total; count++) {
    explained += values[count]!;
  }
  return {
    inputs,
    mean: Float32Array.from(mean),
    components: Float32Array.from(vectors.subarray(0, count * inputs)),
    count,
    weight: Float32Array.from(values.subarray(0, count), (value) => 1 / value),
  };
}

/** What is left of the input when its components are taken away goes to `rest`; returns its square. O(inputs · components). */
export function reconstructionError(space: RowSubspace, input: Float64Array, rest: Float64Array): number {
  const { inputs, mean, components, count } = space;
  for (let a = 0; a < inputs; a++) rest[a] = input[a]! - mean[a]!;
  for (let component = 0; component < count; component++) {
    const base = component * inputs;
    let projection = 0;
    for (let a = 0; a < inputs; a++) projection += components[base + a]! * (input[a]! - mean[a]!);
    for (let a = 0; a < inputs; a++) rest[a]! -= projection * components[base + a]!;
  }
  let square = 0;
  for (let a = 0; a < inputs; a++) square += rest[a]! * rest[a]!;
  return square;
}

/** Mahalanobis distance squared within the components; `parts` gets each input's term of it. O(inputs · components). */
export function mahalanobis(space: RowSubspace, input: Float64Array, parts: Float64Array): number {
  const { inputs, mean, components, count, weight } = space;
  parts.fill(0);
  for (let component = 0; component < count; component++) {
    const base = component * inputs;
    let projection = 0;
    for (let a = 0; a < inputs; a++) projection += components[base + a]! * (input[a]! - mean[a]!);
    const pull = projection * weight[component]!;
    for (let a = 0; a < inputs; a++) parts[a]! += pull * components[base + a]!;
  }
  let square = 0;
  for (let a = 0; a < inputs; a++) {
    parts[a]! *= input[a]! - mean[a]!;
    square += parts[a]!;
  }
  return Math.max(0, square);
}

function addProducts(gram: Float64Array, row: Float64Array, mean: Float64Array, count: number): void {
  const inputs = row.length;
  for (let a = 0; a < inputs; a++) row[a]! -= mean[a]!;
  for (let a = 0; a < inputs; a++) {
    const weight = row[a]! / count;
    if (weight === 0) continue;
    for (let b = 0; b <= a; b++) gram[a * inputs + b]! += weight * row[b]!;
  }
}

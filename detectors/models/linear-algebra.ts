// The two pieces of linear algebra the voters need: eigenvectors of a symmetric matrix and a small regression.

export interface Eigen {
  /** Descending. */
  values: Float64Array;
  /** Row `k` (size numbers) is the unit vector of `values[k]`. */
  vectors: Float64Array;
}

/**
 * All eigenvalues and vectors of a symmetric row-major matrix: Householder reduction to tridiagonal form, then QL steps
 * with implicit shifts (Golub and Van Loan, "Matrix Computations", 8.3). O(size³): 32 takes under a millisecond, 300 about 0.1 s.
 */
export function eigenSymmetric(matrix: Float64Array, size: number): Eigen {
  const work = matrix.slice();
  const basis = new Float64Array(size * size);
  for (let index = 0; index < size; index++) basis[index * size + index] = 1;
  tridiagonalise(work, basis, size);
  const diagonal = Float64Array.from({ length: size }, (_, index) => work[index * size + index]!);
  const beside = Float64Array.from({ length: size }, (_, index) =>
    index + 1 < size ? work[(index + 1) * size + index]! : 0,
  );
  for (let index = 0; index < size; index++) settle(diagonal, beside, basis, size, index);
  const order = Array.from(diagonal.keys()).sort((left, right) => diagonal[right]! - diagonal[left]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(basis.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (index) => diagonal[index]!), vectors };
}

/** Reflects rows and columns until only the diagonal and its neighbours are left; `basis` takes part in its rows. */
function tridiagonalise(work: Float64Array, basis: Float64Array, size: number): void {
  const mirror = new Float64Array(size);
  const image = new Float64Array(size);
  for (let column = 0; column + 2 < size; column++) {
    const first = column + 1;
    let norm = 0;
    for (let row = first; row < size; row++) norm += work[row * size + column]! ** 2;
    norm = Math.sqrt(norm);
    if (norm === 0) continue;
    for (let row = first; row < size; row++) mirror[row] = work[row * size + column]!;
    mirror[first]! += mirror[first]! >= 0 ? norm : -norm;
    let square = 0;
    for (let row = first; row < size; row++) square += mirror[row]! ** 2;
    const factor = 2 / square;
    reflectBothSides(work, mirror, image, factor, size, column);
    reflectRows(basis, mirror, image, factor, size, first);
  }
}

function reflectBothSides(
  work: Float64Array,
  mirror: Float64Array,
  image: Float64Array,
  factor: number,
  size: number,
  column: number,
): void {
  const first = column + 1;
  let overlap = 0;
  for (let row = column; row < size; row++) {
    let sum = 0;
    for (let k = first; k < size; k++) sum += work[row * size + k]! * mirror[k]!;
    image[row] = factor * sum;
    if (row >= first) overlap += image[row]! * mirror[row]!;
  }
  const half = (factor * overlap) / 2;
  for (let row = first; row < size; row++) image[row]! -= half * mirror[row]!;
  for (let row = first; row < size; row++) {
    for (let k = first; k < size; k++) work[row * size + k]! -= mirror[row]! * image[k]! + image[row]! * mirror[k]!;
  }
  for (let row = first; row < size; row++) {
    const value = row === first ? work[column * size + row]! - image[column]! * mirror[row]! : 0;
    work[row * size + column] = value;
    work[column * size + row] = value;
  }
}

function reflectRows(
  basis: Float64Array,
  mirror: Float64Array,
  image: Float64Array,
  factor: number,
  size: number,
  first: number,
): void {
  image.fill(0);
  for (let row = first; row < size; row++) {
    const weight = mirror[row]!;
    for (let k = 0; k < size; k++) image[k]! += weight * basis[row * size + k]!;
  }
  for (let row = first; row < size; row++) {
    const weight = factor * mirror[row]!;
    for (let k = 0; k < size; k++) basis[row * size + k]! -= weight * image[k]!;
  }
}

const STEPS_MAX = 60;

/** Turns until the entry beside `diagonal[start]` vanishes; rows of `basis` turn along. */
function settle(diagonal: Float64Array, beside: Float64Array, basis: Float64Array, size: number, start: number): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    let end = start;
    while (end + 1 < size) {
      const scale = Math.abs(diagonal[end]!) + Math.abs(diagonal[end + 1]!);
      if (Math.abs(beside[end]!) <= 1e-15 * scale + 1e-300) break;
      end++;
    }
    if (end === start) return;
    turn(diagonal, beside, basis, size, start, end);
  }
}

/** One QL sweep from `end` up to `start`, shifted by the eigenvalue of the leading two by two block nearest to its corner. */
function turn(
  diagonal: Float64Array,
  beside: Float64Array,
  basis: Float64Array,
  size: number,
  start: number,
  end: number,
): void {
  const ratio = (diagonal[start + 1]! - diagonal[start]!) / (2 * beside[start]!);
  const root = Math.hypot(ratio, 1);
  let bulge = diagonal[end]! - diagonal[start]! + beside[start]! / (ratio + (ratio >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let index = end - 1; index >= start; index--) {
    const outer = sine * beside[index]!;
    const inner = cosine * beside[index]!;
    const length = Math.hypot(outer, bulge);
    beside[index + 1] = length;
    if (length === 0) {
      diagonal[index + 1]! -= moved;
      beside[end] = 0;
      return;
    }
    sine = outer / length;
    cosine = bulge / length;
    const shifted = diagonal[index + 1]! - moved;
    const mixed = (diagonal[index]! - shifted) * sine + 2 * cosine * inner;
    moved = sine * mixed;
    diagonal[index + 1] = shifted + moved;
    bulge = cosine * mixed - inner;
    rotateRows(basis, size, index, cosine, sine);
  }
  diagonal[start]! -= moved;
  beside[start] = bulge;
  beside[end] = 0;
}

function rotateRows(basis: Float64Array, size: number, index: number, cosine: number, sine: number): void {
  const upper = index * size;
  const lower = upper + size;
  for (let k = 0; k < size; k++) {
    const a = basis[upper + k]!;
    const b = basis[lower + k]!;
    basis[lower + k] = sine * a + cosine * b;
    basis[upper + k] = cosine * a - sine * b;
  }
}

/**
 * Solves gram · x = right for a symmetric positive gram matrix (row-major), by Cholesky; a pivot that vanishes is held
 * above zero, so that columns that repeat each other do no harm. O(size³).
 */
export function solvePositive(gram: Float64Array, right: Float64Array, size: number): Float64Array {
  const lower = gram.slice();
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = lower[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= lower[row * size + k]! * lower[column * size + k]!;
      const pivot = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : lower[column * size + column]!;
      lower[row * size + column] = row === column ? pivot : sum / pivot;
    }
  }
  const result = right.slice();
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) result[row]! -= lower[row * size + k]! * result[k]!;
    result[row]! /= lower[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) result[row]! -= lower[k * size + row]! * result[k]!;
    result[row]! /= lower[row * size + row]!;
  }
  return result;
}

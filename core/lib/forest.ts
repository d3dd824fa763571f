// The isolation forest: seeded, flat typed arrays, saved as plain data.
import { createRandom, type Random, sampleIndices } from './random.ts';

/**
 * Trees are complete binary trees of `depth` levels laid out as heaps, so that a row takes the same number of steps in
 * each tree and no child has to be looked up. A branch that ended early repeats its length in all leaves under it.
 */
export interface Forest {
  dimensions: number;
  trees: number;
  /** Rows a tree was grown from. */
  sampleSize: number;
  depth: number;
  /** A feature becomes a whole number, (value − low) · factor, before it meets a cut: whole numbers compare without branching. */
  low: Float64Array;
  factor: Float64Array;
  /** trees × (2^depth − 1), heap order; under an early leaf any cut will do. */
  feature: Uint8Array;
  cut: Int32Array;
  /** trees × 2^depth path lengths. */
  length: Float32Array;
}

export interface ForestOptions {
  trees: number;
  sampleSize: number;
  seed: number;
}

/**
 * Isolation forest: outliers are few and different, so random cuts isolate them early.
 * Liu, Ting, Zhou: "Isolation Forest", ICDM 2008. `rows` is row-major, `dimensions` numbers a row, all finite.
 * Fitting touches trees · sampleSize rows only (sampled without replacement): O(rows + trees · sampleSize · log sampleSize).
 */
export function fitForest(rows: Float64Array, dimensions: number, options: ForestOptions): Forest {
  const count = Math.floor(rows.length / dimensions);
  const sampleSize = Math.min(options.sampleSize, count);
  const depth = Math.max(1, Math.ceil(Math.log2(Math.max(2, sampleSize))));
  const inner = 2 ** depth - 1;
  const { low, factor } = scaling(rows, dimensions, count);
  const forest: Forest = {
    dimensions,
    trees: options.trees,
    sampleSize,
    depth,
    low,
    factor,
    feature: new Uint8Array(options.trees * inner),
    cut: new Int32Array(options.trees * inner),
    length: new Float32Array(options.trees * (inner + 1)),
  };
  const random = createRandom(options.seed);
  const sample = new Int32Array(sampleSize * dimensions);
  for (let tree = 0; tree < options.trees; tree++) {
    const chosen = sampleIndices(random, sampleSize, count);
    for (let row = 0; row < sampleSize; row++) {
      for (let d = 0; d < dimensions; d++) {
        sample[row * dimensions + d] = whole((rows[chosen[row]! * dimensions + d]! - low[d]!) * factor[d]!);
      }
    }
    const order = Int32Array.from({ length: sampleSize }, (_, index) => index);
    growTree(forest, tree, sample, order, random);
  }
  return forest;
}

/**
 * Scores as in the paper: 0.5 is ordinary, 1 is anomalous; NaN when a feature is NaN.
 * O(trees · log sampleSize), allocates nothing.
 */
export function scoreForest(forest: Forest, row: ArrayLike<number>): number {
  const { dimensions, trees, depth, low, factor, feature, cut, length } = forest;
  const inner = (1 << depth) - 1;
  const scaled = scratch.length >= dimensions ? scratch : growScratch(dimensions);
  const leaves = inner + 1;
  for (let d = 0; d < dimensions; d++) {
    const value = (row[d]! - low[d]!) * factor[d]!;
    if (Number.isNaN(value)) return Number.NaN;
    scaled[d] = whole(value);
  }
  let total = 0;
  let tree = 0;
  // Two trees at a time: a step waits for memory, and the second tree's step fits into the wait.
  for (; tree + 1 < trees; tree += 2) {
    const first = tree * inner;
    const second = first + inner;
    let a = 0;
    let b = 0;
    for (let level = 0; level < depth; level++) {
      const atA = first + a;
      const atB = second + b;
      a = 2 * a + 2 + ((scaled[feature[atA]!]! - cut[atA]!) >> 31);
      b = 2 * b + 2 + ((scaled[feature[atB]!]! - cut[atB]!) >> 31);
    }
    total += length[tree * leaves + a - inner]! + length[(tree + 1) * leaves + b - inner]!;
  }
  if (tree < trees) {
    const base = tree * inner;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      node = 2 * node + 2 + ((scaled[feature[base + node]!]! - cut[base + node]!) >> 31);
    }
    total += length[tree * leaves + node - inner]!;
  }
  const ordinary = averagePathLength(forest.sampleSize);
  return ordinary > 0 ? 2 ** -(total / trees / ordinary) : 0.5;
}

/** Mean depth of an unsuccessful search in a binary tree of `size` rows: what a path is compared with. */
export function averagePathLength(size: number): number {
  if (size <= 1) return 0;
  if (size === 2) return 1;
  return 2 * (Math.log(size - 1) + 0.5772156649015329) - (2 * (size - 1)) / size;
}

let scratch = new Int32Array(64);

function growScratch(dimensions: number): Int32Array {
  scratch = new Int32Array(dimensions);
  return scratch;
}

/** The training range fills half of `WHOLE_MAX`; what lies further out than as much again is held at the edge. */
const WHOLE_MAX = 2 ** 29;

function whole(scaled: number): number {
  return Math.floor(Math.max(-WHOLE_MAX, Math.min(WHOLE_MAX, scaled)));
}

/** Per feature its minimum and the factor that spreads its range over whole numbers; a constant feature gets 0. */
function scaling(rows: Float64Array, dimensions: number, count: number) {
  const low = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0, index = 0; row < count; row++) {
    for (let d = 0; d < dimensions; d++, index++) {
      const value = rows[index]!;
      if (value < low[d]!) low[d] = value;
      if (value > high[d]!) high[d] = value;
    }
  }
  const factor = high.map((top, d) => (top > low[d]! ? WHOLE_MAX / 2 / (top - low[d]!) : 0));
  return { low, factor };
}

/** Grows one tree breadth by breadth; `order` is cut in place, so the whole tree needs one list. */
function growTree(forest: Forest, tree: number, sample: Int32Array, order: Int32Array, random: Random): void {
  const { dimensions, depth } = forest;
  const inner = 2 ** depth - 1;
  const candidates = new Uint8Array(dimensions);
  const grow = (node: number, first: number, last: number, level: number): void => {
    const isolated = level === depth || last - first <= 1;
    const choice = isolated ? null : chooseCut(sample, dimensions, order, first, last, candidates, random);
    if (choice === null) {
      fillLeaves(forest, tree, node, level, last - first);
      return;
    }
    forest.feature[tree * inner + node] = choice.feature;
    forest.cut[tree * inner + node] = choice.cut;
    const middle = partition(sample, dimensions, order, first, last, choice.feature, choice.cut);
    grow(2 * node + 1, first, middle, level + 1);
    grow(2 * node + 2, middle, last, level + 1);
  };
  grow(0, 0, order.length, 0);
}

/** A feature that is not constant among these rows and a cut strictly inside its range; null when all are constant. */
function chooseCut(
  sample: Int32Array,
  dimensions: number,
  order: Int32Array,
  first: number,
  last: number,
  candidates: Uint8Array,
  random: Random,
): { feature: number; cut: number } | null {
  for (let d = 0; d < dimensions; d++) candidates[d] = d;
  for (let left = dimensions; left > 0; left--) {
    const pick = Math.floor(random() * left);
    const feature = candidates[pick]!;
    candidates[pick] = candidates[left - 1]!;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = first; index < last; index++) {
      const value = sample[order[index]! * dimensions + feature]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(high > low)) continue;
    return { feature, cut: low + 1 + Math.floor(random() * (high - low)) };
  }
  return null;
}

function partition(
  sample: Int32Array,
  dimensions: number,
  order: Int32Array,
  first: number,
  last: number,
  feature: number,
  cut: number,
): number {
  let middle = first;
  for (let index = first; index < last; index++) {
    const row = order[index]!;
    if (sample[row * dimensions + feature]! >= cut) continue;
    order[index] = order[middle]!;
    order[middle++] = row;
  }
  return middle;
}

function fillLeaves(forest: Forest, tree: number, node: number, level: number, size: number): void {
  const { depth, length } = forest;
  const inner = 2 ** depth - 1;
  const width = 2 ** (depth - level);
  const firstLeaf = (node + 1) * width - 1 - inner;
  length.fill(level + averagePathLength(size), tree * (inner + 1) + firstLeaf, tree * (inner + 1) + firstLeaf + width);
}

// Voter: how far the latest stretch of rows is from the stretches seen in training.

export interface Nearest {
  /** Lengths of the windows in rows, ascending; all divisible by 4; beyond 32 rows are taken in blocks of four. */
  scales: Int32Array;
  /**
   * One reference after the other, newest row first, `lags` whole numbers each, to be taken times the reference's step.
   * A step is a 32,767th of the largest number of its reference: half the memory of single precision, and exact to the dust.
   */
  references: Int16Array;
  steps: Float32Array;
  lags: number;
  /** Index of the training row that each reference ends at, ascending. */
  ends: Uint16Array;
}

const REFERENCES = 200;
const NEIGHBOUR = 5;
const FINE_LAGS = 32;
const BLOCK = 4;
/** A little below what 16 bits hold: a step is rounded too. */
const WHOLE_MAX = 32_766;
/** The mean of a block stands for four rows: its square counts four times. */
const BLOCK_WEIGHT = Math.sqrt(BLOCK);

/**
 * Sub-sequence nearest neighbours: Euclidean distance of the trailing window to its 5th nearest of 200 evenly spaced
 * training windows, amplitude kept (Ramaswamy et al., SIGMOD 2000; windows as in TSB-AD's Sub-KNN). The windows share
 * their newest rows, so one pass with early stops serves all lengths: at most 200 · 48 multiplications a row.
 * Null when there are fewer than 2 windows of the shortest length.
 */
export function fitNearest(values: Float32Array, scales: readonly number[]): Nearest | null {
  const longest = scales.at(-1)!;
  const lags = lagsOf(longest);
  const usable: number[] = [];
  for (let end = longest; end <= values.length; end++) if (!hasGap(values, end, longest)) usable.push(end);
  if (usable.length < 2 * NEIGHBOUR) return null;
  const count = Math.min(REFERENCES, usable.length);
  const ends = Uint16Array.from({ length: count }, (_, index) => usable[Math.floor((index * usable.length) / count)]!);
  const references = new Int16Array(count * lags);
  const steps = new Float32Array(count);
  const exact = new Float32Array(lags);
  ends.forEach((end, index) => {
    describe(values, end, exact);
    steps[index] = quantise(exact, references.subarray(index * lags, (index + 1) * lags));
  });
  return { scales: Int32Array.from(scales), references, steps, lags, ends };
}

/**
 * Writes one distance a scale to `into` at `offset`; NaN where the window has a gap or is not full yet. With `near` set,
 * references that end within that many rows of `end` are left out: how a training row is judged by the others.
 */
export function scoreNearest(
  nearest: Nearest,
  buffer: Float32Array,
  end: number,
  into: Float64Array,
  offset: number,
  near = -1,
): void {
  const { scales, references, steps, lags, ends } = nearest;
  const full = fullLags(buffer, end, lags);
  describe(buffer, end, query);
  best.fill(Number.POSITIVE_INFINITY);
  const last = scales.length - 1;
  for (let scale = 0; scale <= last; scale++) stops[scale] = Math.min(lagsOf(scales[scale]!), full & ~3);
  for (let reference = 0; reference < ends.length; reference++) {
    if (near >= 0 && Math.abs(ends[reference]! - end) <= near) continue;
    const base = reference * lags;
    const step = steps[reference]!;
    let sum = 0;
    let lag = 0;
    for (let scale = 0; scale <= last; scale++) {
      const stop = stops[scale]!;
      sum += squares(references, step, base, lag, stop);
      lag = stop;
      if (sum < best[scale * NEIGHBOUR + NEIGHBOUR - 1]!) keep(scale, sum);
      if (scale < last && sum >= worst(scale + 1, last)) break;
    }
  }
  for (let scale = 0; scale <= last; scale++) {
    const square = lagsOf(scales[scale]!) <= full ? best[scale * NEIGHBOUR + NEIGHBOUR - 1]! : Number.NaN;
    into[offset + scale] = Number.isFinite(square) ? Math.sqrt(square) : Number.NaN;
  }
}

const query = new Float64Array(64);
const best = new Float64Array(8 * NEIGHBOUR);
const stops = new Int32Array(8);

/** Squared distance over some lags, four sums side by side so that no addition waits for the one before. */
function squares(references: Int16Array, step: number, base: number, from: number, stop: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let lag = from; lag < stop; lag += 4) {
    const a = query[lag]! - step * references[base + lag]!;
    const b = query[lag + 1]! - step * references[base + lag + 1]!;
    const c = query[lag + 2]! - step * references[base + lag + 2]!;
    const d = query[lag + 3]! - step * references[base + lag + 3]!;
    first += a * a;
    second += b * b;
    third += c * c;
    fourth += d * d;
  }
  return first + second + (third + fourth);
}

/** Writes `exact` as multiples of a step, which is returned. */
function quantise(exact: Float32Array, into: Int16Array): number {
  let largest = 0;
  for (let lag = 0; lag < exact.length; lag++) largest = Math.max(largest, Math.abs(exact[lag]!));
  const step = Math.fround(largest / WHOLE_MAX);
  if (step > 0) for (let lag = 0; lag < exact.length; lag++) into[lag] = Math.round(exact[lag]! / step);
  return step;
}

function keep(scale: number, sum: number): void {
  let place = scale * NEIGHBOUR + NEIGHBOUR - 1;
  const first = scale * NEIGHBOUR;
  for (; place > first && best[place - 1]! > sum; place--) best[place] = best[place - 1]!;
  best[place] = sum;
}

/** A longer window is at least as far away: beyond this sum no longer window can enter its list. */
function worst(from: number, last: number): number {
  let limit = 0;
  for (let scale = from; scale <= last; scale++) limit = Math.max(limit, best[scale * NEIGHBOUR + NEIGHBOUR - 1]!);
  return limit;
}

function lagsOf(rows: number): number {
  return rows <= FINE_LAGS ? rows : FINE_LAGS + Math.floor((rows - FINE_LAGS) / BLOCK);
}

function describe(buffer: Float32Array, end: number, into: Float32Array | Float64Array): void {
  const lags = Math.min(into.length, lagsOf(end));
  for (let lag = 0; lag < lags && lag < FINE_LAGS; lag++) into[lag] = buffer[end - 1 - lag]!;
  for (let lag = FINE_LAGS; lag < lags; lag++) {
    const newest = end - 1 - FINE_LAGS - BLOCK * (lag - FINE_LAGS);
    const sum = buffer[newest]! + buffer[newest - 1]! + buffer[newest - 2]! + buffer[newest - 3]!;
    into[lag] = (BLOCK_WEIGHT * sum) / BLOCK;
  }
}

/** How many lags can be read before the first gap. */
function fullLags(buffer: Float32Array, end: number, lags: number): number {
  for (let lag = 0; lag < lags; lag++) {
    const newest = lag < FINE_LAGS ? end - 1 - lag : end - 1 - FINE_LAGS - BLOCK * (lag - FINE_LAGS);
    const oldest = lag < FINE_LAGS ? newest : newest - BLOCK + 1;
    if (oldest < 0) return lag;
    for (let at = oldest; at <= newest; at++) if (Number.isNaN(buffer[at]!)) return lag;
  }
  return lags;
}

function hasGap(values: Float32Array, end: number, rows: number): boolean {
  for (let index = end - rows; index < end; index++) if (Number.isNaN(values[index]!)) return true;
  return false;
}

// Voter: whether the latest changes are of a kind seen in training, calm or lively.

export interface Differences {
  /** Two centres of six numbers: the calm one, the lively one. */
  centres: Float64Array;
}

const LENGTH = 6;
const MEAN_ROWS = 3;
/** Rows that one description looks back on. */
const REACH = LENGTH + MEAN_ROWS;
const ROUNDS = 8;

/**
 * Netdata's detector: the last six changes, each a mean over three rows, as absolute values; k-means with two centres;
 * the score is the mean distance to both (learn.netdata.cloud, "Machine learning and anomaly detection"). Starts from the
 * calmest and the liveliest row, so no chance is involved. O(8 · rows) once, 12 multiplications a row.
 * Null when there are fewer than 16 rows without gaps.
 */
export function fitDifferences(values: Float32Array): Differences | null {
  const stride = Math.max(1, Math.floor(values.length / Math.max(0.2 * values.length, 4320)));
  const ends: number[] = [];
  for (let end = REACH + 1; end <= values.length; end += stride) {
    if (readChanges(values, end)) ends.push(end);
  }
  if (ends.length < 16) return null;
  const centres = startCentres(values, ends);
  for (let round = 0; round < ROUNDS; round++) moveCentres(values, ends, centres);
  return { centres };
}

/** Mean distance of the newest changes to both centres; NaN with a gap in the last nine rows. */
export function scoreDifferences({ centres }: Differences, buffer: Float32Array, end: number): number {
  if (!readChanges(buffer, end)) return Number.NaN;
  return (distance(centres, 0) + distance(centres, LENGTH)) / 2;
}

const changes = new Float64Array(LENGTH);

/** The mean of three successive changes is a third of the way from the row three before. */
function readChanges(buffer: Float32Array, end: number): boolean {
  if (end <= REACH) return false;
  let sum = 0;
  for (let lag = 0; lag < LENGTH; lag++) {
    const change = Math.abs(buffer[end - 1 - lag]! - buffer[end - 1 - lag - MEAN_ROWS]!) / MEAN_ROWS;
    changes[lag] = change;
    sum += change;
  }
  return !Number.isNaN(sum);
}

function distance(centres: Float64Array, offset: number): number {
  let sum = 0;
  for (let lag = 0; lag < LENGTH; lag++) sum += (changes[lag]! - centres[offset + lag]!) ** 2;
  return Math.sqrt(sum);
}

function startCentres(values: Float32Array, ends: readonly number[]): Float64Array {
  const centres = new Float64Array(2 * LENGTH);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const end of ends) {
    readChanges(values, end);
    const sum = changes.reduce((total, change) => total + change, 0);
    if (sum < least) centres.set(changes, 0);
    if (sum > most) centres.set(changes, LENGTH);
    least = Math.min(least, sum);
    most = Math.max(most, sum);
  }
  return centres;
}

function moveCentres(values: Float32Array, ends: readonly number[], centres: Float64Array): void {
  const sums = new Float64Array(2 * LENGTH);
  const counts = [0, 0];
  for (const end of ends) {
    readChanges(values, end);
    const lively = distance(centres, LENGTH) < distance(centres, 0) ? 1 : 0;
    counts[lively]!++;
    for (let lag = 0; lag < LENGTH; lag++) sums[lively * LENGTH + lag]! += changes[lag]!;
  }
  for (let index = 0; index < sums.length; index++) {
    const count = counts[index < LENGTH ? 0 : 1]!;
    if (count > 0) centres[index] = sums[index]! / count;
  }
}

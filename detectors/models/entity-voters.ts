// The voters of an entity: who they are, how they are fitted together, and their votes on one row of channels.
import { type Forest, fitForest, scoreForest } from '../../core/lib/forest.ts';
import { type ChannelScales, outsideBand, standardValue } from './entity-rows.ts';
import { type ChannelRate, fitChannelRate, scoreChannelRate } from './voters/channel-rate.ts';
import { fitRowNearest, type RowNearest, scoreRowNearest } from './voters/row-nearest.ts';
import { fitRowSubspace, mahalanobis, type RowSubspace, reconstructionError } from './voters/row-subspace.ts';

/** What is said of a vote, in the order of the votes. */
export const ENTITY_VOTERS = ['window', 'nearest', 'nearest-5', 'distance', 'range', 'rate', 'forest'] as const;
const WINDOW = 0;
const NEAREST = 1;
const NEAREST_5 = 2;
const DISTANCE = 3;
const RANGE = 4;
const RATE = 5;
const FOREST = 6;

/** Rows side by side in the window voter, and rows in the means of two others. */
const WINDOW_ROWS = 8;
const MEAN_ROWS = 5;
const WINDOW_SHARE = 0.9;
const DISTANCE_SHARE = 0.999;
const FIT_BOUND = 8;
const SCORE_BOUND = 30;
const TREES = 25;
const SAMPLE_SIZE = 64;

/** Null where a voter has too few rows. */
export interface EntityVoters {
  window: RowSubspace | null;
  nearest: RowNearest | null;
  nearestMean: RowNearest | null;
  distance: RowSubspace | null;
  rate: ChannelRate;
  forest: Forest;
}

/** Scaled rows, row-major, up to `end`; the values of the newest row as they came. */
export interface EntityView {
  rows: Float32Array;
  end: number;
  values: ArrayLike<number>;
}

/** `rows` are scaled, `channels` as they came; rows that end in `without` do not teach the window voter. */
export function fitEntityVoters(
  rows: Float32Array,
  channels: readonly Float64Array[],
  scales: ChannelScales,
  seed: number,
): EntityVoters {
  const width = channels.length;
  const count = rows.length / width;
  const means = new Float32Array(rows.length);
  for (let row = 0; row < count; row++) readMean(rows, row + 1, width, means.subarray(row * width, (row + 1) * width));
  const standard = (row: number, into: Float64Array) => {
    for (let c = 0; c < width; c++) into[c] = standardValue(scales, c, channels[c]![row]!, FIT_BOUND);
    return !into.some(Number.isNaN);
  };
  return {
    window: fitWindow(rows, width, [0, 0]),
    nearest: fitRowNearest(rows, width),
    nearestMean: fitRowNearest(means, width),
    distance: fitRowSubspace(count, width, DISTANCE_SHARE, standard),
    rate: fitChannelRate(rows, width),
    forest: fitForest(wholeRows(rows, width), width, { trees: TREES, sampleSize: SAMPLE_SIZE, seed }),
  };
}

/** The same voters without what one fold taught the window voter, the only one that remembers single rows. */
export function withoutEntityFold(
  voters: EntityVoters,
  rows: Float32Array,
  width: number,
  without: readonly [number, number],
): EntityVoters {
  return { ...voters, window: fitWindow(rows, width, without) ?? voters.window };
}

/**
 * Raw votes of one row into `into` (NaN where a voter has nothing to say) and each channel's share of them into `parts`,
 * one list a voter. `near` and `at` keep a training row's neighbours out of its own judgement; −1 for a new row.
 */
export function readEntityVotes(
  voters: EntityVoters,
  scales: ChannelScales,
  view: EntityView,
  into: Float64Array,
  parts: readonly Float64Array[],
  near = -1,
): void {
  const { rows, end, values } = view;
  const width = values.length;
  into.fill(Number.NaN);
  if (voters.window && readWindow(rows, end, width, windowInput)) {
    into[WINDOW] = reconstructionError(voters.window, windowInput.subarray(0, voters.window.inputs), windowRest);
    parts[WINDOW]!.fill(0);
    for (let index = 0; index < WINDOW_ROWS * width; index++) parts[WINDOW]![index % width]! += windowRest[index]! ** 2;
  }
  const input = rowInput.subarray(0, width);
  for (let c = 0; c < width; c++) input[c] = rows[(end - 1) * width + c]!;
  if (voters.nearest) into[NEAREST] = scoreRowNearest(voters.nearest, input, parts[NEAREST]!, end - 1, near);
  into[FOREST] = scoreForest(voters.forest, input);
  if (voters.nearestMean && readMean(rows, end, width, input)) {
    into[NEAREST_5] = scoreRowNearest(voters.nearestMean, input, parts[NEAREST_5]!, end - 1, near);
  }
  for (let c = 0; c < width; c++) input[c] = standardValue(scales, c, values[c]!, SCORE_BOUND);
  if (voters.distance) into[DISTANCE] = mahalanobis(voters.distance, input, parts[DISTANCE]!);
  let outside = 0;
  for (let c = 0; c < width; c++) {
    parts[RANGE]![c] = outsideBand(scales, c, values[c]!);
    outside += parts[RANGE]![c]! / width;
  }
  into[RANGE] = outside;
  into[RATE] = meanRate(voters.rate, rows, end);
}

const CHANNELS_MAX = 256;
const windowInput = new Float64Array(WINDOW_ROWS * CHANNELS_MAX);
const windowRest = new Float64Array(WINDOW_ROWS * CHANNELS_MAX);
const rowInput = new Float64Array(CHANNELS_MAX);

function fitWindow(rows: Float32Array, width: number, without: readonly [number, number]): RowSubspace | null {
  return fitRowSubspace(rows.length / width, WINDOW_ROWS * width, WINDOW_SHARE, (row, into) => {
    if (row + 1 > without[0] && row + 1 - WINDOW_ROWS < without[1]) return false;
    return readWindow(rows, row + 1, width, into);
  });
}

function readWindow(rows: Float32Array, end: number, width: number, into: Float64Array): boolean {
  if (end < WINDOW_ROWS) return false;
  let sum = 0;
  const base = (end - WINDOW_ROWS) * width;
  for (let index = 0; index < WINDOW_ROWS * width; index++) {
    const value = rows[base + index]!;
    into[index] = value;
    sum += value;
  }
  return !Number.isNaN(sum);
}

function readMean(rows: Float32Array, end: number, width: number, into: Float32Array | Float64Array): boolean {
  into.fill(end < MEAN_ROWS ? Number.NaN : 0);
  if (end < MEAN_ROWS) return false;
  let sum = 0;
  for (let row = end - MEAN_ROWS; row < end; row++) {
    for (let c = 0; c < width; c++) into[c]! += rows[row * width + c]! / MEAN_ROWS;
  }
  for (let c = 0; c < width; c++) sum += into[c]!;
  return !Number.isNaN(sum);
}

function meanRate(rate: ChannelRate, rows: Float32Array, end: number): number {
  let sum = 0;
  for (let back = 0; back < MEAN_ROWS; back++) sum += scoreChannelRate(rate, rows, end - back);
  return sum / MEAN_ROWS;
}

function wholeRows(rows: Float32Array, width: number): Float64Array {
  const whole = new Float64Array(rows.length);
  let length = 0;
  for (let row = 0; row < rows.length / width; row++) {
    const values = rows.subarray(row * width, (row + 1) * width);
    if (values.some(Number.isNaN)) continue;
    whole.set(values, length);
    length += width;
  }
  return whole.subarray(0, length);
}

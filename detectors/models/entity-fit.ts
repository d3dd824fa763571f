// How an entity is learned: scales, voters, their units, and a calibration from rows judged by what they did not teach.
import { type Calibration, fitCalibration } from './calibration.ts';
import { type ChannelScales, scaleChannels, scaledValue } from './entity-rows.ts';
import {
  ENTITY_VOTERS,
  type EntityVoters,
  fitEntityVoters,
  readEntityVotes,
  withoutEntityFold,
} from './entity-voters.ts';
import { fitUnits, fuse, hold, type Units } from './fusion.ts';
import type { Normalisation } from './model.ts';

export interface LearnedEntity {
  scales: ChannelScales;
  voters: EntityVoters;
  units: Units;
  weights: Float64Array;
  holdRows: number;
  calibration: Calibration;
}

/** By voter: window, nearest, nearest-5, distance, range, rate, forest. */
const WEIGHTS = [1, 1, 1, 1, 1, 1, 0.25];
const HOLD_ROWS = 20;
/** Rows of the quick mean that half of the fused score is. */
export const FUSED_MEAN_ROWS = 5;
const FLOORS = [1e-4, 1e-3, 1e-3, 1, 0.01, 0, 0.01];
const FOLDS = 2;
const NEAR_SECONDS = 21_600;
/** Of longer histories every third stretch is judged. */
const ALL_JUDGED_MAX = 4000;
const STRETCH = 120;

/** `channels` are raw, all of one length, NaN where a row must not teach. O(rows · 1,500 · channels) at worst. */
export function learnEntity(
  channels: readonly Float64Array[],
  stepSeconds: number,
  seed: number,
  normalisation: Normalisation,
): LearnedEntity {
  const width = channels.length;
  const scales = scaleChannels(channels);
  const rows = new Float32Array(channels[0]!.length * width);
  channels.forEach((values, c) => {
    for (let row = 0; row < values.length; row++) rows[row * width + c] = scaledValue(scales, c, values[row]!);
  });
  const voters = fitEntityVoters(rows, channels, scales, seed);
  const votes = trainingVotes(voters, scales, rows, channels, stepSeconds);
  const floors = FLOORS.map((floor, voter) => (ENTITY_VOTERS[voter] === 'rate' ? 0.2 / width : floor));
  const units = fitUnits(votes, floors);
  const weights = Float64Array.from(WEIGHTS);
  const calibration = fitCalibration(heldScores(votes, units, weights), normalisation);
  return { scales, voters, units, weights, holdRows: HOLD_ROWS, calibration };
}

/** Half the score of the row itself, half the mean of the last five: sharp at the start, steady afterwards. */
export function smooth(last: ArrayLike<number>, count: number): number {
  let sum = 0;
  for (let back = 0; back < count; back++) sum += last[back]!;
  return (last[0]! + sum / count) / 2;
}

function trainingVotes(
  voters: EntityVoters,
  scales: ChannelScales,
  rows: Float32Array,
  channels: readonly Float64Array[],
  stepSeconds: number,
): Float32Array[] {
  const width = channels.length;
  const count = rows.length / width;
  const near = Math.round(Math.min(count / 8, NEAR_SECONDS / stepSeconds));
  const columns = ENTITY_VOTERS.map(() => new Float32Array(count).fill(Number.NaN));
  const parts = ENTITY_VOTERS.map(() => new Float64Array(width));
  const votes = new Float64Array(ENTITY_VOTERS.length);
  const values = new Float64Array(width);
  for (let fold = 0; fold < FOLDS; fold++) {
    const first = Math.floor((fold * count) / FOLDS);
    const end = Math.floor(((fold + 1) * count) / FOLDS);
    const judges = withoutEntityFold(voters, rows, width, [first, end]);
    for (let row = first; row < end; row++) {
      if (Number.isNaN(rows[row * width]!) || (count > ALL_JUDGED_MAX && row % (3 * STRETCH) >= STRETCH)) continue;
      for (let c = 0; c < width; c++) values[c] = channels[c]![row]!;
      readEntityVotes(judges, scales, { rows, end: row + 1, values }, votes, parts, near);
      votes.forEach((vote, voter) => {
        columns[voter]![row] = vote;
      });
    }
  }
  return columns;
}

function heldScores(votes: readonly Float32Array[], units: Units, weights: Float64Array): Float64Array {
  const count = votes[0]!.length;
  const result = new Float64Array(count);
  const row = new Float64Array(votes.length);
  const last: number[] = [];
  let held = 0;
  for (let index = 0; index < count; index++) {
    for (let voter = 0; voter < votes.length; voter++) row[voter] = votes[voter]![index]!;
    const fused = fuse(units, weights, row);
    if (Number.isNaN(fused)) {
      last.length = 0;
      held = hold(held, fused, HOLD_ROWS);
      result[index] = Number.NaN;
      continue;
    }
    last.unshift(fused);
    if (last.length > FUSED_MEAN_ROWS) last.pop();
    held = hold(held, smooth(last, last.length), HOLD_ROWS);
    result[index] = held;
  }
  return result;
}

// How a series is learned: voters, their units, and a calibration from rows judged by what they did not teach.
import { quantileSorted, sorted } from '../../core/lib/stats.ts';
import { type Calibration, fitCalibration } from './calibration.ts';
import { fitUnits, fuse, hold, type Units } from './fusion.ts';
import type { Normalisation } from './model.ts';
import type { Scale } from './scale.ts';
import type { Season } from './season.ts';
import { prepareSeries, type SeriesRows } from './series-rows.ts';
import {
  FORECAST_AT,
  fitVoters,
  meanError,
  readVotes,
  SERIES_VOTERS,
  type SeriesVoters,
  withoutFold,
} from './series-voters.ts';
import type { TrainingRows } from './training.ts';

export interface LearnedSeries {
  scale: Scale;
  season: Season;
  voters: SeriesVoters;
  units: Units;
  weights: Float64Array;
  holdRows: number;
  band: [number, number];
  calibration: Calibration;
}

/**
 * Weights of the voters, by how much history there is. Long windows see what a young model can: stretches unlike any
 * before. With a week of minutes the season is known, short windows on the residual see far more, and long ones only blur.
 * Set by hand on half of the labelled series and checked on the other half; docs/DETECTION.md has the figures.
 */
const YOUNG = [0.2, 0.25, 0.5, 0.2, 0.25, 0.25, 0.2, 0.2, 0.2, 0.25, 0.5, 0.1];
const GROWN = [0.2, 0.15, 0, 0.2, 0.15, 0.15, 0.2, 0.2, 0.2, 0.15, 0, 0.05];
const YOUNG_ROWS = 4000;
const GROWN_ROWS = 8000;
const YOUNG_HOLD_ROWS = 40;
const GROWN_HOLD_ROWS = 10;

/** Narrower than this is dust: distances in spreads, shapes in whitened units, the forest's in its own. */
const FLOORS = [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.02, 0.02, 1, 1, 0.01];

/**
 * The rows to come are stranger than held-back rows of the past, because series move on: measured, a tail as fitted was
 * exceeded at 99.9 two and a half times as often as it says.
 */
const TAIL_WIDENING = 1.2;

const FOLDS = 4;
/** Rows on either side of a training row whose neighbours must not judge it: an incident would vouch for itself. */
const NEAR_SECONDS = 21_600;
const LONGEST_WINDOW = 96;
/** Of longer histories every second stretch is judged: half the work for nearly the same quantiles. */
const ALL_JUDGED_MAX = 5000;
const STRETCH = 120;

/** O(rows · 200 · 85) for the nearest windows, the rest is small beside it. */
export function learnSeries(training: TrainingRows, seed: number, normalisation: Normalisation): LearnedSeries {
  const rows = prepareSeries(training);
  const young = youth(training.count);
  const voters = fitVoters(rows, training, seed, young > 0);
  const votes = trainingVotes(voters, rows, training);
  const units = fitUnits(votes, FLOORS);
  const weights = Float64Array.from(YOUNG, (weight, voter) => weight * young + GROWN[voter]! * (1 - young));
  const holdRows = YOUNG_HOLD_ROWS * young + GROWN_HOLD_ROWS * (1 - young);
  const past = fitCalibration(heldScores(votes, units, weights, holdRows), normalisation);
  const calibration = { ...past, scale: TAIL_WIDENING * past.scale };
  const residuals = sorted(rows.residual);
  const band: [number, number] = [
    known(quantileSorted(residuals, 0.005), -3),
    known(quantileSorted(residuals, 0.995), 3),
  ];
  return { scale: rows.scale, season: rows.season, voters, units, weights, holdRows, band, calibration };
}

/** 1 for a young history, 0 for a grown one, on a logarithmic scale in between. */
function youth(rows: number): number {
  return Math.max(0, Math.min(1, Math.log(GROWN_ROWS / rows) / Math.log(GROWN_ROWS / YOUNG_ROWS)));
}

function known(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

/** Raw votes on every training row by voters that did not learn from it: per voter one column. */
function trainingVotes(voters: SeriesVoters, rows: SeriesRows, training: TrainingRows): Float32Array[] {
  const count = rows.level.length;
  const near = Math.round(Math.min(count / 8, Math.max(LONGEST_WINDOW, NEAR_SECONDS / training.stepSeconds)));
  const columns = SERIES_VOTERS.map(() => new Float32Array(count).fill(Number.NaN));
  const votes = new Float64Array(SERIES_VOTERS.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const first = Math.floor((fold * count) / FOLDS);
    const end = Math.floor(((fold + 1) * count) / FOLDS);
    const judges = withoutFold(voters, rows, [first, end]);
    for (let row = first; row < end; row++) {
      if (Number.isNaN(rows.level[row]!) || (count > ALL_JUDGED_MAX && row % (2 * STRETCH) >= STRETCH)) continue;
      const view = {
        level: rows.level,
        levelEnd: row + 1,
        residual: rows.residual,
        residualEnd: row + 1,
        season: rows.past,
        seasonAt: row,
        timeSeconds: training.startSeconds + row * training.stepSeconds,
      };
      readVotes(judges, view, votes, near);
      votes.forEach((vote, voter) => {
        columns[voter]![row] = vote;
      });
    }
  }
  columns[FORECAST_AT] = columns[FORECAST_AT]!.map((error, row, errors) =>
    meanError(error, errors[row - 1] ?? Number.NaN, errors[row - 2] ?? Number.NaN),
  );
  return columns;
}

/** The fused score of every training row, held as it will be later. */
function heldScores(
  votes: readonly Float32Array[],
  units: Units,
  weights: Float64Array,
  holdRows: number,
): Float64Array {
  const count = votes[0]!.length;
  const result = new Float64Array(count);
  const row = new Float64Array(votes.length);
  let held = 0;
  for (let index = 0; index < count; index++) {
    for (let voter = 0; voter < votes.length; voter++) row[voter] = votes[voter]![index]!;
    const fused = fuse(units, weights, row);
    held = hold(held, fused, holdRows);
    result[index] = Number.isNaN(fused) ? Number.NaN : held;
  }
  return result;
}

// The voters of a series: who they are, how they are fitted together, and their votes on one row.
import type { Forest } from '../../core/lib/forest.ts';
import type { SeriesRows } from './series-rows.ts';
import type { TrainingRows } from './training.ts';
import { type Differences, fitDifferences, scoreDifferences } from './voters/differences.ts';
import { fitNearest, type Nearest, scoreNearest } from './voters/nearest.ts';
import { fitRecipe, scoreRecipe } from './voters/recipe-forest.ts';
import { fitRegression, type Regression, scoreRegression } from './voters/regression.ts';
import { fitSubspace, type Subspace, scoreSubspace } from './voters/subspace.ts';

/** What is said of a vote, in the order of the votes. The number is how many rows it looks at. */
export const SERIES_VOTERS = [
  'level-8',
  'level-32',
  'level-96',
  'residual-4',
  'residual-12',
  'residual-32',
  'residual',
  'change',
  'forecast',
  'shape-32',
  'shape-96',
  'time-of-week',
] as const;

const LEVEL_SCALES = [8, 32, 96];
const SHORT_SCALES = [8, 32];
const RESIDUAL_SCALES = [4, 12, 32];
const RESIDUAL_AT = 3;
const SIZE_AT = 6;
/** Where the votes lie that the alert stream listens to, and the one that is smoothed. */
export const NEAREST_AT = 0;
const CHANGE_AT = 7;
export const FORECAST_AT = 8;
export const SHAPE_AT = 9;
const RECIPE_AT = 11;

/** Null where a voter has not joined yet: too few rows. */
export interface SeriesVoters {
  level: Nearest | null;
  residual: Nearest | null;
  changes: Differences | null;
  forecast: Regression | null;
  shape: Subspace | null;
  longShape: Subspace | null;
  recipe: Forest;
}

/** One row as the voters see it: the newest values of both streams and the season around it. */
export interface RowView {
  level: Float32Array;
  levelEnd: number;
  residual: Float32Array;
  residualEnd: number;
  /** By `seasonAt`; null without a season. */
  season: Float32Array | null;
  seasonAt: number;
  timeSeconds: number;
}

const NOTHING: readonly [number, number] = [0, 0];

/** `long` asks for the voters that look at 96 rows; a grown model does without. */
export function fitVoters(rows: SeriesRows, training: TrainingRows, seed: number, long: boolean): SeriesVoters {
  return {
    level: fitNearest(rows.level, long ? LEVEL_SCALES : SHORT_SCALES),
    residual: fitNearest(rows.residual, RESIDUAL_SCALES),
    changes: fitDifferences(rows.level),
    forecast: fitRegression(rows.level, rows.past),
    shape: fitSubspace(rows.level, 1, NOTHING),
    longShape: long ? fitSubspace(rows.level, 3, NOTHING) : null,
    recipe: fitRecipe(rows.level, training.startSeconds, training.stepSeconds, seed),
  };
}

/** The same voters without what `without` taught them, as far as it matters: only shapes remember single rows. */
export function withoutFold(voters: SeriesVoters, rows: SeriesRows, without: readonly [number, number]): SeriesVoters {
  return {
    ...voters,
    shape: fitSubspace(rows.level, 1, without) ?? voters.shape,
    longShape: voters.longShape && (fitSubspace(rows.level, 3, without) ?? voters.longShape),
  };
}

/**
 * Raw votes of one row into `into`, NaN where a voter has nothing to say. `near` keeps the neighbours of a training row
 * out of its own judgement (rows); −1 for a new row.
 */
export function readVotes(voters: SeriesVoters, view: RowView, into: Float64Array, near = -1): void {
  into.fill(Number.NaN);
  const { level, levelEnd, residual, residualEnd } = view;
  if (voters.level) scoreNearest(voters.level, level, levelEnd, into, NEAREST_AT, near);
  if (voters.residual) scoreNearest(voters.residual, residual, residualEnd, into, RESIDUAL_AT, near);
  into[SIZE_AT] = Math.abs(residual[residualEnd - 1]!);
  if (voters.changes) into[CHANGE_AT] = scoreDifferences(voters.changes, level, levelEnd);
  if (voters.forecast) {
    into[FORECAST_AT] = scoreRegression(voters.forecast, level, levelEnd, view.season, view.seasonAt);
  }
  if (voters.shape) into[SHAPE_AT] = scoreSubspace(voters.shape, level, levelEnd);
  if (voters.longShape) into[SHAPE_AT + 1] = scoreSubspace(voters.longShape, level, levelEnd);
  into[RECIPE_AT] = scoreRecipe(voters.recipe, level[levelEnd - 1]!, view.timeSeconds);
}

/** The forecast's vote is the mean of the last three errors, of those that are known. */
export function meanError(now: number, before: number, earlier: number): number {
  if (Number.isNaN(now)) return now;
  let sum = now;
  let count = 1;
  for (const error of [before, earlier]) {
    if (Number.isNaN(error)) continue;
    sum += error;
    count++;
  }
  return sum / count;
}

// The model of one series: what its voters learned, how their votes become one calibrated score, and the rows it remembers.
import { type Forest, fitForest, scoreForest } from '../../core/lib/forest.ts';
import { createRing, push, type Ring } from '../../core/lib/ring.ts';
import { median, medianAbsoluteDeviation, standardDeviation } from '../../core/lib/stats.ts';
import { type Calibration, calibrate, fitCalibration } from './calibration.ts';
import {
  type FitOptions,
  HISTORY_ROWS_MAX,
  type History,
  MODEL_VERSION,
  type ModelHeader,
  type RowScore,
  unknownScore,
} from './model.ts';
import { trainingRows } from './training.ts';

/** Fewer usable rows than this and there is no model: the series stays in statistical mode. */
export const SERIES_ROWS_MIN = 64;

export interface SeriesModel extends ModelHeader {
  kind: 'series';
  centre: number;
  spread: number;
  forest: Forest;
  calibration: Calibration;
}

/** What a series remembers between rows; bounded, made anew from trailing rows after a restart. */
export interface SeriesState {
  lastSeconds: number;
  /** Rows that were not newer than the one before. */
  dropped: number;
  ring: Ring;
}

/**
 * Learns a series. Null below `SERIES_ROWS_MIN` usable rows. At most the last 7 days of minutes (10,080 rows) are read.
 */
export function fitSeries(history: History, options: FitOptions): SeriesModel | null {
  const training = trainingRows(history, options.leaveOut ?? []);
  if (training.count < SERIES_ROWS_MIN) return null;
  const centre = median(training.values);
  const spread = spreadOf(training.values, centre);
  const rows = new Float64Array(training.count * 3);
  let row = 0;
  training.values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    rows.set(features(training.startSeconds + index * training.stepSeconds, value), row);
    row += 3;
  });
  const forest = fitForest(rows, 3, { trees: 100, sampleSize: 256, seed: options.seed });
  const model: SeriesModel = {
    kind: 'series',
    version: MODEL_VERSION,
    seed: options.seed,
    trainedAtSeconds: options.trainedAtSeconds,
    rows: training.count,
    stepSeconds: training.stepSeconds,
    features: [...(options.features ?? ['value'])],
    normalisation: options.normalisation ?? 'percentile',
    centre,
    spread,
    forest,
    calibration: fitCalibration([]),
  };
  const raw = training.values.map((value, index) =>
    rawScore(model, training.startSeconds + index * training.stepSeconds, value),
  );
  model.calibration = fitCalibration(raw, model.normalisation);
  return model;
}

/**
 * A state that has seen `recent`, the rows before the first one to be scored (at most `HISTORY_ROWS_MAX` are used; none
 * is fine: the longer windows then join as rows arrive). `previous` carries the alert's memory over a retraining.
 */
export function openSeries(model: SeriesModel, recent: History, previous?: SeriesState): SeriesState {
  const state: SeriesState = {
    lastSeconds: Number.NEGATIVE_INFINITY,
    dropped: previous?.dropped ?? 0,
    ring: createRing(HISTORY_ROWS_MAX),
  };
  recent.values.forEach((value, index) => {
    advanceSeries(model, state, recent.startSeconds + index * recent.stepSeconds, value);
  });
  return state;
}

/** Scores the row that starts at `timeSeconds` as if it ended now; the state is left as it was. NaN gives unknown. */
export function scoreSeries(model: SeriesModel, state: SeriesState, timeSeconds: number, value: number): RowScore {
  if (!(timeSeconds > state.lastSeconds) || !Number.isFinite(value)) return unknownScore();
  const distance = Math.abs(value - model.centre) / model.spread;
  return {
    score: calibrate(model.calibration, rawScore(model, timeSeconds, value)),
    alert: distance / 20,
    expectedLow: model.centre - 3 * model.spread,
    expectedHigh: model.centre + 3 * model.spread,
    contributions: [{ feature: 'level', share: 1 }],
  };
}

/** Scores the row and takes it in. A row that is not newer than the last is dropped and counted; NaN is a gap. */
export function advanceSeries(model: SeriesModel, state: SeriesState, timeSeconds: number, value: number): RowScore {
  if (!(timeSeconds > state.lastSeconds)) {
    state.dropped++;
    return unknownScore();
  }
  const result = scoreSeries(model, state, timeSeconds, value);
  state.lastSeconds = timeSeconds;
  push(state.ring, value);
  return result;
}

function rawScore(model: SeriesModel, timeSeconds: number, value: number): number {
  const distance = Math.abs(value - model.centre) / model.spread;
  return scoreForest(model.forest, features(timeSeconds, value)) + Math.log1p(distance);
}

function features(timeSeconds: number, value: number): [number, number, number] {
  return [value, Math.floor(timeSeconds / 3600) % 24, (Math.floor(timeSeconds / 86400) + 3) % 7];
}

function spreadOf(values: Float64Array, centre: number): number {
  const robust = 1.4826 * medianAbsoluteDeviation(values);
  const spread = robust > 0 ? robust : standardDeviation(values);
  return Math.max(spread, 1e-6, 0.01 * Math.abs(centre));
}

// The model of one entity, all its metrics together: which rows of channels are unlike any seen in training.
import { type Forest, fitForest, scoreForest } from '../../core/lib/forest.ts';
import { median, medianAbsoluteDeviation, standardDeviation } from '../../core/lib/stats.ts';
import { type Calibration, calibrate, fitCalibration } from './calibration.ts';
import {
  type Contribution,
  type EntityHistory,
  type FitOptions,
  MODEL_VERSION,
  type ModelHeader,
  type RowScore,
  unknownScore,
} from './model.ts';
import { trainingRows } from './training.ts';

/** Fewer usable rows than this and there is no model. */
export const ENTITY_ROWS_MIN = 256;

export interface EntityModel extends ModelHeader {
  kind: 'entity';
  channels: number;
  centre: Float64Array;
  spread: Float64Array;
  forest: Forest;
  calibration: Calibration;
}

/** What an entity remembers between rows. */
export interface EntityState {
  lastSeconds: number;
  /** Rows that were not newer than the one before. */
  dropped: number;
}

/** Learns an entity from the rows in which every channel that ever spoke has a value. Null below `ENTITY_ROWS_MIN` such rows. */
export function fitEntity(history: EntityHistory, options: FitOptions): EntityModel | null {
  const { startSeconds, stepSeconds } = history;
  const channels = history.channels.map(
    (values) => trainingRows({ startSeconds, stepSeconds, values }, options.leaveOut ?? []).values,
  );
  if (channels.length === 0) return null;
  const usable = Array.from({ length: channels[0]!.length }, (_, row) => row).filter((row) =>
    channels.every((values) => !Number.isNaN(values[row]!)),
  );
  if (usable.length < ENTITY_ROWS_MIN) return null;
  const centre = Float64Array.from(channels, (values) => median(values));
  const spread = Float64Array.from(channels, (values, channel) => spreadOf(values, centre[channel]!));
  const rows = Float64Array.from(usable.flatMap((row) => channels.map((values) => values[row]!)));
  const model: EntityModel = {
    kind: 'entity',
    version: MODEL_VERSION,
    seed: options.seed,
    trainedAtSeconds: options.trainedAtSeconds,
    rows: usable.length,
    stepSeconds,
    features: [...(options.features ?? channels.map((_, channel) => `channel_${channel}`))],
    normalisation: options.normalisation ?? 'percentile',
    channels: channels.length,
    centre,
    spread,
    forest: fitForest(rows, channels.length, { trees: 100, sampleSize: 256, seed: options.seed }),
    calibration: fitCalibration([]),
  };
  const raw = usable.map((row) =>
    rawScore(
      model,
      channels.map((values) => values[row]!),
    ),
  );
  model.calibration = fitCalibration(raw, model.normalisation);
  return model;
}

/** A state that has seen `recent`, the rows before the first one to be scored; none is fine. */
export function openEntity(model: EntityModel, recent: EntityHistory, previous?: EntityState): EntityState {
  const state: EntityState = { lastSeconds: Number.NEGATIVE_INFINITY, dropped: previous?.dropped ?? 0 };
  const rows = recent.channels[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    const values = recent.channels.map((channel) => channel[row]!);
    advanceEntity(model, state, recent.startSeconds + row * recent.stepSeconds, values);
  }
  return state;
}

/** Scores a provisional row, one value a channel in the order of training; the state is left as it was. */
export function scoreEntity(
  model: EntityModel,
  state: EntityState,
  timeSeconds: number,
  values: ArrayLike<number>,
): RowScore {
  if (!(timeSeconds > state.lastSeconds)) return unknownScore();
  const raw = rawScore(model, values);
  if (Number.isNaN(raw)) return unknownScore();
  const score = calibrate(model.calibration, raw);
  return {
    score,
    alert: score / 99.99,
    expectedLow: Number.NaN,
    expectedHigh: Number.NaN,
    contributions: explain(model, values),
  };
}

/** Scores the row and takes it in. A row that is not newer than the last is dropped and counted; NaN in a channel is a gap. */
export function advanceEntity(
  model: EntityModel,
  state: EntityState,
  timeSeconds: number,
  values: ArrayLike<number>,
): RowScore {
  if (!(timeSeconds > state.lastSeconds)) {
    state.dropped++;
    return unknownScore();
  }
  const result = scoreEntity(model, state, timeSeconds, values);
  state.lastSeconds = timeSeconds;
  return result;
}

function rawScore(model: EntityModel, values: ArrayLike<number>): number {
  let sum = 0;
  for (let channel = 0; channel < model.channels; channel++) {
    sum += Math.log1p(Math.abs(values[channel]! - model.centre[channel]!) / model.spread[channel]!);
  }
  return scoreForest(model.forest, values) + sum / model.channels;
}

function explain(model: EntityModel, values: ArrayLike<number>): Contribution[] {
  const distances = model.features.map((feature, channel) => ({
    feature,
    share: Math.log1p(Math.abs(values[channel]! - model.centre[channel]!) / model.spread[channel]!),
  }));
  const sum = distances.reduce((total, { share }) => total + share, 0);
  if (!(sum > 0)) return [];
  return distances
    .sort((left, right) => right.share - left.share)
    .slice(0, 3)
    .map(({ feature, share }) => ({ feature, share: share / sum }));
}

function spreadOf(values: Float64Array, centre: number): number {
  const robust = 1.4826 * medianAbsoluteDeviation(values);
  const spread = robust > 0 ? robust : standardDeviation(values);
  return Math.max(spread, 1e-6, 0.01 * Math.abs(centre));
}

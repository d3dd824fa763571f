// The model of one entity, all its metrics together: fit, open, score, advance. Which rows of channels are unlike any before?
import { blendCalibrations, CALIBRATION_MEMORY, type Calibration, calibrate, copyCalibration } from './calibration.ts';
import { FUSED_MEAN_ROWS, learnEntity, smooth } from './entity-fit.ts';
import { type ChannelScales, scaledValue } from './entity-rows.ts';
import { ENTITY_VOTERS, type EntityVoters, readEntityVotes } from './entity-voters.ts';
import { fuse, hold, type Units } from './fusion.ts';
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
  scales: ChannelScales;
  voters: EntityVoters;
  units: Units;
  /** By voter. */
  weights: Float64Array;
  /** Half-life of a score after an incident. */
  holdRows: number;
  calibration: Calibration;
}

/** What an entity remembers between rows: bounded, plain data. */
export interface EntityState {
  lastSeconds: number;
  /** Rows that were not newer than the one before. */
  dropped: number;
  /** The last rows, scaled, row-major, `rows` of them. */
  recent: Float32Array;
  rows: number;
  /** Fused scores of the last rows, newest first, `known` of them. */
  fused: Float64Array;
  known: number;
  held: number;
  /** The model's, blended with those of its predecessors. */
  calibration: Calibration;
  missing: number;
  /** Scores of the last rows were calm: only then is the next strange one a new event. */
  calmRows: number;
}

/** Rows that the longest look back needs: ten for a change and five for the mean over changes. */
const RECENT_ROWS = 16;
const WARM_ROWS = 64;
const BRIDGED_ROWS_MAX = 3;
/** One row in a thousand is an event, and again only after an hour below one in a hundred. */
const ALERT_RARITY = 3;
const CALM_SCORE = 99;
const CALM_ROWS_MIN = 60;
const REPEATED_SHARE = 0.05;

/**
 * Learns an entity from at most its last 10,080 rows; a row in which a channel is missing does not teach. A channel that
 * never had a value is carried as constant. Null below `ENTITY_ROWS_MIN` usable rows. 0.2 to 1 s: call it in a worker.
 */
export function fitEntity(history: EntityHistory, options: FitOptions): EntityModel | null {
  const { startSeconds, stepSeconds } = history;
  const channels = history.channels.map((values) => {
    const training = trainingRows({ startSeconds, stepSeconds, values }, options.leaveOut ?? []);
    return values.some(Number.isFinite) ? training.values : training.values.fill(0);
  });
  const rows = blankPartialRows(channels);
  if (rows < ENTITY_ROWS_MIN) return null;
  const normalisation = options.normalisation ?? 'percentile';
  return {
    kind: 'entity',
    version: MODEL_VERSION,
    seed: options.seed,
    trainedAtSeconds: options.trainedAtSeconds,
    rows,
    stepSeconds,
    features: [...(options.features ?? channels.map((_, channel) => `channel_${channel}`))],
    normalisation,
    channels: channels.length,
    ...learnEntity(channels, stepSeconds, options.seed, normalisation),
  };
}

/** A state that has seen `recent`, the rows before the first one to be scored; none is fine. `previous` hands on its alerts. */
export function openEntity(model: EntityModel, recent: EntityHistory, previous?: EntityState): EntityState {
  const state: EntityState = {
    lastSeconds: Number.NEGATIVE_INFINITY,
    dropped: previous?.dropped ?? 0,
    recent: new Float32Array(RECENT_ROWS * model.channels),
    rows: 0,
    fused: new Float64Array(FUSED_MEAN_ROWS),
    known: 0,
    held: 0,
    calibration: copyCalibration(model.calibration),
    missing: 0,
    calmRows: CALM_ROWS_MIN,
  };
  const rows = recent.channels[0]?.length ?? 0;
  const values = new Float64Array(model.channels);
  for (let row = Math.max(0, rows - WARM_ROWS); row < rows; row++) {
    for (let channel = 0; channel < model.channels; channel++) values[channel] = recent.channels[channel]![row]!;
    advanceEntity(model, state, recent.startSeconds + row * recent.stepSeconds, values);
  }
  if (previous !== undefined) {
    state.held = previous.held;
    state.calibration = blendCalibrations(previous.calibration, model.calibration, CALIBRATION_MEMORY);
    state.calmRows = previous.calmRows;
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
  if (!(timeSeconds > state.lastSeconds) || !enough(model, values)) return unknownScore();
  return look(model, state, values, false);
}

/**
 * Scores the row and takes it in. A row that is not newer than the last is dropped and counted. With more than half of
 * the channels missing the row is a gap; a single missing one counts as its mean, and so as nothing.
 */
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
  const apart = (timeSeconds - state.lastSeconds) / model.stepSeconds;
  if (Number.isFinite(apart)) pass(model, state, Math.max(0, Math.round(apart) - 1));
  state.lastSeconds = timeSeconds;
  if (!enough(model, values)) {
    pass(model, state, 1);
    return unknownScore();
  }
  return look(model, state, values, true);
}

/** Rows without data: a few are bridged by the rows before; after more of them the windows start anew. */
function pass(model: EntityModel, state: EntityState, rows: number): void {
  if (rows === 0) return;
  state.missing += rows;
  state.held *= 0.5 ** (rows / model.holdRows);
  if (state.missing <= BRIDGED_ROWS_MAX) return;
  state.rows = 0;
  state.known = 0;
}

function look(model: EntityModel, state: EntityState, given: ArrayLike<number>, commit: boolean): RowScore {
  const { scales, units, weights } = model;
  const width = model.channels;
  const values = Float64Array.from({ length: width }, (_, c) =>
    Number.isFinite(given[c]) ? given[c]! : scales.mean[c]!,
  );
  const shift = state.rows === RECENT_ROWS ? 1 : 0;
  const rows = shift === 1 ? state.recent.slice(width) : state.recent.slice(0, state.rows * width);
  const view = new Float32Array(rows.length + width);
  view.set(rows);
  for (let c = 0; c < width; c++) view[rows.length + c] = scaledValue(scales, c, values[c]!);
  const end = view.length / width;
  const votes = new Float64Array(ENTITY_VOTERS.length);
  const parts = ENTITY_VOTERS.map(() => new Float64Array(width));
  readEntityVotes(model.voters, scales, { rows: view, end, values }, votes, parts);
  const fused = fuse(units, weights, votes);
  const last = [fused, ...state.fused.subarray(0, Math.min(state.known, FUSED_MEAN_ROWS - 1))];
  const held = hold(state.held, smooth(last, last.length), model.holdRows);
  const score = calibrate(state.calibration, held);
  const alert = grade(score) * (state.calmRows >= CALM_ROWS_MIN ? 1 : REPEATED_SHARE);
  if (commit) {
    state.recent.set(view);
    state.rows = end;
    state.fused.set(last);
    state.known = last.length;
    state.held = held;
    state.missing = 0;
    state.calmRows = alert >= 1 ? 0 : score < CALM_SCORE ? state.calmRows + 1 : state.calmRows;
  }
  return {
    score,
    alert: Number.isNaN(alert) ? 0 : alert,
    expectedLow: Number.NaN,
    expectedHigh: Number.NaN,
    contributions: explain(model, votes, parts),
  };
}

/** Rarity of the score in powers of ten, over that of an event. */
function grade(score: number): number {
  return -Math.log10(Math.max(1e-15, 1 - score / 100)) / ALERT_RARITY;
}

/** Each channel's share: its part of every voter that splits by channel, weighed by that voter's unit. */
function explain(model: EntityModel, units: Float64Array, parts: readonly Float64Array[]): Contribution[] {
  const shares = new Float64Array(model.channels);
  let total = 0;
  parts.forEach((part, voter) => {
    const sum = part.reduce((left, right) => left + Math.max(0, right), 0);
    if (!(sum > 0) || !(units[voter]! > 0)) return;
    total += units[voter]!;
    part.forEach((value, channel) => {
      shares[channel]! += (units[voter]! * Math.max(0, value)) / sum;
    });
  });
  if (total === 0) return [];
  return model.features
    .map((feature, channel) => ({ feature, share: shares[channel]! / total }))
    .filter(({ share }) => share > 0)
    .sort((left, right) => right.share - left.share)
    .slice(0, 3);
}

function enough(model: EntityModel, values: ArrayLike<number>): boolean {
  let known = 0;
  for (let channel = 0; channel < model.channels; channel++) if (Number.isFinite(values[channel])) known++;
  return 2 * known > model.channels;
}

/** A row with a hole is blanked in every channel; returns how many are left. */
function blankPartialRows(channels: readonly Float64Array[]): number {
  let whole = 0;
  for (let row = 0; row < (channels[0]?.length ?? 0); row++) {
    if (channels.every((values) => !Number.isNaN(values[row]!))) whole++;
    else for (const values of channels) values[row] = Number.NaN;
  }
  return whole;
}

// The model of one series: fit, open, score, advance. Votes are read elsewhere; here they become one calibrated score.
import { createRing, pop, push, type Ring } from '../../core/lib/ring.ts';
import { type AlertState, copyAlerts, gradeRow, openAlerts } from './alert-stream.ts';
import { blendCalibrations, CALIBRATION_MEMORY, type Calibration, calibrate, copyCalibration } from './calibration.ts';
import { fuse, hold, type Units } from './fusion.ts';
import {
  type Contribution,
  type FitOptions,
  HISTORY_ROWS_MAX,
  type History,
  MODEL_VERSION,
  type ModelHeader,
  type RowScore,
  unknownScore,
} from './model.ts';
import type { Scale } from './scale.ts';
import { drift, recentMedian, type Season, slotOf } from './season.ts';
import { learnSeries } from './series-fit.ts';
import { BRIDGED_ROWS_MAX } from './series-rows.ts';
import {
  FORECAST_AT,
  meanError,
  NEAREST_AT,
  readVotes,
  SERIES_VOTERS,
  type SeriesVoters,
  SHAPE_AT,
} from './series-voters.ts';
import { trainingRows } from './training.ts';

/** Fewer usable rows than this and there is no model: the series stays in statistical mode. */
export const SERIES_ROWS_MIN = 128;

export interface SeriesModel extends ModelHeader {
  kind: 'series';
  scale: Scale;
  season: Season;
  voters: SeriesVoters;
  units: Units;
  /** By voter. */
  weights: Float64Array;
  /** Half-life of a score after an incident. */
  holdRows: number;
  /** Residuals, in spreads, that training stayed between but for one row in two hundred on either side. */
  band: [number, number];
  calibration: Calibration;
}

/** What a series remembers between rows: bounded, about 15 KB, plain data, made anew from trailing rows after a restart. */
export interface SeriesState {
  lastSeconds: number;
  /** Rows that were not newer than the one before. */
  dropped: number;
  /** The last rows in spreads, and the same without the season. */
  level: Ring;
  residual: Ring;
  drift: number;
  /** Forecast errors of the last two rows. */
  errors: [number, number];
  held: number;
  /** The model's, blended with those of its predecessors. */
  calibration: Calibration;
  /** Rows missing up to now, and rows seen since they last were too many. */
  missing: number;
  whole: number;
  alerts: AlertState;
}

/** The longest window is 96 rows; a state opened from this many looks as if it had always been open. */
const WARM_ROWS = 192;
/** After a long gap nothing is an event until this many rows have come. */
const WHOLE_ROWS_MIN = 32;

/**
 * Learns a series from at most the last 7 days of minutes (10,080 rows). Null below `SERIES_ROWS_MIN` usable rows.
 * About 0.2 s for 10,080 rows: call it in a worker.
 */
export function fitSeries(history: History, options: FitOptions): SeriesModel | null {
  const training = trainingRows(history, options.leaveOut ?? []);
  if (training.count < SERIES_ROWS_MIN) return null;
  const normalisation = options.normalisation ?? 'percentile';
  return {
    kind: 'series',
    version: MODEL_VERSION,
    seed: options.seed,
    trainedAtSeconds: options.trainedAtSeconds,
    rows: training.count,
    stepSeconds: training.stepSeconds,
    features: [...(options.features ?? ['value'])],
    normalisation,
    ...learnSeries(training, options.seed, normalisation),
  };
}

/**
 * A state that has seen `recent`, the rows before the first one to be scored (at most the last 10,080 are used; none is
 * fine: longer windows then join as rows arrive). `previous`, the state under the model's predecessor, hands on its
 * alerts, so that an incident is not announced twice; then the last 192 rows are enough.
 */
export function openSeries(model: SeriesModel, recent: History, previous?: SeriesState): SeriesState {
  const state: SeriesState = {
    lastSeconds: Number.NEGATIVE_INFINITY,
    dropped: previous?.dropped ?? 0,
    level: createRing(WARM_ROWS),
    residual: createRing(WARM_ROWS),
    drift: Number.NaN,
    errors: [Number.NaN, Number.NaN],
    held: 0,
    calibration: copyCalibration(model.calibration),
    missing: 0,
    whole: 0,
    alerts: openAlerts(),
  };
  const { startSeconds, stepSeconds, values } = recent;
  const rows = previous === undefined ? HISTORY_ROWS_MAX : WARM_ROWS;
  for (let index = Math.max(0, values.length - rows); index < values.length; index++) {
    advanceSeries(model, state, startSeconds + index * stepSeconds, values[index]!);
  }
  if (previous !== undefined) {
    state.alerts = copyAlerts(previous.alerts);
    state.held = previous.held;
    state.calibration = blendCalibrations(previous.calibration, model.calibration, CALIBRATION_MEMORY);
  }
  return state;
}

/** Scores the row that starts at `timeSeconds` as if it ended now; the state is left as it was. NaN gives unknown. */
export function scoreSeries(model: SeriesModel, state: SeriesState, timeSeconds: number, value: number): RowScore {
  if (!(timeSeconds > state.lastSeconds) || !Number.isFinite(value)) return unknownScore();
  return look(model, state, timeSeconds, value, false);
}

/** Scores the row and takes it in. A row that is not newer than the last is dropped and counted; NaN is a gap. */
export function advanceSeries(model: SeriesModel, state: SeriesState, timeSeconds: number, value: number): RowScore {
  if (!(timeSeconds > state.lastSeconds)) {
    state.dropped++;
    return unknownScore();
  }
  const apart = (timeSeconds - state.lastSeconds) / model.stepSeconds;
  if (Number.isFinite(apart)) pass(model, state, timeSeconds, Math.max(0, Math.round(apart) - 1));
  state.lastSeconds = timeSeconds;
  if (!Number.isFinite(value)) {
    pass(model, state, timeSeconds, 1);
    return unknownScore();
  }
  return look(model, state, timeSeconds, value, true);
}

/** Rows without data: a few are bridged with the last value; after more of them the windows start anew. */
function pass(model: SeriesModel, state: SeriesState, timeSeconds: number, rows: number): void {
  if (rows === 0) return;
  state.missing += rows;
  state.held *= 0.5 ** (rows / model.holdRows);
  if (state.missing > BRIDGED_ROWS_MAX) {
    state.level = createRing(WARM_ROWS);
    state.residual = createRing(WARM_ROWS);
    state.drift = Number.NaN;
    state.errors = [Number.NaN, Number.NaN];
    state.whole = 0;
    return;
  }
  if (state.level.end === 0) return;
  for (let row = 0; row < rows; row++) {
    const level = state.level.buffer[state.level.end - 1]!;
    const usual = usualLevel(model, state, timeSeconds);
    push(state.level, level);
    push(state.residual, level - usual);
  }
}

const votes = new Float64Array(SERIES_VOTERS.length);

function look(model: SeriesModel, state: SeriesState, timeSeconds: number, value: number, commit: boolean): RowScore {
  const { scale, season, units, weights } = model;
  const level = (value - scale.centre) / scale.spread;
  const usual = usualLevel(model, state, timeSeconds);
  push(state.level, level);
  push(state.residual, level - usual);
  const slot = season.slots > 0 ? slotOf(timeSeconds, model.stepSeconds, season.slots) : 0;
  readVotes(model.voters, viewOf(model, state, slot, timeSeconds), votes);
  const error = votes[FORECAST_AT]!;
  votes[FORECAST_AT] = meanError(error, state.errors[0], state.errors[1]);
  const row = { value, spread: scale.spread, shape: votes[SHAPE_AT]!, nearest: votes[NEAREST_AT]! };
  const alert = gradeRow(state.alerts, row, commit);
  const fused = fuse(units, weights, votes);
  const held = hold(state.held, fused, model.holdRows);
  const quiet = state.whole < WHOLE_ROWS_MIN;
  if (commit) {
    state.errors = [error, state.errors[0]];
    state.held = held;
    state.missing = 0;
    state.whole++;
    if (season.slots > 0 && !Number.isNaN(season.profile[slot]!)) {
      state.drift = drift(state.drift, level - season.profile[slot]!);
    }
  } else {
    pop(state.level);
    pop(state.residual);
  }
  const expected = Number.isNaN(usual) ? 0 : usual;
  return {
    score: calibrate(state.calibration, held),
    alert: quiet ? 0 : alert,
    expectedLow: scale.centre + scale.spread * (expected + model.band[0]),
    expectedHigh: scale.centre + scale.spread * (expected + model.band[1]),
    contributions: explain(weights),
  };
}

/** What the residual of the coming row is measured from; NaN while nothing is known. */
function usualLevel({ season, stepSeconds }: SeriesModel, state: SeriesState, timeSeconds: number): number {
  if (season.kind === 'recent') return recentMedian(state.level.buffer, state.level.end);
  const seasonal = season.profile[slotOf(timeSeconds, stepSeconds, season.slots)]!;
  return season.kind === 'season' || Number.isNaN(state.drift) ? seasonal : seasonal + state.drift;
}

function viewOf({ season }: SeriesModel, state: SeriesState, slot: number, timeSeconds: number) {
  return {
    level: state.level.buffer,
    levelEnd: state.level.end,
    residual: state.residual.buffer,
    residualEnd: state.residual.end,
    season: season.slots > 0 ? season.profile : null,
    seasonAt: slot,
    timeSeconds,
  };
}

/** The voters that weighed most; `votes` holds the units of the row just read. */
function explain(weights: Float64Array): Contribution[] {
  const weighed = SERIES_VOTERS.map((feature, voter) => ({ feature, share: (votes[voter]! || 0) * weights[voter]! }));
  const total = weighed.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0)) return [];
  return weighed
    .filter(({ share }) => share > 0)
    .sort((left, right) => right.share - left.share)
    .slice(0, 3)
    .map(({ feature, share }) => ({ feature, share: share / total }));
}

// Streams a recorded series through the models exactly as production does: fit on the past, score row by row, refit every six hours.
import { alertStretches, observeAlert, openLatch } from '../alert-latch.ts';
import { advanceEntity, type EntityModel, type EntityState, fitEntity, openEntity } from '../models/entity-model.ts';
import { type FitOptions, HISTORY_ROWS_MAX, type Interval, type RowScore } from '../models/model.ts';
import { entityRefitDue } from '../models/refit.ts';
import { advanceSeries, fitSeries, openSeries, type SeriesModel, type SeriesState } from '../models/series-model.ts';
import { advanceStatistical, openStatistical } from '../models/statistical.ts';

/** A recorded series: one channel, or all metrics of an entity. Its rows follow each other at `stepSeconds`. */
export interface Recording {
  startSeconds: number;
  stepSeconds: number;
  channels: Float64Array[];
  /** Rows that the first model may be fitted on. */
  trainingRows: number;
}

export interface ReplayOptions {
  seed: number;
  refitSeconds: number;
}

/** By row; NaN before `trainingRows`. */
export interface ReplayResult {
  score: Float64Array;
  alert: Float64Array;
}

/** One model and its state, whatever it looks at. */
interface Judge {
  advance(timeSeconds: number, row: number): RowScore;
}

const REFIT_ROWS_MIN = 12;

/** Causal: the result of a row depends on that row and earlier ones only. Without enough rows for a model the fallback speaks. */
export function replay(recording: Recording, options: ReplayOptions): ReplayResult {
  const { startSeconds, stepSeconds, trainingRows } = recording;
  const rows = recording.channels[0]?.length ?? 0;
  const score = new Float64Array(rows).fill(Number.NaN);
  const alert = new Float64Array(rows).fill(Number.NaN);
  const latch = openLatch();
  const refitRows = Math.max(REFIT_ROWS_MIN, Math.round(options.refitSeconds / stepSeconds));
  const fallback = fallbackJudge(recording, trainingRows);
  let judge: Judge = fallback;
  let last = 0;
  const next = recording.channels.length === 1 ? seriesJudges(recording) : entityJudges(recording);
  for (let row = trainingRows; row < rows; row++) {
    const timeSeconds = startSeconds + row * stepSeconds;
    if ((row - trainingRows) % refitRows === 0) {
      const leaveOut = alertStretches(latch, timeSeconds);
      judge = next(row, { seed: options.seed, trainedAtSeconds: timeSeconds, leaveOut }) ?? judge;
    }
    const result = judge.advance(timeSeconds, row);
    if (!Number.isNaN(result.score)) last = result.score;
    score[row] = last;
    alert[row] = result.alert;
    observeAlert(latch, timeSeconds, last, result.alert);
  }
  return { score, alert };
}

type NextJudge = (row: number, options: FitOptions & { leaveOut: Interval[] }) => Judge | null;

function seriesJudges({ startSeconds, stepSeconds, channels }: Recording): NextJudge {
  const values = channels[0]!;
  let state: SeriesState | undefined;
  return (row, options) => {
    const first = Math.max(0, row - HISTORY_ROWS_MAX);
    const history = {
      startSeconds: startSeconds + first * stepSeconds,
      stepSeconds,
      values: values.subarray(first, row),
    };
    const model: SeriesModel | null = fitSeries(history, options);
    if (model === null) return null;
    const opened = openSeries(model, history, state);
    state = opened;
    return { advance: (timeSeconds, at) => advanceSeries(model, opened, timeSeconds, values[at]!) };
  };
}

function entityJudges({ startSeconds, stepSeconds, channels }: Recording): NextJudge {
  let state: EntityState | undefined;
  let kept: EntityModel | null = null;
  const values = new Float64Array(channels.length);
  return (row, options) => {
    const first = Math.max(0, row - HISTORY_ROWS_MAX);
    if (kept !== null && !entityRefitDue(kept, row - first, options.trainedAtSeconds)) return null;
    const past = channels.map((channel) => channel.subarray(first, row));
    const history = { startSeconds: startSeconds + first * stepSeconds, stepSeconds, channels: past };
    const model: EntityModel | null = fitEntity(history, options);
    if (model === null) return null;
    kept = model;
    const opened = openEntity(model, history, state);
    state = opened;
    return {
      advance: (timeSeconds, at) => {
        channels.forEach((channel, index) => {
          values[index] = channel[at]!;
        });
        return advanceEntity(model, opened, timeSeconds, values);
      },
    };
  };
}

/** The statistical fallback on the first channel, warmed with the training rows. */
function fallbackJudge({ startSeconds, stepSeconds, channels }: Recording, trainingRows: number): Judge {
  const state = openStatistical();
  const values = channels[0] ?? new Float64Array(0);
  for (let row = 0; row < trainingRows; row++)
    advanceStatistical(state, startSeconds + row * stepSeconds, values[row]!);
  return { advance: (timeSeconds, row) => advanceStatistical(state, timeSeconds, values[row]!) };
}

// Whether a retrained model may take its predecessor's place: both judge the same rows that neither was fitted on.
import { median } from '../../core/lib/stats.ts';
import { advanceEntity, type EntityModel, fitEntity, openEntity } from './entity-model.ts';
import type { EntityHistory, FitOptions, History, ModelHeader } from './model.ts';
import { advanceSeries, fitSeries, openSeries, type SeriesModel } from './series-model.ts';

/** Share of the history, its newest rows, that is held back. */
const HELD_BACK_SHARE = 0.1;
const HELD_BACK_ROWS_MIN = 32;
/** A successor may look this many points of median score stranger before it is refused: chance alone moves a median of scores. */
const TOLERANCE = 10;

export interface Promotion {
  promote: boolean;
  reason: string;
  /** Median score each model gives the held-back rows; ordinary is 50, NaN when it could not be measured. */
  candidateScore: number;
  predecessorScore: number;
}

/**
 * Fits on the older rows and lets the result and the predecessor judge the newest tenth, or as much of it as came after
 * the predecessor's training, so that neither has seen it: the one to which the latest ordinary rows look stranger knows
 * the series worse. The caller then fits on all rows when `promote` is true.
 */
export function judgeSeries(history: History, options: FitOptions, predecessor: SeriesModel | null): Promotion {
  if (predecessor === null) return first();
  const cut = cutAt(history, history.values.length, predecessor);
  const older = { ...history, values: history.values.subarray(0, cut) };
  const candidate = cut > 0 ? fitSeries(older, options) : null;
  if (candidate === null) return tooShort();
  return compare(medianSeries(candidate, history, cut), medianSeries(predecessor, history, cut));
}

/** The same for an entity. A predecessor with other channels is no predecessor. */
export function judgeEntity(history: EntityHistory, options: FitOptions, predecessor: EntityModel | null): Promotion {
  if (predecessor === null || predecessor.channels !== history.channels.length) return first();
  const cut = cutAt(history, history.channels[0]?.length ?? 0, predecessor);
  const older = { ...history, channels: history.channels.map((values) => values.subarray(0, cut)) };
  const candidate = cut > 0 ? fitEntity(older, options) : null;
  if (candidate === null) return tooShort();
  return compare(medianEntity(candidate, history, cut), medianEntity(predecessor, history, cut));
}

/** The rule itself, apart from the models: unknown never promotes. */
export function compare(candidateScore: number, predecessorScore: number): Promotion {
  const scores = { candidateScore, predecessorScore };
  if (Number.isNaN(candidateScore)) return { promote: false, reason: 'the held-back rows have no data', ...scores };
  if (Number.isNaN(predecessorScore)) return { promote: true, reason: 'the predecessor has nothing to say', ...scores };
  const promote = candidateScore <= Math.max(50, predecessorScore) + TOLERANCE;
  return {
    promote,
    reason: promote ? 'judges the held-back rows no worse' : 'judges the held-back rows worse',
    ...scores,
  };
}

/** The first row to be judged; 0 when there are too few. A predecessor from the future, after a clock was set back, has seen nothing. */
function cutAt(
  { startSeconds, stepSeconds }: Pick<History, 'startSeconds' | 'stepSeconds'>,
  rows: number,
  { trainedAtSeconds }: Pick<ModelHeader, 'trainedAtSeconds'>,
): number {
  const seen = Math.ceil((trainedAtSeconds - startSeconds) / stepSeconds);
  const tenth = rows - Math.max(HELD_BACK_ROWS_MIN, Math.round(rows * HELD_BACK_SHARE));
  const cut = seen > rows ? tenth : Math.max(seen, tenth);
  return cut <= rows - HELD_BACK_ROWS_MIN ? Math.max(0, cut) : 0;
}

function medianSeries(model: SeriesModel, history: History, cut: number): number {
  const { startSeconds, stepSeconds, values } = history;
  const state = openSeries(model, { startSeconds, stepSeconds, values: values.subarray(0, cut) });
  const scores = Array.from(
    values.subarray(cut),
    (value, index) => advanceSeries(model, state, startSeconds + (cut + index) * stepSeconds, value).score,
  );
  return median(scores);
}

function medianEntity(model: EntityModel, history: EntityHistory, cut: number): number {
  const { startSeconds, stepSeconds, channels } = history;
  const rows = channels[0]?.length ?? 0;
  const before = channels.map((values) => values.subarray(0, cut));
  const state = openEntity(model, { startSeconds, stepSeconds, channels: before });
  const scores: number[] = [];
  for (let row = cut; row < rows; row++) {
    const values = channels.map((channel) => channel[row]!);
    scores.push(advanceEntity(model, state, startSeconds + row * stepSeconds, values).score);
  }
  return median(scores);
}

function first(): Promotion {
  return { promote: true, reason: 'the first model', candidateScore: Number.NaN, predecessorScore: Number.NaN };
}

function tooShort(): Promotion {
  return {
    promote: false,
    reason: 'too few rows that neither model has seen',
    candidateScore: Number.NaN,
    predecessorScore: Number.NaN,
  };
}

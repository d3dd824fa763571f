// One entity and its series between ticks: the open row, the models in use, and what the last tick said about each series.
import { type AlertLatch, observeAlert, openLatch } from './alert-latch.ts';
import { allMetrics, type Entity } from './detector.ts';
import { advanceEntity, type EntityModel, type EntityState, scoreEntity } from './models/entity-model.ts';
import { type RowScore, unknownScore } from './models/model.ts';
import { advanceSeries, type SeriesModel, type SeriesState, scoreSeries } from './models/series-model.ts';
import {
  advanceStatistical,
  openStatistical,
  STATISTICAL_SAMPLES_MIN,
  type StatisticalState,
} from './models/statistical.ts';

export type Mode = 'model' | 'statistical' | 'unknown';

export interface Learnt<Model, State> {
  model: Model;
  state: State;
}

/** What one series is at the moment. */
export interface SeriesTrack {
  metric: string;
  /** Samples seen since it appeared, those read back from history included. */
  samples: number;
  mode: Mode;
  /** Why the mode is unknown; undefined when it is not. */
  reason: string | undefined;
  value: number;
  score: RowScore;
  lastSampleSeconds: number | undefined;
  lastEvaluationSeconds: number | undefined;
  durationSeconds: number;
  latch: AlertLatch;
  learnt: Learnt<SeriesModel, SeriesState> | undefined;
  statistical: StatisticalState | undefined;
}

/** A row that is over; `values` in the order of the detector's metrics, NaN where there was none. */
export interface ClosedRow {
  startSeconds: number;
  values: Float64Array;
}

export interface EntityTrack {
  entity: Entity;
  seenAtSeconds: number;
  lastTickSeconds: number;
  /** Ticks that were not newer than the one before. */
  droppedTicks: number;
  open: ClosedRow | undefined;
  /** The last closed rows, oldest first: a model that was opened in the meantime catches up on them. */
  recent: ClosedRow[];
  /** By position of the metric; undefined until it first had a value. */
  series: (SeriesTrack | undefined)[];
  all: SeriesTrack;
  allLearnt: Learnt<EntityModel, EntityState> | undefined;
  backfillTries: number;
  backfilled: boolean;
}

const recentRowsMax = 64;

export function openTrack(entity: Entity, metrics: number, nowSeconds: number): EntityTrack {
  return {
    entity,
    seenAtSeconds: nowSeconds,
    lastTickSeconds: Number.NEGATIVE_INFINITY,
    droppedTicks: 0,
    open: undefined,
    recent: [],
    series: new Array<undefined>(metrics).fill(undefined),
    all: openSeriesTrack(allMetrics),
    allLearnt: undefined,
    backfillTries: 0,
    backfilled: false,
  };
}

export function openSeriesTrack(metric: string): SeriesTrack {
  return {
    metric,
    samples: 0,
    mode: 'unknown',
    reason: 'no sample yet',
    value: Number.NaN,
    score: unknownScore(),
    lastSampleSeconds: undefined,
    lastEvaluationSeconds: undefined,
    durationSeconds: Number.NaN,
    latch: openLatch(),
    learnt: undefined,
    statistical: undefined,
  };
}

/** Start of the row that an evaluation at this time belongs to; a row ends at its end, included. */
export function rowStart(timeSeconds: number, rowSeconds: number): number {
  return Math.ceil(timeSeconds / rowSeconds) * rowSeconds - rowSeconds;
}

/**
 * Takes in one tick of one entity: `values` in the order of the detector's metrics, NaN for unknown.
 * Each value is the mean over the row's length that ends at `timeSeconds`, so that a provisional row has the spread of a
 * whole one. At the end of a row the models advance; in between they only look. A tick that is not newer is dropped.
 */
export function observeTick(track: EntityTrack, timeSeconds: number, rowSeconds: number, values: Float64Array): void {
  if (timeSeconds <= track.lastTickSeconds) {
    track.droppedTicks++;
    return;
  }
  track.lastTickSeconds = timeSeconds;
  const startSeconds = rowStart(timeSeconds, rowSeconds);
  if (track.open !== undefined && track.open.startSeconds < startSeconds) closeEarly(track);
  track.open = mergeRow(track.open, startSeconds, values);
  const whole = timeSeconds === startSeconds + rowSeconds;
  const row = track.open;
  for (const [index, series] of track.series.entries()) {
    if (series === undefined) continue;
    const { learnt } = series;
    const closing =
      whole && learnt ? advanceSeries(learnt.model, learnt.state, startSeconds, row.values[index]!) : undefined;
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      lose(series, 'no sample');
      continue;
    }
    const score = learnt
      ? (closing ?? scoreSeries(learnt.model, learnt.state, startSeconds, value))
      : advanceStatistical(statisticalOf(series), timeSeconds, value);
    settle(series, timeSeconds, value, score, learnt ? 'model' : 'statistical', whole || !learnt);
  }
  observeAll(track, timeSeconds, startSeconds, whole, values);
  if (whole) keepRow(track, row);
}

/** Everything unknown: Prometheus gave no usable answer. Models and alerts keep their state. */
export function loseAll(track: EntityTrack, reason: string): void {
  for (const series of track.series) if (series !== undefined) lose(series, reason);
  lose(track.all, reason);
}

/** The values of a row in the order that an entity's model was trained on; a metric it does not know is left out. */
export function channelsOf(model: EntityModel, metrics: readonly string[], values: ArrayLike<number>): Float64Array {
  return Float64Array.from(model.features, (feature) => {
    const index = metrics.indexOf(feature);
    return index < 0 ? Number.NaN : values[index]!;
  });
}

function observeAll(
  track: EntityTrack,
  timeSeconds: number,
  startSeconds: number,
  whole: boolean,
  values: Float64Array,
): void {
  const { all, allLearnt } = track;
  if (!track.series.some((series, index) => series !== undefined && Number.isFinite(values[index]!))) {
    if (whole && allLearnt) advanceAll(track, allLearnt, startSeconds);
    return lose(all, 'no sample');
  }
  if (allLearnt === undefined) return settle(all, timeSeconds, Number.NaN, rarest(track), 'statistical', true);
  const closing = whole ? advanceAll(track, allLearnt, startSeconds) : undefined;
  const names = track.series.map((series) => series?.metric ?? '');
  const score =
    closing ?? scoreEntity(allLearnt.model, allLearnt.state, startSeconds, channelsOf(allLearnt.model, names, values));
  settle(all, timeSeconds, Number.NaN, score, 'model', whole);
}

function advanceAll(track: EntityTrack, learnt: Learnt<EntityModel, EntityState>, startSeconds: number): RowScore {
  const names = track.series.map((series) => series?.metric ?? '');
  return advanceEntity(learnt.model, learnt.state, startSeconds, channelsOf(learnt.model, names, track.open!.values));
}

/**
 * Without a model of the whole: the highest score of k series, corrected for its being the highest of k
 * (Šidák 1967: P(max ≤ s) = P(s)^k for independent series; dependent ones read lower, so it errs to quiet).
 */
function rarest(track: EntityTrack): RowScore {
  const known = track.series.filter((series) => series !== undefined && series.mode !== 'unknown');
  const highest = known.reduce((top, series) => Math.max(top, series!.score.score), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(highest)) return unknownScore();
  const top = known.find((series) => series!.score.score === highest)!;
  return {
    ...unknownScore(),
    score: 100 * (highest / 100) ** known.length,
    contributions: [{ feature: top.metric, share: 1 }],
  };
}

function settle(
  series: SeriesTrack,
  timeSeconds: number,
  value: number,
  score: RowScore,
  mode: Mode,
  mayRaise: boolean,
): void {
  series.samples++;
  series.value = value;
  series.lastSampleSeconds = timeSeconds;
  if (series.samples < STATISTICAL_SAMPLES_MIN) return lose(series, 'fewer than 20 samples so far', value);
  if (!Number.isFinite(score.score)) return lose(series, 'too many gaps to judge', value);
  series.mode = mode;
  series.reason = undefined;
  series.score = score;
  series.lastEvaluationSeconds = timeSeconds;
  observeAlert(series.latch, timeSeconds, score.score, mayRaise ? score.alert : 0);
}

function lose(series: SeriesTrack, reason: string, value = Number.NaN): void {
  series.mode = 'unknown';
  series.reason = reason;
  series.value = value;
  series.score = unknownScore();
}

function statisticalOf(series: SeriesTrack): StatisticalState {
  series.statistical ??= openStatistical();
  return series.statistical;
}

/** A row whose end no tick met: its latest provisional values stand for it. */
function closeEarly(track: EntityTrack): void {
  const row = track.open!;
  if (track.recent.at(-1)?.startSeconds === row.startSeconds) return;
  track.series.forEach((series, index) => {
    const learnt = series?.learnt;
    if (learnt) advanceSeries(learnt.model, learnt.state, row.startSeconds, row.values[index]!);
  });
  if (track.allLearnt) advanceAll(track, track.allLearnt, row.startSeconds);
  keepRow(track, row);
}

function keepRow(track: EntityTrack, row: ClosedRow): void {
  track.recent.push({ startSeconds: row.startSeconds, values: row.values.slice() });
  if (track.recent.length > recentRowsMax) track.recent.shift();
}

function mergeRow(open: ClosedRow | undefined, startSeconds: number, values: Float64Array): ClosedRow {
  if (open === undefined || open.startSeconds !== startSeconds) return { startSeconds, values: values.slice() };
  values.forEach((value, index) => {
    if (Number.isFinite(value)) open.values[index] = value;
  });
  return open;
}

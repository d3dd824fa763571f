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

interface Learnt<Model, State> {
  model: Model;
  state: State;
}

/** What one series is at the moment. */
export interface SeriesTrack {
  metric: string;
  /** Samples seen since it appeared, those read back from history included. */
  samples: number;
  /** Time that those samples speak for; a gap counts for one row at most. */
  observedSeconds: number;
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
interface ClosedRow {
  startSeconds: number;
  values: Float64Array;
}

export interface EntityTrack {
  entity: Entity;
  seenAtSeconds: number;
  lastTickSeconds: number;
  /** Ticks that were older than the one before. */
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
  /** Its states have seen the whole history, not only the last rows: a retraining carries them on. */
  seasoned: boolean;
}

const recentRowsMax = 64;
/** Without a model nothing raises an alert before: a few minutes of zeros say nothing about the first value that is none. */
const raisingSeconds = 3600;

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
    seasoned: false,
  };
}

export function openSeriesTrack(metric: string): SeriesTrack {
  return {
    metric,
    samples: 0,
    observedSeconds: 0,
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
 * whole one. At the end of a row the models advance; in between they only look. A tick that is older is dropped and counted; the
 * same one once more, as when a sleep ended a moment too early, says nothing new.
 */
export function observeTick(track: EntityTrack, timeSeconds: number, rowSeconds: number, values: Float64Array): void {
  if (timeSeconds === track.lastTickSeconds) return;
  if (timeSeconds < track.lastTickSeconds) {
    track.droppedTicks++;
    loseAll(track, 'the clock went backwards');
    return;
  }
  track.lastTickSeconds = timeSeconds;
  const startSeconds = rowStart(timeSeconds, rowSeconds);
  if (track.open !== undefined && track.open.startSeconds < startSeconds) closeEarly(track);
  track.open = mergeRow(track.open, startSeconds, values);
  const tick: Tick = { timeSeconds, rowSeconds, row: track.open, whole: timeSeconds === startSeconds + rowSeconds };
  for (const [index, series] of track.series.entries()) {
    if (series !== undefined) observeSeries(series, tick, index, values[index]!);
  }
  observeAll(track, tick, values);
  if (tick.whole) keepRow(track, tick.row);
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

interface Tick {
  timeSeconds: number;
  rowSeconds: number;
  row: ClosedRow;
  /** The row ends now. */
  whole: boolean;
}

function observeSeries(series: SeriesTrack, tick: Tick, index: number, value: number): void {
  const { learnt } = series;
  const { startSeconds, values } = tick.row;
  if (Number.isFinite(value)) noteTime(series, tick);
  const closing = tick.whole && learnt && advanceSeries(learnt.model, learnt.state, startSeconds, values[index]!);
  if (!Number.isFinite(value)) {
    lose(series, 'no sample');
  } else if (learnt) {
    const score = closing || scoreSeries(learnt.model, learnt.state, startSeconds, value);
    settle(series, tick.timeSeconds, value, score, 'model', tick.whole);
  } else {
    series.statistical ??= openStatistical();
    const score = advanceStatistical(series.statistical, tick.timeSeconds, value);
    settle(series, tick.timeSeconds, value, score, 'statistical', series.observedSeconds >= raisingSeconds);
  }
}

function noteTime(series: SeriesTrack, { timeSeconds, rowSeconds }: Tick): void {
  const sinceSeconds = timeSeconds - (series.lastSampleSeconds ?? timeSeconds);
  series.observedSeconds += Math.min(sinceSeconds, rowSeconds);
}

function observeAll(track: EntityTrack, tick: Tick, values: Float64Array): void {
  const { all, allLearnt } = track;
  const closing = tick.whole && allLearnt && advanceAll(track, allLearnt, tick.row.startSeconds);
  if (!track.series.some((series, index) => series !== undefined && Number.isFinite(values[index]!))) {
    lose(all, 'no sample');
  } else if (allLearnt) {
    const channels = channelsOf(allLearnt.model, namesOf(track), values);
    const score = closing || scoreEntity(allLearnt.model, allLearnt.state, tick.row.startSeconds, channels);
    settle(all, tick.timeSeconds, Number.NaN, score, 'model', tick.whole);
  } else {
    settle(all, tick.timeSeconds, Number.NaN, rarest(track), 'statistical', false);
  }
}

function advanceAll(track: EntityTrack, learnt: Learnt<EntityModel, EntityState>, startSeconds: number): RowScore {
  const values = channelsOf(learnt.model, namesOf(track), track.open!.values);
  return advanceEntity(learnt.model, learnt.state, startSeconds, values);
}

function namesOf(track: EntityTrack): string[] {
  return track.series.map((series) => series?.metric ?? '');
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
  series.lastSampleSeconds = timeSeconds;
  if (series.samples < STATISTICAL_SAMPLES_MIN) {
    lose(series, 'fewer than 20 samples so far', value);
  } else if (!Number.isFinite(score.score)) {
    lose(series, 'too many gaps to judge', value);
  } else {
    Object.assign(series, { mode, reason: undefined, value, score, lastEvaluationSeconds: timeSeconds });
    observeAlert(series.latch, timeSeconds, score.score, mayRaise ? score.alert : 0);
  }
}

function lose(series: SeriesTrack, reason: string, value = Number.NaN): void {
  series.mode = 'unknown';
  series.reason = reason;
  series.value = value;
  series.score = unknownScore();
}

/** A row whose end no tick met: its latest provisional values stand for it. */
function closeEarly(track: EntityTrack): void {
  const row = track.open!;
  if (track.recent.at(-1)?.startSeconds === row.startSeconds) return;
  for (const [index, series] of track.series.entries()) {
    const learnt = series?.learnt;
    if (learnt) advanceSeries(learnt.model, learnt.state, row.startSeconds, row.values[index]!);
  }
  if (track.allLearnt) advanceAll(track, track.allLearnt, row.startSeconds);
  keepRow(track, row);
}

function keepRow(track: EntityTrack, row: ClosedRow): void {
  track.recent.push({ startSeconds: row.startSeconds, values: row.values.slice() });
  if (track.recent.length > recentRowsMax) track.recent.shift();
}

function mergeRow(open: ClosedRow | undefined, startSeconds: number, values: Float64Array): ClosedRow {
  if (open === undefined || open.startSeconds !== startSeconds) return { startSeconds, values: values.slice() };
  for (const [index, value] of values.entries()) if (Number.isFinite(value)) open.values[index] = value;
  return open;
}

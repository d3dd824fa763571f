// Puts series on what history says of them: the models in use catch up on the last rows, the others on the last samples.
import { push } from '../core/lib/ring.ts';
import { advanceEntity, type EntityModel, type EntityState, openEntity } from './models/entity-model.ts';
import { advanceSeries, openSeries, type SeriesModel, type SeriesState } from './models/series-model.ts';
import { openStatistical } from './models/statistical.ts';
import { channelsOf, type EntityTrack, rowStart, type SeriesTrack } from './track.ts';
import { countFinite } from './training/splice.ts';

export interface Grid {
  startSeconds: number;
  stepSeconds: number;
  count: number;
}

/** Rows that a model is opened on at once; the long way back is read in the background. */
export const quickRows = 64;

/**
 * Opens one series on its last samples: `values` on the grid of ticks that ends before `timeSeconds`.
 * With a model, on its last rows; else the statistical voter sees every sample. Cost: 64 rows of a model, ≈ 5 ms.
 */
export function openOn(
  series: SeriesTrack,
  model: SeriesModel | undefined,
  values: Float64Array,
  grid: Grid,
  rows: { timeSeconds: number; rowSeconds: number },
): void {
  const samples = countFinite(values);
  if (samples === 0) return;
  series.samples = Math.max(series.samples, samples);
  series.observedSeconds = Math.max(series.observedSeconds, samples * grid.stepSeconds);
  for (let index = values.length - 1; index >= 0 && series.lastSampleSeconds === undefined; index--) {
    if (Number.isFinite(values[index]!)) series.lastSampleSeconds = grid.startSeconds + index * grid.stepSeconds;
  }
  if (model) {
    const startSeconds = rowStart(rows.timeSeconds, rows.rowSeconds) - quickRows * rows.rowSeconds;
    const recent = { startSeconds, stepSeconds: rows.rowSeconds, values: lastRows(values, grid, rows) };
    series.learnt = { model, state: openSeries(model, recent) };
    return;
  }
  series.statistical = openStatistical();
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    // put in, not scored: scoring sorts the whole ring, and nobody asks how strange the past was
    push(series.statistical.ring, value);
    series.statistical.lastSeconds = grid.startSeconds + index * grid.stepSeconds;
  }
}

/** Opens the entity's own model on the last rows of its metrics. */
export function openAllOn(
  track: EntityTrack,
  model: EntityModel,
  metrics: readonly string[],
  values: readonly (Float64Array | undefined)[],
  grid: Grid,
  rows: { timeSeconds: number; rowSeconds: number },
): void {
  const startSeconds = rowStart(rows.timeSeconds, rows.rowSeconds) - quickRows * rows.rowSeconds;
  const channels = model.features.map((feature) => {
    const ticks = values[metrics.indexOf(feature)];
    return ticks ? lastRows(ticks, grid, rows) : new Float64Array(quickRows).fill(Number.NaN);
  });
  track.allLearnt = { model, state: openEntity(model, { startSeconds, stepSeconds: rows.rowSeconds, channels }) };
}

/** Puts a series on a model and a state that were made meanwhile; rows that closed since are caught up on. */
export function installSeries(track: EntityTrack, index: number, model: SeriesModel, state: SeriesState): void {
  const series = track.series[index];
  if (series === undefined) return;
  for (const { startSeconds, values } of track.recent) {
    if (startSeconds > state.lastSeconds) advanceSeries(model, state, startSeconds, values[index]!);
  }
  series.learnt = { model, state };
  series.statistical = undefined;
}

/** The same for the model of all metrics together. */
export function installAll(
  track: EntityTrack,
  metrics: readonly string[],
  model: EntityModel,
  state: EntityState,
): void {
  for (const { startSeconds, values } of track.recent) {
    if (startSeconds > state.lastSeconds) advanceEntity(model, state, startSeconds, channelsOf(model, metrics, values));
  }
  track.allLearnt = { model, state };
}

/** The last closed rows: a row's value is the one at the tick that ends it. */
function lastRows(
  values: Float64Array,
  grid: Grid,
  { timeSeconds, rowSeconds }: { timeSeconds: number; rowSeconds: number },
): Float64Array {
  const first = rowStart(timeSeconds, rowSeconds) - (quickRows - 1) * rowSeconds;
  return Float64Array.from({ length: quickRows }, (_, row) => {
    const index = Math.round((first + row * rowSeconds - grid.startSeconds) / grid.stepSeconds);
    return values[index] ?? Number.NaN;
  });
}

// What goes to the training worker and what comes back: plain data and typed arrays, bounded by the caller.
import type { EntityState } from '../models/entity-model.ts';
import type { FitOptions, Interval } from '../models/model.ts';
import type { SeriesState } from '../models/series-model.ts';

/** One model key: an entity, or the replicas that share their models. */
export interface TrainingJob {
  startSeconds: number;
  stepSeconds: number;
  /** Names of the channels, in the order of every `channels` below. */
  metrics: readonly string[];
  replicas: readonly ReplicaHistory[];
  /** Encoded models in use, by metric (`_all` for the entity's). */
  predecessors: ReadonlyMap<string, Uint8Array>;
  /** False: the predecessors are only opened on the history, after a restart. */
  train: boolean;
  options: Pick<FitOptions, 'seed' | 'trainedAtSeconds'> & { normalisation: NonNullable<FitOptions['normalisation']> };
}

export interface ReplicaHistory {
  key: string;
  /** Rows by metric, NaN where there is no data. */
  channels: readonly Float64Array[];
  /** Stretches that are not learned from, by metric; under `_all` those of the whole entity. */
  leaveOut: ReadonlyMap<string, readonly Interval[]>;
  /** What the series remember, so that a new model keeps the alert's memory. */
  previous: ReadonlyMap<string, SeriesState | EntityState>;
}

export type Outcome = 'promoted' | 'kept' | 'opened' | 'too-few-rows' | 'failed';

export interface TrainedSeries {
  metric: string;
  outcome: Outcome;
  reason: string;
  /** Rows with data that the job had for it. */
  rows: number;
  /** Of a promoted model. */
  bytes: Uint8Array | undefined;
  /** By replica's key; none when there is no model. */
  states: Map<string, SeriesState | EntityState>;
}

export interface TrainingResult {
  series: TrainedSeries[];
}

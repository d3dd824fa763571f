// What the detectors' services need of the outside, as types; main hands in the real ones, tests their own.
import type { Random } from '../core/lib/random.ts';
import type { Clock } from '../core/runtime/clock.ts';
import type { Log } from '../core/runtime/log.ts';
import type { Prometheus } from '../core/runtime/prometheus.ts';
import type { DetectorName } from './detector.ts';
import type { TrainingJob, TrainingResult } from './training/job.ts';

export interface ModelPlace {
  detector: DetectorName;
  modelKey: string;
  /** `_all` for the entity's model. */
  metric: string;
}

interface LoadedModel<Model> {
  model: Model | undefined;
  /** Files that were there and could not be used. */
  refused: { file: string; reason: string }[];
}

export interface ModelStore {
  /** The saved model, else the one before it; `decode` throws on what is no model. */
  load<Model>(place: ModelPlace, decode: (bytes: Uint8Array) => Model): Promise<LoadedModel<Model>>;
  /** Whole or not at all, also when the machine stops in the middle; resolves when it has been read back. */
  save(place: ModelPlace, bytes: Uint8Array): Promise<void>;
}

export interface Trainer {
  /** One job at a time; rejects when it fails, is late or outgrows its memory. */
  run(job: TrainingJob): Promise<TrainingResult>;
  /** Ends the worker until the next job. */
  rest(): Promise<void>;
}

export interface Ports {
  prometheus: Prometheus;
  clock: Clock;
  random: Random;
  store: ModelStore;
  trainer: Trainer;
  log: Log;
}

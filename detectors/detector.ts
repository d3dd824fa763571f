// What a detector declares: which things it watches, by which labels they are known, and its series as PromQL.
import type { Labels } from '../core/contracts/sample.ts';

export type DetectorName = 'gpu' | 'container' | 'process' | 'disk';

/** One thing that is watched: a GPU, a container, a group of processes, a disk or a filesystem. */
export interface Entity {
  /** Unique within its detector; the same after a restart of the thing. */
  key: string;
  /** What its exported series carry beside `detector` and `metric`. */
  labels: Labels;
  /** Entities of one model key share their models: the replicas and revisions of a deployment. */
  modelKey: string;
}

/** Windows of the expressions, as PromQL durations. */
export interface Windows {
  /** A row: means are taken over it. */
  row: string;
  /** A row and the step before it, so that a rate covers every increase that falls into the row. */
  rate: string;
}

export interface MetricSpec {
  /** Value of the label `metric`, from a fixed list. */
  metric: string;
  /** In words, as a person reads it. */
  words: string;
  unit: 'ratio' | 'bytes' | 'bytes/s' | '1/s' | 's' | 's/s' | 'celsius' | 'watts' | 'hertz' | 'count';
  /**
   * The mean over the row that ends at the evaluation time, one series an entity, absent when the thing is.
   * `match` is put into every selector: empty for all entities, or matchers that end in no comma.
   */
  expression(match: string, windows: Windows): string;
}

export interface Detector {
  name: DetectorName;
  metrics: readonly MetricSpec[];
  /** The entity that a series of an answer belongs to; undefined when its labels name none. */
  identify(labels: Labels): Entity | undefined;
  /** Matchers that let these entities through; more may come, none of them may be missing. */
  match(entities: readonly Entity[]): string;
}

/** The pseudo-metric of all an entity's metrics together. */
export const allMetrics = '_all';

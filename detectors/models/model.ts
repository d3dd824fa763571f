// What every model promises to the detectors: fit on rows, keep a bounded state, score a row without seeing the future.

/** Evenly spaced rows of one series; `values[i]` is the mean of the row that starts at `startSeconds + i * stepSeconds`; NaN means no data. */
export interface History {
  startSeconds: number;
  stepSeconds: number;
  values: Float64Array;
}

/** Evenly spaced rows of one entity, all its metrics together: `channels[c][i]`, NaN where a channel has no data. */
export interface EntityHistory {
  startSeconds: number;
  stepSeconds: number;
  channels: Float64Array[];
}

/** A stretch of time in Unix seconds, start included, end excluded. */
export interface Interval {
  startSeconds: number;
  endSeconds: number;
}

export interface FitOptions {
  /** The same history and seed give the same model, byte for byte. */
  seed: number;
  trainedAtSeconds: number;
  /** Rows in these stretches are left out of training (own alerts, critical alerts, "not expected" feedback). */
  leaveOut?: readonly Interval[];
  /** How raw scores become 0–100; `percentile` is the default. */
  normalisation?: Normalisation;
  /** Names of the inputs, from a fixed list: one for a series, one a channel for an entity. */
  features?: readonly string[];
}

export type Normalisation = 'percentile' | 'p10-p90';

export interface Contribution {
  /** From a fixed list: a voter's or a channel's name, never free text. */
  feature: string;
  /** Part of the score, 0–1. */
  share: number;
}

export interface RowScore {
  /** 0–100, calibrated: P(score ≥ s | ordinary) ≈ 1 − s/100. NaN: unknown (no data in this row). */
  score: number;
  /** Graded alert, A/level: at 1 or above an alert is raised; 0 while there is nothing to say. */
  alert: number;
  /** The band an ordinary value is expected in, in the series' own unit; NaN where the model has none (entities). */
  expectedLow: number;
  expectedHigh: number;
  /** At most three, largest first. */
  contributions: Contribution[];
}

/** What is in the header of every saved model. */
export interface ModelHeader {
  version: number;
  seed: number;
  trainedAtSeconds: number;
  /** Rows it was trained on, gaps and left-out stretches not counted. */
  rows: number;
  stepSeconds: number;
  features: string[];
  normalisation: Normalisation;
}

/** Raised by one whenever the shape or meaning of a saved model changes; older files are refused and trained anew. */
export const MODEL_VERSION = 2;

/** Rows a model looks back on at most: 7 days of minutes. */
export const HISTORY_ROWS_MAX = 10_080;

/** A row about which nothing can be said: unknown is not 0. */
export function unknownScore(): RowScore {
  return { score: Number.NaN, alert: 0, expectedLow: Number.NaN, expectedHigh: Number.NaN, contributions: [] };
}

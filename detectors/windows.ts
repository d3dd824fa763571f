// Lengths of time as PromQL durations, and grids of evaluation times.
import type { Windows } from './detector.ts';

export interface Lengths {
  tickSeconds: number;
  rowSeconds: number;
}

/**
 * A counter's rate takes the row and one step more: between n + 1 samples lie n increases, so that the row's own
 * increases are all counted, and the rate over a row equals the mean of its steps.
 */
export function windowsOf({ tickSeconds, rowSeconds }: Lengths): Windows {
  return { row: duration(rowSeconds), rate: duration(rowSeconds + tickSeconds) };
}

export function duration(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}

/** The last evaluation time that is due, on the grid of ticks; all detectors and restarts share it. */
export function tickAt(nowSeconds: number, tickSeconds: number, settleSeconds: number): number {
  return Math.floor((nowSeconds - settleSeconds) / tickSeconds) * tickSeconds;
}

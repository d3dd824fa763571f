// The rows a model may learn from: the trailing window, without gaps' values and without the stretches that are left out.
import { HISTORY_ROWS_MAX, type History, type Interval } from './model.ts';

export interface TrainingRows extends History {
  /** Values that may be learned from; the others are NaN. */
  count: number;
}

/** Cuts to the last `HISTORY_ROWS_MAX` rows and blanks what is not finite or lies in `leaveOut`. O(rows + intervals). */
export function trainingRows(history: History, leaveOut: readonly Interval[]): TrainingRows {
  const { stepSeconds } = history;
  const first = Math.max(0, history.values.length - HISTORY_ROWS_MAX);
  const startSeconds = history.startSeconds + first * stepSeconds;
  const values = history.values.slice(first);
  for (const { startSeconds: from, endSeconds: to } of leaveOut) {
    const begin = Math.max(0, Math.floor((from - startSeconds) / stepSeconds));
    const end = Math.min(values.length, Math.ceil((to - startSeconds) / stepSeconds));
    if (begin < end) values.fill(Number.NaN, begin, end);
  }
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index]!)) count++;
    else values[index] = Number.NaN;
  }
  return { startSeconds, stepSeconds, values, count };
}

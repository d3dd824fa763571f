// When a model key is trained next: every few hours, sooner while its history is young, and never all at once.
import type { Random } from '../../core/lib/random.ts';
import { backOffSeconds } from '../back-off.ts';
import { SERIES_ROWS_MIN } from '../models/series-model.ts';
import type { Outcome } from './job.ts';

export interface Pace {
  retrainSeconds: number;
  rowSeconds: number;
  windowSeconds: number;
}

const firstRetrySeconds = 60;
const retrySecondsMax = 3600;

/** Seconds until the next training after one that was tried; `rows` is the most that any of its series had. */
export function secondsUntilNext(
  done: { outcomes: readonly Outcome[]; rows: number; failures: number },
  { retrainSeconds, rowSeconds, windowSeconds }: Pace,
  random: Random,
): number {
  if (done.failures > 0) return backOffSeconds(done.failures, firstRetrySeconds, retrySecondsMax, random);
  if (done.rows < SERIES_ROWS_MIN) return Math.max(2, SERIES_ROWS_MIN - done.rows) * rowSeconds;
  const spread = retrainSeconds * (0.9 + random() / 5); // a tenth either way: keys that began together drift apart
  if (done.rows >= (0.9 * windowSeconds) / rowSeconds) return spread;
  // Voters join as history grows: once more when there is half as much again.
  return Math.min(spread, Math.max(retrainSeconds / 12, (done.rows * rowSeconds) / 2));
}

/** Seconds until a loaded model's next training; a clock that was changed never makes all of them due at once. */
export function secondsUntilRetrain(
  trainedAtSeconds: number,
  nowSeconds: number,
  { retrainSeconds }: Pace,
  random: Random,
): number {
  const ageSeconds = nowSeconds - trainedAtSeconds;
  if (ageSeconds >= 0 && ageSeconds < retrainSeconds) return retrainSeconds - ageSeconds;
  return random() * Math.min(retrainSeconds, 600);
}

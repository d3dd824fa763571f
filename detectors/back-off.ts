// How long to wait after failures: doubling, bounded, and spread by chance so that nobody retries in step.
import type { Random } from '../core/lib/random.ts';

/** Seconds to wait after the n-th failure in a row (n ≥ 1): base · 2^(n−1), at most `mostSeconds`, ± a quarter. */
export function backOffSeconds(failures: number, baseSeconds: number, mostSeconds: number, random: Random): number {
  const doubled = Math.min(mostSeconds, baseSeconds * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return doubled * (0.75 + random() / 2);
}

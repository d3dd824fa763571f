// The middle and the width of what a series usually does, in its own unit.
import { median, medianAbsoluteDeviation, standardDeviation } from '../../core/lib/stats.ts';

export interface Scale {
  centre: number;
  /** Never 0. */
  spread: number;
}

/**
 * Median and 1.4826 · MAD; a series that rests most of the time has the MAD 0, then its standard deviation; a constant one
 * has neither, then a hundredth of its size, so that its first move is finite. O(n log n).
 */
export function scaleOf(values: ArrayLike<number>): Scale {
  const centre = median(values);
  let size = 0;
  for (let index = 0; index < values.length; index++) {
    const value = Math.abs(values[index]!);
    if (Number.isFinite(value) && value > size) size = value;
  }
  const least = 1e-9 * size;
  const robust = 1.4826 * medianAbsoluteDeviation(values);
  const spread = robust > least ? robust : standardDeviation(values);
  return { centre, spread: spread > least ? spread : Math.max(0.01 * size, 1e-6) };
}

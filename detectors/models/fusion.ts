// How votes become one number: each in units of its own ordinary range, then a weighted mean, then held for a while.
import { quantileSorted, sorted } from '../../core/lib/stats.ts';

/** What a voter's raw scores usually are: the unit its votes are counted in. */
export interface Units {
  middle: Float64Array;
  span: Float64Array;
}

/** Median and 99 % quantile of each voter's training votes; `floors` keep a voter that never moved from shouting at dust. */
export function fitUnits(votes: readonly ArrayLike<number>[], floors: readonly number[]): Units {
  const middle = new Float64Array(votes.length);
  const span = new Float64Array(votes.length);
  votes.forEach((values, voter) => {
    const ascending = sorted(values);
    middle[voter] = quantileSorted(ascending, 0.5);
    const width = quantileSorted(ascending, 0.99) - middle[voter]!;
    span[voter] = Math.max(width, floors[voter]!, 1e-9 + 1e-6 * Math.abs(middle[voter]!));
  });
  return { middle, span };
}

/** ln(1 + excess over the median, in spans): 0 is ordinary, 0.7 the worst hundredth of training; NaN stays NaN. */
export function unitOf({ middle, span }: Units, voter: number, raw: number): number {
  return Math.log1p(Math.max(0, (raw - middle[voter]!) / span[voter]!));
}

/** Turns raw votes into units in place and returns their weighted mean over those that have something to say; NaN when none has. */
export function fuse(units: Units, weights: ArrayLike<number>, votes: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let voter = 0; voter < votes.length; voter++) {
    const unit = unitOf(units, voter, votes[voter]!);
    votes[voter] = unit;
    if (Number.isNaN(unit)) continue;
    sum += weights[voter]! * unit;
    total += weights[voter]!;
  }
  return total > 0 ? sum / total : Number.NaN;
}

/** Below this a held score is forgotten, so that a series that fell silent again really is ordinary. */
const HELD_MIN = 0.02;

/**
 * The worse of what is and what was, fading with a half-life in rows: an incident is not over at its first calm row.
 * A row without a score keeps what was.
 */
export function hold(before: number, fused: number, halfLifeRows: number): number {
  const faded = before * 0.5 ** (1 / halfLifeRows);
  if (Number.isNaN(fused)) return faded;
  return faded > fused && faded > HELD_MIN ? faded : fused;
}

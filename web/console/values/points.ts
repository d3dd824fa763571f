// Points of several series on one row of times, as charts want them: where nothing was measured there is a gap, not a line.

export type Point = readonly [atSeconds: number, value: number];
type Column = (number | null)[];

/**
 * One column of times and one of values for each series. Times are put on the grid of the step, so that series that were asked for alike
 * meet; a step without a point is null. O(points); at most `timesMax` steps.
 */
export function alignPoints(
  series: readonly (readonly Point[])[],
  stepSeconds: number,
): { times: number[]; columns: Column[] } {
  const slots = series.map((points) => new Map(points.map(([at, value]) => [Math.round(at / stepSeconds), value])));
  const all = slots.flatMap((slot) => (slot.size === 0 ? [] : [minOf(slot.keys()), maxOf(slot.keys())]));
  if (all.length === 0) return { times: [], columns: series.map(() => []) };
  const first = Math.max(minOf(all), maxOf(all) - timesMax + 1);
  const count = maxOf(all) - first + 1;
  const times = Array.from({ length: count }, (_, index) => (first + index) * stepSeconds);
  const columns = slots.map((slot) => Array.from({ length: count }, (_, index) => slot.get(first + index) ?? null));
  return { times, columns };
}

/** No value below the least that can be; what is not known stays so. */
export function cutBelow(column: Column, least: number): Column {
  return column.map((value) => (value === null ? null : Math.max(least, value)));
}

const timesMax = 11_000;

function minOf(numbers: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY;
  for (const one of numbers) found = Math.min(found, one);
  return found;
}

function maxOf(numbers: Iterable<number>): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const one of numbers) found = Math.max(found, one);
  return found;
}

/** The newest value that is known, with its time; of the last `stepsMax` times only, because an older one is not what is now. */
export function newestOf(
  times: ArrayLike<number>,
  column: ArrayLike<number | null>,
  stepsMax = Number.POSITIVE_INFINITY,
): Point | undefined {
  for (let index = column.length - 1; index >= 0 && column.length - index <= stepsMax; index--) {
    const value = column[index];
    if (value !== null && value !== undefined) return [times[index]!, value];
  }
  return undefined;
}

// Plain statistics that say NaN where there is nothing to say: values that are not finite are left out, never counted as 0.

/** The finite values, in their order. */
export function finite(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isFinite(value)) kept[count++] = value;
  }
  return kept.subarray(0, count); // a view: a second copy of a week would be garbage at once
}

/** The finite values, ascending. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return finite(values).sort();
}

/** Arithmetic mean of the finite values; NaN when there are none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Population standard deviation of the finite values, in two passes; NaN when there are none. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    sum += (value - centre) ** 2;
    count++;
  }
  return count === 0 ? Number.NaN : Math.sqrt(sum / count);
}

/** Quantile of ascending values by linear interpolation, 0 ≤ share ≤ 1; NaN when empty. */
export function quantileSorted(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return Number.NaN;
  const position = Math.min(1, Math.max(0, share)) * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** Quantile of the finite values; NaN when there are none. O(n log n). */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantileSorted(sorted(values), share);
}

/** Middle of the finite values; NaN when there are none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Median distance of the finite values to their median; NaN when there are none. */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const kept = finite(values);
  const centre = median(kept);
  for (let index = 0; index < kept.length; index++) kept[index] = Math.abs(kept[index]! - centre);
  return median(kept);
}

/** Mean rank of each value, ties sharing theirs (0-based); for rank correlation. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, index) => index);
  order.sort((left, right) => values[left]! - values[right]!);
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) last++;
    for (let index = first; index <= last; index++) result[order[index]!] = (first + last) / 2;
    first = last + 1;
  }
  return result;
}

/** Spearman's rank correlation of two equally long lists, −1…1; NaN when either is constant or empty. */
export function spearman(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const a = ranks(left);
  const b = ranks(right);
  const middle = (a.length - 1) / 2;
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < a.length; index++) {
    product += (a[index]! - middle) * (b[index]! - middle);
    squareA += (a[index]! - middle) ** 2;
    squareB += (b[index]! - middle) ** 2;
  }
  return squareA === 0 || squareB === 0 ? Number.NaN : product / Math.sqrt(squareA * squareB);
}

// Which rows of a long list are in sight, so that only those are drawn.

export interface Window {
  /** First row drawn, and the one behind the last. */
  first: number;
  end: number;
  /** Pixels that stand for the rows before and behind. */
  before: number;
  after: number;
}

/** Rows of one height; some more than can be seen are drawn above and below, so that scrolling finds them there. */
export function windowOf(count: number, rowHeight: number, scrollTop: number, height: number, spare = 12): Window {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - spare));
  const end = Math.min(count, Math.max(first, Math.ceil((scrollTop + height) / rowHeight) + spare));
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}

/** The same for rows of different heights; `edges[i]` is where row i begins, with the end of the last one behind. O(log rows). */
export function windowOfEdges(edges: ArrayLike<number>, scrollTop: number, height: number, spare = 12): Window {
  const count = edges.length - 1;
  const whole = edges[count] ?? 0;
  const first = Math.max(0, rowAt(edges, scrollTop) - spare);
  const end = Math.min(count, rowAt(edges, scrollTop + height) + 1 + spare);
  return { first, end, before: edges[first] ?? 0, after: whole - (edges[end] ?? whole) };
}

/** The row that this pixel belongs to; the last one beyond the end. */
export function rowAt(edges: ArrayLike<number>, pixel: number): number {
  let [low, high] = [0, Math.max(0, edges.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= pixel) low = middle;
    else high = middle - 1;
  }
  return low;
}

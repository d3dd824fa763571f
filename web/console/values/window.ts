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

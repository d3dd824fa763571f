// The newest values of one series in a column that moves on: a new one is appended, the oldest leaves, nothing is copied at most times.

/**
 * Pushing costs O(1) on average: the column is a window into memory of twice its length, which is renewed once the window has reached
 * its end. A window that was handed out never changes, so whoever still draws the one before draws what was.
 */
export class Rolling {
  private readonly length: number;
  private held: Float64Array;
  private end: number;

  /** As many values as it will always have, oldest first. */
  constructor(first: ArrayLike<number>) {
    this.length = first.length;
    this.held = this.widen(first);
    this.end = this.length;
  }

  get values(): Float64Array {
    return this.held.subarray(this.end - this.length, this.end);
  }

  push(value: number): void {
    if (this.end === this.held.length) {
      this.held = this.widen(this.values);
      this.end = this.length;
    }
    this.held[this.end++] = value;
  }

  private widen(values: ArrayLike<number>): Float64Array {
    const wide = new Float64Array(this.length * 2);
    wide.set(values);
    return wide;
  }
}

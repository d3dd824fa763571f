// The last rows of a series in single precision, always in one piece, so that a window is a stretch of the buffer.

/** The newest value is `buffer[end - 1]`; `total` values were pushed so far, the last `capacity` of them are kept. */
export interface Ring {
  buffer: Float32Array;
  capacity: number;
  end: number;
  total: number;
}

/** An empty ring of fixed capacity; nothing grows later. Eight bytes a row: the kept part moves to the front when the buffer is full. */
export function createRing(capacity: number): Ring {
  return { buffer: new Float32Array(2 * capacity), capacity, end: 0, total: 0 };
}

/** Adds the newest value and drops the oldest. O(1) on average, O(capacity) at worst. */
export function push(ring: Ring, value: number): void {
  if (ring.end === ring.buffer.length) {
    ring.buffer.copyWithin(0, ring.end - ring.capacity, ring.end);
    ring.end = ring.capacity;
  }
  ring.buffer[ring.end++] = value;
  ring.total++;
}

/** Takes the newest value away again: a provisional row leaves no trace, but the oldest row stays forgotten. */
export function pop(ring: Ring): void {
  ring.end--;
  ring.total--;
}

/** The value pushed `back` pushes ago (0 is the newest); NaN when it was never pushed or is forgotten. */
export function at(ring: Ring, back: number): number {
  return back < 0 || back >= filled(ring) ? Number.NaN : ring.buffer[ring.end - 1 - back]!;
}

/** How many values can be looked back on. */
export function filled(ring: Ring): number {
  return Math.min(ring.total, ring.capacity);
}

/** The newest `count` values (fewer when fewer are known), oldest first, as a view that lives until the next push. */
export function newest(ring: Ring, count: number): Float32Array {
  return ring.buffer.subarray(ring.end - Math.min(count, filled(ring)), ring.end);
}

// A ring of the last rows in single precision: what a model may look back on, at four bytes a row.

/** `total` rows were pushed so far; the last `values.length` of them are kept. */
export interface Ring {
  values: Float32Array;
  total: number;
}

/** An empty ring of fixed capacity; nothing grows later. */
export function createRing(capacity: number): Ring {
  return { values: new Float32Array(capacity).fill(Number.NaN), total: 0 };
}

/** Adds the newest value and drops the oldest. O(1). */
export function push(ring: Ring, value: number): void {
  ring.values[ring.total % ring.values.length] = value;
  ring.total++;
}

/** The value pushed `back` pushes ago (0 is the newest); NaN when it was never pushed or is forgotten. */
export function at(ring: Ring, back: number): number {
  if (back < 0 || back >= ring.total || back >= ring.values.length) return Number.NaN;
  return ring.values[(ring.total - 1 - back) % ring.values.length]!;
}

/** How many values can be looked back on. */
export function filled(ring: Ring): number {
  return Math.min(ring.total, ring.values.length);
}

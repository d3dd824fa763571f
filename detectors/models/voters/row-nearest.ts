// Voter: how far a row of channels is from the nearest row seen in training.

export interface RowNearest {
  channels: number;
  /** One reference after the other, `channels` scaled numbers each, in steps of `STEP`. */
  references: Int16Array;
  /** Training row of each reference. */
  rows: Uint16Array;
}

const REFERENCES = 1500;
/** Scaled numbers lie in −4…5: sixteen bits hold them to a six-thousandth of a channel's usual width, far below the dust. */
const STEP = 5 / 32_767;

/**
 * Nearest neighbour among 1,500 evenly spaced training rows (Cover and Hart 1967, as a distance; Ramaswamy et al. 2000).
 * `rows` is row-major. At most 1,500 · channels multiplications a row, most references are left early. Null below 2 rows.
 */
export function fitRowNearest(rows: Float32Array, channels: number): RowNearest | null {
  const usable: number[] = [];
  for (let row = 0; row < rows.length / channels; row++) if (!hasNaN(rows, row, channels)) usable.push(row);
  if (usable.length < 2) return null;
  const count = Math.min(REFERENCES, usable.length);
  const chosen = Uint16Array.from(
    { length: count },
    (_, index) => usable[Math.floor((index * usable.length) / count)]!,
  );
  const references = new Int16Array(count * channels);
  chosen.forEach((row, index) => {
    for (let channel = 0; channel < channels; channel++) {
      references[index * channels + channel] = Math.round(rows[row * channels + channel]! / STEP);
    }
  });
  return { channels, references, rows: chosen };
}

/**
 * Distance to the nearest reference; NaN for a row with NaN. References within `near` rows of training row `at` are left
 * out (−1: none). The squared differences by channel go to `parts`.
 */
export function scoreRowNearest(
  nearest: RowNearest,
  row: Float64Array,
  parts: Float64Array,
  at = 0,
  near = -1,
): number {
  const { channels, references, rows } = nearest;
  let best = Number.POSITIVE_INFINITY;
  let found = -1;
  const start = lastFound < rows.length ? lastFound : 0;
  // The nearest row is often near the last one found: a good start lets most others be left early.
  for (let step = 0; step < rows.length; step++) {
    const reference = start + step < rows.length ? start + step : start + step - rows.length;
    if (near >= 0 && Math.abs(rows[reference]! - at) <= near) continue;
    let sum = 0;
    const base = reference * channels;
    for (let channel = 0; channel < channels && sum < best; channel++) {
      const difference = row[channel]! - STEP * references[base + channel]!;
      sum += difference * difference;
    }
    if (!(sum < best)) continue;
    best = sum;
    found = reference;
  }
  if (found < 0) return Number.NaN;
  lastFound = found;
  for (let channel = 0; channel < channels; channel++) {
    parts[channel] = (row[channel]! - STEP * references[found * channels + channel]!) ** 2;
  }
  return Math.sqrt(best);
}

/** A hint only: it changes the order of the search, never its result. */
let lastFound = 0;

function hasNaN(rows: Float32Array, row: number, channels: number): boolean {
  for (let channel = 0; channel < channels; channel++) if (Number.isNaN(rows[row * channels + channel]!)) return true;
  return false;
}

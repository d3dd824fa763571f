// What a series still waits for: the voters that join only after more history, and how long that takes.
import { ENTITY_ROWS_MIN } from './entity-model.ts';
import { SERIES_ROWS_MIN } from './series-model.ts';

export interface WarmUp {
  /** Names of what has not joined yet, soonest first; empty when the model is complete. */
  missing: string[];
  /** Until the last of them can join; 0 when the model is complete. */
  secondsLeft: number;
}

/** Twice the longest window: then even that one has something to compare with. */
const LONG_WINDOW_ROWS = 192;

/** What a series with `rows` rows of history still waits for. */
export function seriesWarmUp(rows: number, stepSeconds: number): WarmUp {
  return warmUp(
    [
      { name: 'first model', rows: SERIES_ROWS_MIN },
      { name: 'long windows', rows: LONG_WINDOW_ROWS },
      { name: 'season', rows: 2 * Math.ceil(86400 / stepSeconds) },
    ],
    rows,
    stepSeconds,
  );
}

/** What an entity with `rows` rows of history still waits for. */
export function entityWarmUp(rows: number, stepSeconds: number): WarmUp {
  return warmUp([{ name: 'first model', rows: ENTITY_ROWS_MIN }], rows, stepSeconds);
}

function warmUp(needs: readonly { name: string; rows: number }[], rows: number, stepSeconds: number): WarmUp {
  const missing = needs.filter((need) => rows < need.rows).sort((left, right) => left.rows - right.rows);
  const last = missing.at(-1);
  return {
    missing: missing.map(({ name }) => name),
    secondsLeft: last === undefined ? 0 : (last.rows - rows) * stepSeconds,
  };
}

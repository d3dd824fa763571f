// The alert stream: one event at the first row of an incident, where the score stream says how strange every row is.
import { createRing, newest, push, type Ring } from '../../core/lib/ring.ts';

export interface AlertState {
  /** Rows seen, and the mean and mean square of the values over about the last `MEMORY_ROWS`. */
  rows: number;
  mean: number;
  variance: number;
  /** A quick mean and the mean square of what it missed. */
  quick: number;
  missed: number;
  /** Per witness how often each size was seen, in logarithmic buckets. */
  seen: Float32Array;
  seenTotal: number;
  /** Grades of the last rows. */
  grades: Ring;
}

/** Rows in which only a worse row is a new event. */
const QUIET_ROWS = 100;
const MEMORY_ROWS = 6400;
const ROWS_MIN = 10;
const QUICK_SHARE = 0.05;
const MISSED_SHARE = 0.01;
const REPEATED_SHARE = 0.05;
/** Above this grade an alert is raised: the one level for all series. */
const ALERT_LEVEL = 2.9;
/** Beyond this many times e, distance from the mean says no more: a series that has left its past is one event, not many. */
const FAR_MAX = 2;
/** How much of the growth of rarity with memory is taken away: all of it would make a long memory deaf. */
const MEMORY_SHARE = 0.8;
/** A short memory is taken for this much longer: its rarest row so far says little. */
const YOUNG_ROWS = 600;
/** Keeps grades above 0 where they matter: an event as rare as one in a hundred histories stands at 0. */
const GRADE_BASE = 2;

const WITNESSES = 4;
const BUCKETS = 256;
const SEEN_MAX = 40_000;

export function openAlerts(): AlertState {
  return {
    rows: 0,
    mean: 0,
    variance: 0,
    quick: 0,
    missed: 0,
    seen: new Float32Array(WITNESSES * BUCKETS),
    seenTotal: 0,
    grades: createRing(QUIET_ROWS),
  };
}

/** The same memory in other hands: what one does with it the other does not see. */
export function copyAlerts(state: AlertState): AlertState {
  const grades = { ...state.grades, buffer: state.grades.buffer.slice() };
  return { ...state, seen: state.seen.slice(), grades };
}

/** A row for the alert stream: its value, the series' spread, and the raw votes of two voters (NaN: nothing to say). */
export interface AlertRow {
  value: number;
  spread: number;
  shape: number;
  nearest: number;
}

/**
 * Grade of a row, as a multiple of the alert level. Four witnesses: distance from the long mean, surprise against the quick
 * mean (Lavin and Ahmad 2015 use a windowed Gaussian as a yardstick), shape and nearest window; each counts by how rare its
 * size was so far, and the longer the memory, the rarer it has to be, so that the level means a rate. A row is an event when
 * it is worse than all rows of the last 100. O(4 · 256 + 100).
 * With `commit` false the state stays as it was.
 */
export function gradeRow(state: AlertState, row: AlertRow, commit: boolean): number {
  const far = distanceFromMean(state, row);
  const surprise = distanceFromQuick(state, row);
  let sum = 0;
  let heard = 0;
  [far, surprise, row.shape, row.nearest].forEach((size, witness) => {
    const bucket = bucketOf(size);
    if (bucket < 0) return;
    sum += rarity(state, witness, bucket);
    heard++;
    if (commit) state.seen[witness * BUCKETS + bucket]!++;
  });
  const rare = sum / Math.max(1, heard) - MEMORY_SHARE * Math.log10(state.seenTotal + YOUNG_ROWS);
  const grade = state.rows < ROWS_MIN || heard === 0 ? 0 : rare + Math.min(FAR_MAX, Math.log1p(far)) + GRADE_BASE;
  let worst = 0;
  for (const before of newest(state.grades, QUIET_ROWS)) worst = Math.max(worst, before);
  if (commit) remember(state, row, grade);
  return Math.max(0, grade > worst ? grade : REPEATED_SHARE * grade) / ALERT_LEVEL;
}

function distanceFromMean(state: AlertState, { value, spread }: AlertRow): number {
  const deviation = Math.sqrt(Math.max(state.variance, (0.05 * spread) ** 2));
  return state.rows < ROWS_MIN ? 0 : Math.abs(value - state.mean) / deviation;
}

function distanceFromQuick(state: AlertState, { value, spread }: AlertRow): number {
  return state.rows === 0 ? 0 : Math.abs(value - state.quick) / spread / Math.sqrt(state.missed + 0.05);
}

function remember(state: AlertState, { value, spread }: AlertRow, grade: number): void {
  const missed = state.rows === 0 ? 0 : (value - state.quick) / spread;
  state.missed += MISSED_SHARE * (missed * missed - state.missed);
  state.quick = state.rows === 0 ? value : state.quick + QUICK_SHARE * (value - state.quick);
  const share = 1 / Math.min(state.rows + 1, MEMORY_ROWS);
  const step = value - state.mean;
  state.mean += share * step;
  state.variance = (1 - share) * (state.variance + share * step * step);
  state.rows++;
  state.seenTotal++;
  if (state.seenTotal > SEEN_MAX) {
    state.seenTotal /= 2;
    for (let index = 0; index < state.seen.length; index++) state.seen[index]! /= 2;
  }
  push(state.grades, grade);
}

/** −log10 of the share of earlier rows that were larger. */
function rarity(state: AlertState, witness: number, bucket: number): number {
  let larger = 0;
  for (let index = bucket + 1; index < BUCKETS; index++) larger += state.seen[witness * BUCKETS + index]!;
  return -Math.log10((larger + 1) / (state.seenTotal + 1));
}

/** Twelve buckets to a factor of e, from e^-7 to e^14; −1 for NaN. */
function bucketOf(size: number): number {
  if (Number.isNaN(size)) return -1;
  return Math.max(0, Math.min(BUCKETS - 1, Math.round((Math.log(Math.max(size, 1e-9)) + 7) * (BUCKETS / 21))));
}

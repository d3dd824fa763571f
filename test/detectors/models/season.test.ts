// The season: slots in UTC, the usual value from past days only, drift and the median of the last half hour.
import { expect, test } from 'vitest';
import {
  drift,
  RECENT_ROWS,
  recentMedian,
  seasonalPast,
  seasonSlots,
  slotOf,
} from '../../../detectors/models/season.ts';
import { monday } from './made-series.ts';

test.each([
  { at: monday, slot: 0 },
  { at: monday + 59, slot: 0 },
  { at: monday + 60, slot: 1 },
  { at: monday + 86_399, slot: 1439 },
  { at: monday + 86_400, slot: 0 },
  { at: -60, slot: 1439 },
])('$at is slot $slot', ({ at, slot }) => {
  expect(slotOf(at, 60, 1440)).toBe(slot);
});

test.each([
  { rows: 2879, stepSeconds: 60, slots: 0 },
  { rows: 2880, stepSeconds: 60, slots: 1440 },
  { rows: 576, stepSeconds: 300, slots: 288 },
  { rows: 1000, stepSeconds: 86_400 / 4, slots: 0 },
])('$rows rows of $stepSeconds s have $slots slots', ({ rows, stepSeconds, slots }) => {
  expect(seasonSlots(rows, stepSeconds)).toBe(slots);
});

test('the usual value is that of past days, whatever one of them did', () => {
  const slots = 10;
  const values = Float32Array.from({ length: 6 * slots }, (_, row) => row % slots);
  values[3 * slots + 5] = 900;
  const past = seasonalPast(values, slots, 7 * slots);
  expect(past[slots]).toBeNaN();
  expect(past[5 * slots + 5]).toBeCloseTo(5, 0);
  expect(past[6 * slots + 5]).toBeCloseTo(5, 0);
});

test('the usual value of a row does not know the row', () => {
  const values = Float32Array.from({ length: 60 }, (_, row) => row % 10);
  const changed = values.slice();
  changed.fill(77, 40);
  expect([...seasonalPast(changed, 10, 41)]).toEqual([...seasonalPast(values, 10, 41)]);
});

test('drift follows with a half-life of fifteen rows and starts at once after a silence', () => {
  let drifted = drift(Number.NaN, 4);
  expect(drifted).toBe(4);
  for (let row = 0; row < 15; row++) drifted = drift(drifted, 8);
  expect(drifted).toBeCloseTo(6, 6);
});

test('the recent median needs three values and looks back half an hour', () => {
  const buffer = Float32Array.from({ length: 100 }, (_, row) => row);
  expect(recentMedian(buffer, 2)).toBeNaN();
  expect(recentMedian(buffer, 100)).toBe(99 - (RECENT_ROWS - 1) / 2);
});

// The alert stream: one event at the start of an incident, none for an ordinary row, none while it lasts.
import { expect, test } from 'vitest';
import { createRandom, randomNormal } from '../../../core/lib/random.ts';
import { type AlertState, copyAlerts, gradeRow, openAlerts } from '../../../detectors/models/alert-stream.ts';

const random = createRandom(2);

function feed(state: AlertState, values: readonly number[], strange = 0): number[] {
  return values.map((value) =>
    gradeRow(state, { value, spread: 1, shape: 30 + 5 * random() + strange, nearest: 2 + random() + strange }, true),
  );
}

const noise = (count: number) => Array.from({ length: count }, () => 50 + randomNormal(random));
const events = (grades: readonly number[]) => grades.filter((grade) => grade >= 1).length;

test('a week of minutes of pure noise raises less than one event a day', () => {
  expect(events(feed(openAlerts(), noise(10_080)))).toBeLessThan(7);
});

test('a jump is one event, not one a row', () => {
  const state = openAlerts();
  feed(state, noise(3000));
  const grades = feed(state, Array(60).fill(75), 60);
  expect(grades[0]).toBeGreaterThanOrEqual(1);
  expect(events(grades)).toBe(1);
});

test('a constant series that moves once is one event', () => {
  const state = openAlerts();
  expect(events(feed(state, Array(3000).fill(5)))).toBe(0);
  expect(events(feed(state, Array(300).fill(9), 60))).toBe(1);
});

test('a provisional row leaves no trace, and a copy lives on its own', () => {
  const state = openAlerts();
  feed(state, noise(500));
  const before = structuredClone(state);
  gradeRow(state, { value: 99, spread: 1, shape: 300, nearest: 90 }, false);
  expect(state).toEqual(before);
  feed(copyAlerts(state), noise(50));
  expect(state).toEqual(before);
});

test('the first rows and rows without witnesses are no events', () => {
  const silent = { value: 5, spread: 1, shape: Number.NaN, nearest: Number.NaN };
  const state = openAlerts();
  for (let row = 0; row < 500; row++) expect(gradeRow(state, silent, true)).toBeLessThan(1);
});

test('memory is bounded: counts are halved, not grown for ever', () => {
  const state = openAlerts();
  feed(state, noise(45_000));
  expect(state.seenTotal).toBeLessThanOrEqual(40_000);
});

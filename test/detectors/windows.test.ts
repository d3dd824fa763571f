// Lengths as PromQL, and the grid of ticks.
import { expect, test } from 'vitest';
import { tickAt, windowsOf } from '../../detectors/windows.ts';

test.each([
  { tickSeconds: 15, rowSeconds: 60, row: '60000ms', rate: '75000ms' },
  { tickSeconds: 0.5, rowSeconds: 4, row: '4000ms', rate: '4500ms' },
])('a row of $rowSeconds s', ({ row, rate, ...lengths }) => {
  expect(windowsOf(lengths)).toEqual({ row, rate });
});

test.each([
  { now: 60, at: 45 },
  { now: 60.9, at: 45 },
  { now: 61, at: 60 },
  { now: 75.5, at: 60 },
])('at $now the tick of $at is due', ({ now, at }) => {
  expect(tickAt(now, 15, 1)).toBe(at);
});

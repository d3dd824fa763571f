// The gallery's values: every face is there, and what is made up looks like the real thing.
import { expect, test } from 'vitest';
import {
  course,
  galleryRows,
  heatRows,
  logLines,
  manySeries,
  queriesOfEveryFace,
} from '../../../../web/console/state/gallery.svelte.ts';
import { alignPoints } from '../../../../web/console/values/points.ts';
import { fakePorts } from '../ports.ts';

test('every face is shown, the stale one among them', () => {
  const queries = queriesOfEveryFace(fakePorts());
  expect(queries.map(({ query }) => query.face)).toEqual(['loading', 'ready', 'ready', 'failed', 'refused', 'ready']);
  expect(queries.filter(({ query }) => query.stale)).toHaveLength(1);
});

test('courses have as many values as times, a gap, and end now', () => {
  const { times, values, band, scores } = course(1_800_000_000);
  expect(new Set([times, values, band.low, band.high, scores].map((column) => column.length)).size).toBe(1);
  expect([times.at(-1), values.includes(null)]).toEqual([1_800_000_000, true]);
  expect(manySeries(11, 1_800_000_000).series).toHaveLength(11);
  expect(alignPoints([times.map((at) => [at, 1] as const)], 15).times).toEqual(times);
});

test('rows, strips and lines are all different and none is the same twice', () => {
  expect(new Set(galleryRows(500).map(({ name }) => name)).size).toBe(500);
  expect(heatRows().every(({ scores }) => scores.length === 60)).toBe(true);
  const lines = logLines(100, (index) => `t${index}`);
  expect(lines.filter(({ text }) => text.startsWith('    at '))).toHaveLength(40);
});

// Rows without columns: what names a row, what stands where, how high a row of many is.
import { expect, test } from 'vitest';
import { inOrder, type NarrowPlace, narrowHeight, placesOf } from '../../../../web/console/values/narrow-row.ts';

test.each<{ given: string; columns: Parameters<typeof placesOf>[0]; places: Record<string, NarrowPlace> }>([
  {
    given: 'nothing said: the first column names the row',
    columns: [{ key: 'name' }, { key: 'cpu', unit: 'cores' }],
    places: { name: 'lead', cpu: 'fact' },
  },
  {
    given: 'a number first: the first column of words names the row',
    columns: [{ key: 'score', unit: 'score', narrow: 'state' }, { key: 'pid', unit: 'count' }, { key: 'what' }],
    places: { score: 'state', pid: 'fact', what: 'lead' },
  },
  {
    given: 'a name said: nothing else is one',
    columns: [{ key: 'seq' }, { key: 'action', narrow: 'lead' }, { key: 'outcome', narrow: 'state' }],
    places: { seq: 'fact', action: 'lead', outcome: 'state' },
  },
  {
    given: 'numbers alone: none is a name',
    columns: [{ key: 'cpu', unit: 'cores' }],
    places: { cpu: 'fact' },
  },
])('$given', ({ columns, places }) => {
  expect(Object.fromEntries(placesOf(columns))).toEqual(places);
});

test('columns come in the order of what is seen; facts keep theirs', () => {
  const columns: Parameters<typeof placesOf>[0] = [
    ...[
      { key: 'score', unit: 'score' },
      { key: 'tier', narrow: 'state' } as const,
      { key: 'silence', narrow: 'act' } as const,
    ],
    ...[{ key: 'what', narrow: 'lead' } as const, { key: 'why', narrow: 'words' } as const, { key: 'pid' }],
  ];
  expect(inOrder(columns).map(({ key }) => key)).toEqual(['what', 'tier', 'why', 'score', 'pid', 'silence']);
});

test.each<{ has: NarrowPlace[]; height: number }>([
  { has: ['lead'], height: 44 },
  { has: ['lead', 'state', 'fact', 'fact'], height: 63 },
  { has: ['lead', 'words', 'fact'], height: 85 },
  { has: ['lead', 'fact', 'act'], height: 73 },
])('a row with $has is $height px high', ({ has, height }) => {
  expect(narrowHeight(new Map(has.map((place, key) => [String(key), place])))).toBe(height);
});

// Cursors: a place in a list goes out and comes back; anything made elsewhere is refused.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../../../web/server/http/cursor.ts';

test.each(['', 'name', 'Zoë "quoted" 😀', 'a/b+c'])('%j comes back', (place) => {
  const cursor = encodeCursor(place);
  expect(cursor).toMatch(/^[A-Za-z0-9+/]*$/);
  expect(decodeCursor(cursor, z.string(), '')).toBe(place);
});

test('no cursor is the beginning', () => {
  expect(decodeCursor(undefined, z.number(), 7)).toBe(7);
});

test.each(['!!', 'e30', encodeCursor('text'), '%'])('%j is refused', (cursor) => {
  expect(() => decodeCursor(cursor, z.number(), 0)).toThrow('not of this list');
});

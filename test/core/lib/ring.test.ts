// The ring of last rows: what is kept, what is forgotten, and that windows stay in one piece.
import { expect, test } from 'vitest';
import { at, createRing, filled, newest, pop, push } from '../../../core/lib/ring.ts';

const ringOf = (capacity: number, count: number) => {
  const ring = createRing(capacity);
  for (let value = 1; value <= count; value++) push(ring, value);
  return ring;
};

test.each([
  { pushed: 0, newestValue: Number.NaN, kept: 0 },
  { pushed: 2, newestValue: 2, kept: 2 },
  { pushed: 3, newestValue: 3, kept: 3 },
  { pushed: 5000, newestValue: 5000, kept: 3 },
])('after $pushed pushes a ring of 3 keeps $kept', ({ pushed, newestValue, kept }) => {
  const ring = ringOf(3, pushed);
  expect(at(ring, 0)).toEqual(newestValue);
  expect(filled(ring)).toBe(kept);
  expect(at(ring, 3)).toBeNaN();
  expect(at(ring, -1)).toBeNaN();
});

test.each([4, 511, 512, 513, 515, 516, 517, 2000])('the newest window is in order after %d pushes', (count) => {
  expect([...newest(ringOf(4, count), 4)]).toEqual([count - 3, count - 2, count - 1, count]);
});

test('a window longer than what is known holds what is known', () => {
  expect([...newest(ringOf(8, 2), 5)]).toEqual([1, 2]);
});

test.each([3, 7, 8, 9, 100])('a value pushed and taken back after %d others leaves them as they were', (count) => {
  const ring = ringOf(4, count);
  const before = [...newest(ring, 3)];
  push(ring, 77);
  expect(at(ring, 0)).toBe(77);
  pop(ring);
  expect([...newest(ring, 3)]).toEqual(before);
  push(ring, 5);
  expect(at(ring, 0)).toBe(5);
});

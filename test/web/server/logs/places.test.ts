// Readers of logs: nobody takes the places of all others.
import { expect, test } from 'vitest';
import { ReaderPlaces } from '../../../../web/server/logs/places.ts';

const refused = expect.objectContaining({ status: 429, kind: 'too-many-readers' });

test('one person has so many, and the others have theirs all the same', () => {
  const places = new ReaderPlaces(5, 2);
  for (const person of ['a', 'a', 'b', 'b', 'c']) places.take(person);
  expect(() => places.take('a')).toThrow(refused);
  expect(() => places.take('d')).toThrow(refused);
});

test('a place that is given back is free, once', () => {
  const places = new ReaderPlaces(5, 2);
  const [first] = [places.take('a'), places.take('a')];
  first();
  first();
  places.take('a');
  expect(() => places.take('a')).toThrow(refused);
});

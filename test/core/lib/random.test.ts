// Seeded chance: repeatable, even, and without replacement where it says so.
import { expect, test } from 'vitest';
import { createRandom, randomInteger, randomNormal, sampleIndices } from '../../../core/lib/random.ts';
import { mean, standardDeviation } from '../../../core/lib/stats.ts';

const draw = (seed: number, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random());
};

test('the same seed gives the same numbers, another seed gives others', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50));
  expect(draw(7, 50)).not.toEqual(draw(8, 50));
});

test.each([0, 1, 2, 4294967295])('seed %d fills [0, 1) evenly', (seed) => {
  const numbers = draw(seed, 20_000);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(mean(numbers)).toBeCloseTo(0.5, 1);
  expect(standardDeviation(numbers)).toBeCloseTo(Math.sqrt(1 / 12), 2);
});

test('whole numbers stay below their bound and reach all of it', () => {
  const random = createRandom(3);
  const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('normal draws have mean 0 and deviation 1', () => {
  const random = createRandom(5);
  const numbers = Array.from({ length: 20_000 }, () => randomNormal(random));
  expect(mean(numbers)).toBeCloseTo(0, 1);
  expect(standardDeviation(numbers)).toBeCloseTo(1, 1);
});

test.each([
  { count: 5, bound: 1000, expected: 5 },
  { count: 256, bound: 300, expected: 256 },
  { count: 10, bound: 10, expected: 10 },
  { count: 10, bound: 4, expected: 4 },
])('$count of $bound without replacement are $expected different ones', ({ count, bound, expected }) => {
  const indices = sampleIndices(createRandom(9), count, bound);
  expect(indices.length).toBe(expected);
  expect(new Set(indices).size).toBe(expected);
  expect(Math.max(...indices)).toBeLessThan(bound);
});

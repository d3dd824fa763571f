// The original recipe as one voter: the value at its hour.
import { expect, test } from 'vitest';
import { fitRecipe, scoreRecipe } from '../../../../detectors/models/voters/recipe-forest.ts';
import { monday } from '../made-series.ts';

const nights = Float32Array.from(
  { length: 2016 },
  (_, row) => (Math.floor(row / 12) % 24 < 6 ? 0 : 5) + (row % 7) * 0.1,
);
const forest = fitRecipe(nights, monday, 300, 1);

test('a value never seen is stranger than one seen every day', () => {
  expect(scoreRecipe(forest, 20, monday)).toBeGreaterThan(scoreRecipe(forest, 5, monday + 43_200));
});

test('the same seed grows the same forest, gaps teach nothing, NaN has no score', () => {
  const holed = nights.slice();
  holed.fill(Number.NaN, 100, 200);
  expect(fitRecipe(nights, monday, 300, 1)).toEqual(forest);
  expect(Number.isFinite(scoreRecipe(fitRecipe(holed, monday, 300, 1), 5, monday))).toBe(true);
  expect(scoreRecipe(forest, Number.NaN, monday)).toBeNaN();
});

// Plain statistics against simple-statistics, and their silence where there is nothing to say.
import * as oracle from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/lib/random.ts';
import {
  finite,
  mean,
  median,
  medianAbsoluteDeviation,
  quantile,
  quantileSorted,
  ranks,
  sorted,
  spearman,
  standardDeviation,
} from '../../../core/lib/stats.ts';

const random = createRandom(11);
const numbers = Array.from({ length: 501 }, () => random() * 100 - 30);

describe('like simple-statistics', () => {
  test.each([
    { name: 'mean', ours: mean, theirs: oracle.mean },
    { name: 'median', ours: median, theirs: oracle.median },
    { name: 'standard deviation', ours: standardDeviation, theirs: oracle.standardDeviation },
    { name: 'median absolute deviation', ours: medianAbsoluteDeviation, theirs: oracle.medianAbsoluteDeviation },
  ])('$name', ({ ours, theirs }) => {
    expect(ours(numbers)).toBeCloseTo(theirs(numbers), 9);
    expect(ours([...numbers, Number.NaN, Number.POSITIVE_INFINITY])).toBeCloseTo(theirs(numbers), 9);
    expect(ours([])).toBeNaN();
    expect(ours([Number.NaN])).toBeNaN();
  });
});

test.each([
  { share: 0, expected: 1 },
  { share: 0.25, expected: 2 },
  { share: 0.5, expected: 3 },
  { share: 0.9, expected: 4.6 },
  { share: 1, expected: 5 },
  { share: 7, expected: 5 },
])('quantile $share of 1…5 is $expected', ({ share, expected }) => {
  expect(quantile([5, 3, 1, 2, 4], share)).toBeCloseTo(expected, 12);
  expect(quantileSorted([1, 2, 3, 4, 5], share)).toBeCloseTo(expected, 12);
});

test('what is not finite is left out, in order', () => {
  expect([...finite([3, Number.NaN, 1, Number.NEGATIVE_INFINITY])]).toEqual([3, 1]);
  expect([...sorted([3, Number.NaN, 1])]).toEqual([1, 3]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('ties share their rank', () => {
  expect([...ranks([10, 20, 10, 5])]).toEqual([1.5, 3, 1.5, 0]);
});

test.each([
  { left: [1, 2, 3, 4], right: [1, 4, 9, 16], expected: 1 },
  { left: [1, 2, 3, 4], right: [4, 3, 2, 1], expected: -1 },
  { left: [1, 1, 1], right: [1, 2, 3], expected: Number.NaN },
  { left: [], right: [], expected: Number.NaN },
])('rank correlation of $left and $right is $expected', ({ left, right, expected }) => {
  expect(spearman(left, right)).toEqual(expected);
});

test('rank correlation agrees with simple-statistics where there are no ties', () => {
  const other = numbers.map((value) => value * value + random() * 500);
  expect(spearman(numbers, other)).toBeCloseTo(oracle.sampleRankCorrelation(numbers, other), 9);
});

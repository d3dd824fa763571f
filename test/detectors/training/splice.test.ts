// One history out of several replicas: as restless as each of them, never their mean.
import { describe, expect, test } from 'vitest';
import { blank, countFinite, splice } from '../../../detectors/training/splice.ts';

const none = Number.NaN;
const of = (...values: number[]) => Float64Array.from(values);

describe('splice, days of two rows', () => {
  test.each([
    { given: 'one replica', parts: [of(1, 2, 3)], wanted: of(1, 2, 3) },
    { given: 'two replicas take turns', parts: [of(1, 1, 1, 1, 1), of(2, 2, 2, 2, 2)], wanted: of(1, 1, 2, 2, 1) },
    { given: 'one that came late', parts: [of(1, 1, 1, 1), of(none, none, 2, 2)], wanted: of(1, 1, 2, 2) },
    { given: 'one that is gone', parts: [of(1, 1, none, none), of(2, 2, 2, 2)], wanted: of(1, 1, 2, 2) },
    {
      given: 'a day on which nobody spoke',
      parts: [of(1, 1, none, none), of(2, 2, none, none)],
      wanted: of(1, 1, none, none),
    },
    { given: 'nobody', parts: [], wanted: of() },
  ])('$given', ({ parts, wanted }) => {
    expect(splice(parts, 2)).toEqual(wanted);
  });
});

test.each([
  { given: 'a stretch inside', stretch: [120, 240], wanted: of(1, none, none, 4) },
  { given: 'part of a row counts as all of it', stretch: [130, 170], wanted: of(1, none, 3, 4) },
  { given: 'a stretch beyond both ends', stretch: [0, 9_999], wanted: of(none, none, none, none) },
  { given: 'a stretch elsewhere', stretch: [500, 600], wanted: of(1, 2, 3, 4) },
])('$given is left out', ({ stretch, wanted }) => {
  const values = of(1, 2, 3, 4);
  const [startSeconds, endSeconds] = stretch as [number, number];
  expect(blank(values, { startSeconds: 60, stepSeconds: 60 }, [{ startSeconds, endSeconds }])).toEqual(wanted);
  expect(values).toEqual(of(1, 2, 3, 4));
});

test('only numbers count', () => {
  expect(countFinite([1, none, Number.POSITIVE_INFINITY, 0])).toBe(2);
});

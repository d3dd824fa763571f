// Answers of Prometheus: one value an entity, and what is doubtful is unknown.
import { describe, expect, test } from 'vitest';
import { readAnswer, readRange } from '../../detectors/answer.ts';
import { twoMetrics } from '../fakes/detector.ts';

const named = (name: string, value: number) => ({ labels: { name }, value });

describe('an instant answer', () => {
  test.each([
    { given: 'a number', series: [named('a', 2)], wanted: { a: 2 } },
    { given: 'zero, which is a number', series: [named('a', 0)], wanted: { a: 0 } },
    { given: 'NaN', series: [named('a', Number.NaN)], wanted: { a: Number.NaN } },
    { given: 'infinity', series: [named('a', Number.POSITIVE_INFINITY)], wanted: { a: Number.NaN } },
    { given: 'two where one is expected', series: [named('a', 1), named('a', 1)], wanted: { a: Number.NaN } },
    { given: 'labels that name nothing', series: [{ labels: {}, value: 1 }], wanted: {} },
    { given: 'an empty answer', series: [], wanted: {} },
  ])('$given', ({ series, wanted }) => {
    const { byKey } = readAnswer(twoMetrics, series);
    expect(Object.fromEntries([...byKey].map(([key, { value }]) => [key, value]))).toEqual(wanted);
  });

  test('duplicates are counted', () => {
    expect(readAnswer(twoMetrics, [named('a', 1), named('a', 1), named('a', 1), named('b', 1)]).duplicates).toBe(2);
  });
});

test('a range answer falls onto its grid; gaps and what is outside stay unknown', () => {
  const grid = { startSeconds: 60, stepSeconds: 60, count: 4 };
  const series = [{ labels: { name: 'a' }, times: [0, 60, 180, 300], values: [9, 1, Number.POSITIVE_INFINITY, 9] }];
  expect(readRange(twoMetrics, series, grid).get('a')).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN));
});

test('two range series of one entity follow each other', () => {
  const grid = { startSeconds: 60, stepSeconds: 60, count: 3 };
  const series = [
    { labels: { name: 'a', task: '1' }, times: [60, 120], values: [1, 2] },
    { labels: { name: 'a', task: '2' }, times: [120, 180], values: [20, 30] },
  ];
  expect(readRange(twoMetrics, series, grid).get('a')).toEqual(Float64Array.of(1, 20, 30));
});

// What a source must not emit fails it, and what is too much is cut and counted.
import { describe, expect, test } from 'vitest';
import { containerSeriesMax, guardSamples, seriesMax } from '../../collector/guard.ts';
import type { Source } from '../../collector/source.ts';
import { gauge, sample } from '../../core/contracts/sample.ts';

const source: Source = { name: 'fake', metrics: [gauge('a', 'A.'), gauge('container_b', 'B.')], read: () => [] };
const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => sample(name, at, { at: String(at) }));

describe('refused', () => {
  test.each([
    { given: 'a metric that is not declared', samples: [sample('c', 1)], gives: 'does not declare' },
    { given: 'NaN', samples: [sample('a', Number.NaN)], gives: 'NaN' },
    { given: 'infinity', samples: [sample('a', Number.POSITIVE_INFINITY)], gives: 'Infinity' },
  ])('$given', ({ samples, gives }) => {
    expect(() => guardSamples(source, samples)).toThrow(gives);
  });
});

describe('capped', () => {
  test.each([
    { metric: 'a', emitted: seriesMax, kept: seriesMax },
    { metric: 'a', emitted: seriesMax + 7, kept: seriesMax },
    { metric: 'container_b', emitted: seriesMax + 7, kept: seriesMax + 7 },
    { metric: 'container_b', emitted: containerSeriesMax + 3, kept: containerSeriesMax },
  ])('$emitted series of $metric → $kept', ({ metric, emitted, kept }) => {
    const guarded = guardSamples(source, many(metric, emitted));
    expect([guarded.kept.length, guarded.dropped]).toEqual([kept, emitted - kept]);
  });

  test('one metric at its cap leaves the others alone', () => {
    const { kept } = guardSamples(source, [...many('a', seriesMax + 1), ...many('container_b', 2)]);
    expect(kept.filter(({ name }) => name === 'container_b')).toHaveLength(2);
  });
});

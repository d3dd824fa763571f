// Figures by revision: every request is counted once, durations fall into their bucket, and memory has an end.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFigures, durationEdges, quantileOf, revisionsMax } from '../../../../web/server/ingress/figures.ts';
import { fuzzRuns } from '../../../fuzz.ts';

const request = { deployment: 'shop', revision: 'r1', status: 200, milliseconds: 10, retries: 0 };
const everywhere = () => 'e1';

test('edges go from 1 ms to 60 s, none more than 1.13 times the one before', () => {
  expect([durationEdges[0], durationEdges.at(-1)]).toEqual([0.001, 60]);
  const ratios = durationEdges.slice(1).map((edge, at) => edge / durationEdges[at]!);
  expect(Math.min(...ratios)).toBeGreaterThan(1);
  expect(Math.max(...ratios)).toBeLessThan(1.13);
});

test('a request is counted by its status, errors and retries apart', () => {
  const figures = createFigures();
  for (const status of [200, 204, 301, 404, 500, 503, -1]) figures.record({ ...request, status, retries: 2 }, 0);
  const [found] = figures.all(everywhere);
  expect(found).toMatchObject({
    ...{ environment: 'e1', deployment: 'shop', revision: 'r1', errors: 3, retries: 14 },
    requests: { '1xx': 0, '2xx': 2, '3xx': 1, '4xx': 1, '5xx': 2, none: 1 },
  });
  expect(found!.durationSeconds).toBeCloseTo(0.07);
});

test('each duration falls into the bucket whose edges hold it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1, max: 200_000 }), (milliseconds) => {
      const figures = createFigures();
      figures.record({ ...request, milliseconds }, 0);
      const at = figures.all(everywhere)[0]!.buckets.indexOf(1);
      const seconds = Math.max(milliseconds, 0) / 1000;
      expect(seconds).toBeLessThanOrEqual(durationEdges[at] ?? Number.POSITIVE_INFINITY);
      if (at > 0) expect(seconds).toBeGreaterThan(durationEdges[at - 1]!);
    }),
    { numRuns: fuzzRuns },
  );
});

describe('quantiles', () => {
  test('of nothing are unknown', () => {
    expect(quantileOf(new Array(durationEdges.length + 1).fill(0), 0.5)).toBeNull();
    expect(createFigures().recent('shop', 'r1', 0)).toMatchObject({ requests: 0, p50Seconds: null, p99Seconds: null });
  });

  test('lie within a bucket of the true ones', () => {
    const figures = createFigures();
    for (let milliseconds = 1; milliseconds <= 1_000; milliseconds++) figures.record({ ...request, milliseconds }, 0);
    const { p50Seconds, p95Seconds, p99Seconds } = figures.recent('shop', 'r1', 0);
    for (const [found, truth] of [
      [p50Seconds, 0.5],
      [p95Seconds, 0.95],
      [p99Seconds, 0.99],
    ] as const)
      expect(Math.abs(found! / truth - 1)).toBeLessThan(0.13);
  });

  test('beyond all edges count as the last', () => {
    const figures = createFigures();
    figures.record({ ...request, milliseconds: 90_000 }, 0);
    expect(figures.recent('shop', 'r1', 0).p50Seconds).toBe(60);
  });

  test('are of the last five minutes', () => {
    const figures = createFigures();
    figures.record({ ...request, milliseconds: 1_000, status: 500 }, 0);
    expect(figures.recent('shop', 'r1', 299)).toMatchObject({ requests: 1, errors: 1 });
    figures.record(request, 301);
    expect(figures.recent('shop', 'r1', 301)).toMatchObject({ requests: 1, errors: 0 });
    expect(figures.all(everywhere)[0]!.requests).toMatchObject({ '2xx': 1, '5xx': 1 });
  });
});

test('what is in the routes is told with zeros, what is in none is not told and forgotten after a while', () => {
  const figures = createFigures();
  figures.include('shop', 'r2', 0);
  figures.record(request, 0);
  expect(figures.all((_, revision) => (revision === 'r2' ? 'e1' : undefined))).toMatchObject([
    { revision: 'r2', errors: 0, requests: { '2xx': 0 } },
  ]);
  figures.forget((_, revision) => (revision === 'r2' ? 'e1' : undefined), 300);
  expect(figures.all(everywhere)).toHaveLength(2);
  figures.forget((_, revision) => (revision === 'r2' ? 'e1' : undefined), 601);
  expect(figures.all(everywhere).map(({ revision }) => revision)).toEqual(['r2']);
});

test('revisions have an end: the one that was silent longest goes', () => {
  const figures = createFigures();
  for (let at = 0; at <= revisionsMax; at++) figures.record({ ...request, revision: `r${at}` }, at);
  const kept = figures.all(everywhere).map(({ revision }) => revision);
  expect(kept).toHaveLength(revisionsMax);
  expect(kept).not.toContain('r0');
});

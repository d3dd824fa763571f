// The isolation forest: it finds what is far out, repeats itself, copes with constants, and agrees with a peer.
import { IsolationForest } from 'ml-isolation-forest';
import { describe, expect, test } from 'vitest';
import { averagePathLength, fitForest, scoreForest } from '../../../core/lib/forest.ts';
import { createRandom, randomNormal } from '../../../core/lib/random.ts';
import { mean, spearman } from '../../../core/lib/stats.ts';

const options = { trees: 100, sampleSize: 256, seed: 1 };

function cloud(count: number, dimensions: number, seed = 2): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count * dimensions }, () => randomNormal(random));
}

const rowOf = (rows: Float64Array, dimensions: number, row: number) =>
  rows.subarray(row * dimensions, (row + 1) * dimensions);

describe('what it learned', () => {
  const rows = cloud(4000, 3);
  const forest = fitForest(rows, 3, options);
  const ordinary = mean(Array.from({ length: 500 }, (_, row) => scoreForest(forest, rowOf(rows, 3, row))));

  test('the middle of the cloud scores below, a point far out well above the ordinary', () => {
    expect(scoreForest(forest, [0, 0, 0])).toBeLessThan(ordinary);
    expect(scoreForest(forest, [6, 0, 0])).toBeGreaterThan(ordinary + 0.1);
    expect(scoreForest(forest, [6, -6, 6])).toBeGreaterThan(scoreForest(forest, [6, 0, 0]));
    expect(scoreForest(forest, [1e300, 0, 0])).toBeLessThanOrEqual(1);
  });

  test('a forest that saw a constant tells nothing apart', () => {
    const blind = fitForest(new Float64Array(3000).fill(4), 3, options);
    expect(scoreForest(blind, [4, 4, 4])).toBe(scoreForest(blind, [90, -4, 0]));
    expect(scoreForest(blind, [4, 4, 4])).toBeCloseTo(0.5, 6);
  });

  test('a value that is not a number has no score', () => {
    expect(scoreForest(forest, [0, Number.NaN, 0])).toBeNaN();
  });
});

test('the same seed grows the same forest, another seed another', () => {
  const rows = cloud(1000, 2);
  expect(fitForest(rows, 2, options)).toEqual(fitForest(rows, 2, options));
  expect(fitForest(rows, 2, { ...options, seed: 2 }).cut).not.toEqual(fitForest(rows, 2, options).cut);
});

test('a constant feature is never cut', () => {
  const rows = cloud(1000, 3);
  for (let row = 0; row < 1000; row++) rows[row * 3 + 1] = 17;
  const forest = fitForest(rows, 3, options);
  const inner = 2 ** forest.depth - 1;
  const cuts = forest.feature.filter((feature, index) => feature === 1 && forest.cut[index] !== 0);
  expect(inner).toBe(255);
  expect(cuts.length).toBe(0);
});

test('a tree is at most log2 of its sample deep, and the whole stays below 300 KB', () => {
  const forest = fitForest(cloud(5000, 3), 3, options);
  const bytes = forest.feature.byteLength + forest.cut.byteLength + forest.length.byteLength;
  expect(forest.depth).toBe(8);
  expect(bytes).toBeLessThan(300_000);
});

test('values of any size are cut alike: bytes around 8 GB as well as ratios', () => {
  const rows = cloud(2000, 1);
  const large = rows.map((value) => 8e9 + value * 100);
  const small = fitForest(rows, 1, options);
  const big = fitForest(large, 1, options);
  expect(scoreForest(big, [8e9 + 500])).toBeCloseTo(scoreForest(small, [5]), 2);
});

test.each([
  { rows: 1, size: 1 },
  { rows: 2, size: 2 },
  { rows: 100, size: 100 },
])('$rows rows are enough to stand', ({ rows, size }) => {
  const forest = fitForest(cloud(rows, 2), 2, options);
  expect(forest.sampleSize).toBe(size);
  expect(scoreForest(forest, [0, 0])).toBeGreaterThan(0);
});

test('path lengths are those of the paper', () => {
  expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
  expect(averagePathLength(256)).toBeCloseTo(10.2448, 3);
});

test('ranks rows much as ml-isolation-forest does', () => {
  const rows = cloud(256, 3);
  const nested = Array.from({ length: 256 }, (_, row) => [...rowOf(rows, 3, row)]);
  const peer = new IsolationForest({ nEstimators: 100 });
  peer.train(nested);
  const forest = fitForest(rows, 3, options);
  const ours = nested.map((row) => scoreForest(forest, row));
  expect(spearman(ours, peer.predict(nested))).toBeGreaterThan(0.7);
});

// Eigenvectors and regression against their own definitions.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/lib/random.ts';
import { eigenSymmetric, solvePositive } from '../../../detectors/models/linear-algebra.ts';

/** A positive matrix of the given rank. */
function gramOf(size: number, rank: number): Float64Array {
  const random = createRandom(size);
  const factors = Float64Array.from({ length: size * rank }, () => random() - 0.5);
  return Float64Array.from({ length: size * size }, (_, index) => {
    let sum = 0;
    for (let k = 0; k < rank; k++)
      sum += factors[Math.floor(index / size) * rank + k]! * factors[(index % size) * rank + k]!;
    return sum;
  });
}

describe.each([1, 2, 3, 8, 40])('%d by %d', (size) => {
  test.each([size, Math.ceil(size / 2)])('rank %d: A·v = λ·v, descending, at right angles', (rank) => {
    const matrix = gramOf(size, rank);
    const { values, vectors } = eigenSymmetric(matrix, size);
    const vector = (k: number) => vectors.subarray(k * size, (k + 1) * size);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
    for (let k = 0; k < size; k++) {
      for (let row = 0; row < size; row++) {
        const image = dot(matrix.subarray(row * size, (row + 1) * size), vector(k));
        expect(image).toBeCloseTo(values[k]! * vector(k)[row]!, 9);
      }
      for (let other = 0; other < k; other++) expect(dot(vector(k), vector(other))).toBeCloseTo(0, 9);
      expect(dot(vector(k), vector(k))).toBeCloseTo(1, 9);
      if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
    }
  });
});

test('a zero and a diagonal matrix', () => {
  expect([...eigenSymmetric(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
  expect([...eigenSymmetric(Float64Array.from([1, 0, 0, 5]), 2).values]).toEqual([5, 1]);
});

test('a regression is solved, also when columns repeat each other', () => {
  expect([...solvePositive(Float64Array.from([4, 2, 2, 3]), Float64Array.from([2, 5]), 2)]).toEqual([
    expect.closeTo(-0.5, 9),
    expect.closeTo(2, 9),
  ]);
  const repeated = solvePositive(Float64Array.from([1, 1, 1, 1]), Float64Array.from([1, 1]), 2);
  expect(repeated.every(Number.isFinite)).toBe(true);
});

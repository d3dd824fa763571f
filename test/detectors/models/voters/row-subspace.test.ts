// Channels that move together: a row that breaks the bond is strange though each of its values is ordinary.
import { expect, test } from 'vitest';
import { createRandom, randomNormal } from '../../../../core/lib/random.ts';
import { fitRowSubspace, mahalanobis, reconstructionError } from '../../../../detectors/models/voters/row-subspace.ts';

const random = createRandom(5);
const loads = Array.from({ length: 1000 }, () => randomNormal(random));
const space = (share: number) =>
  fitRowSubspace(1000, 3, share, (row, into) => {
    into[0] = loads[row]!;
    into[1] = 2 * loads[row]! + 0.01 * Math.sin(row);
    into[2] = -loads[row]! + 0.01 * Math.cos(row);
    return true;
  })!;
const together = Float64Array.from([1, 2, -1]);
const apart = Float64Array.from([1, -2, -1]);
const room = new Float64Array(3);

test('one component carries the bond, and what breaks it is left over', () => {
  const bond = space(0.9);
  expect(bond.count).toBe(1);
  expect(reconstructionError(bond, together, room)).toBeLessThan(0.01);
  expect(reconstructionError(bond, apart, room)).toBeGreaterThan(2);
});

test('the distance within the components counts a direction hardly used most', () => {
  const whole = space(1);
  const parts = new Float64Array(3);
  expect(mahalanobis(whole, together, parts)).toBeLessThan(50);
  const far = mahalanobis(whole, apart, parts);
  expect(far).toBeGreaterThan(1000);
  expect(parts[0]! + parts[1]! + parts[2]!).toBeCloseTo(far, 3);
});

test('too few whole rows teach nothing', () => {
  expect(fitRowSubspace(1000, 3, 0.9, (row) => row < 20)).toBeNull();
});

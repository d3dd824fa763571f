// The change voter: lively where training was calm is strange, calm is not.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { fitDifferences, scoreDifferences } from '../../../../detectors/models/voters/differences.ts';

const random = createRandom(8);
const calm = Float32Array.from({ length: 1000 }, () => random());
const model = fitDifferences(calm)!;

test('a jump is strange while it is within the last nine rows', () => {
  const jumped = calm.slice();
  jumped.fill(30, 900);
  const score = (end: number) => scoreDifferences(model, jumped, end);
  expect(score(903)).toBeGreaterThan(10 * score(890));
  expect(score(912)).toBeLessThan(1);
});

test('both centres were learned and stand apart', () => {
  expect(model.centres.length).toBe(12);
  expect(model.centres[0]!).toBeLessThan(model.centres[6]!);
});

test('gaps, short starts and short trainings are silent', () => {
  const holed = calm.slice();
  holed[995] = Number.NaN;
  expect(scoreDifferences(model, holed, 1000)).toBeNaN();
  expect(scoreDifferences(model, calm, 8)).toBeNaN();
  expect(fitDifferences(calm.subarray(0, 20))).toBeNull();
});

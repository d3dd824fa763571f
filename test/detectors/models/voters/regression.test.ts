// The forecast: small errors on what repeats, large ones on what breaks it, silence in gaps.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { fitRegression, scoreRegression } from '../../../../detectors/models/voters/regression.ts';

const random = createRandom(6);
const wave = Float32Array.from({ length: 1500 }, (_, row) => 2 * Math.sin(row / 9) + 0.02 * (random() - 0.5));
const model = fitRegression(wave, null)!;
const error = (buffer: Float32Array, end: number) => scoreRegression(model, buffer, end, null, 0);

test('a wave is foretold, a jump is not', () => {
  const jumped = wave.slice();
  jumped[1200] = wave[1200]! + 1;
  expect(error(wave, 1201)).toBeLessThan(0.1);
  expect(error(jumped, 1201)).toBeGreaterThan(0.8);
});

test('an outlier in the inputs does not make the forecast explode', () => {
  const spiked = wave.slice();
  spiked[1195] = 1e9;
  expect(error(spiked, 1201)).toBeLessThan(30);
});

test('the season helps where the lags know nothing', () => {
  const noise = Float32Array.from({ length: 1500 }, (_, row) => (row % 50 === 0 ? 5 : 0) + 0.1 * (random() - 0.5));
  const season = Float32Array.from({ length: 1501 }, (_, row) => (row % 50 === 0 ? 5 : 0));
  const seasonal = fitRegression(noise, season)!;
  expect(scoreRegression(seasonal, noise, 1001, season, 1000)).toBeLessThan(1);
  expect(scoreRegression(seasonal, noise, 1001, season, 1003)).toBeGreaterThan(3);
});

test('gaps are silent, and too few whole rows teach nothing', () => {
  const holed = wave.slice();
  holed[1190] = Number.NaN;
  expect(error(holed, 1201)).toBeNaN();
  expect(error(wave, 20)).toBeNaN();
  expect(fitRegression(wave.subarray(0, 60), null)).toBeNull();
});

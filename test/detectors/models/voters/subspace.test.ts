// Shapes: a mixture of what was seen is ordinary, another shape of the same size is not.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { mean } from '../../../../core/lib/stats.ts';
import { fitSubspace, scoreSubspace } from '../../../../detectors/models/voters/subspace.ts';

const random = createRandom(9);
const wave = Float32Array.from({ length: 3000 }, (_, row) => Math.sin(row / 15) + 0.05 * (random() - 0.5));

describe.each([1, 3])('one input every %d rows', (lag) => {
  const model = fitSubspace(wave, lag, [0, 0])!;
  const usual = mean(Array.from({ length: 200 }, (_, index) => scoreSubspace(model, wave, 2000 + index)));

  test('a zigzag of the same size is far stranger than the wave', () => {
    const zigzag = wave.slice();
    for (let row = 2900; row < 3000; row++) zigzag[row] = Math.floor(row / lag) % 2 === 0 ? 1 : -1;
    expect(scoreSubspace(model, zigzag, 3000)).toBeGreaterThan(5 * usual);
  });

  test('what is left out of training is stranger to it', () => {
    const odd = wave.slice();
    for (let row = 1000; row < 1200; row++) odd[row] = Math.floor(row / lag) % 2 === 0 ? 1 : -1;
    const told = fitSubspace(odd, lag, [0, 0])!;
    const untold = fitSubspace(odd, lag, [900, 1300])!;
    expect(scoreSubspace(untold, odd, 1150)).toBeGreaterThan(2 * scoreSubspace(told, odd, 1150));
  });

  test('gaps, short starts and short trainings are silent; a constant is no division by zero', () => {
    const holed = wave.slice();
    holed[2990] = Number.NaN;
    expect(scoreSubspace(model, holed, 3000)).toBeNaN();
    expect(scoreSubspace(model, wave, 20)).toBeNaN();
    expect(fitSubspace(wave.subarray(0, 60), lag, [0, 0])).toBeNull();
    const still = fitSubspace(new Float32Array(500).fill(2), lag, [0, 0])!;
    expect(scoreSubspace(still, new Float32Array(500).fill(2), 400)).toBe(0);
  });
});

// Nearest windows: exactly the 5th nearest of the references, silent in gaps, blind to a training row's own neighbours.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { fitNearest, scoreNearest } from '../../../../detectors/models/voters/nearest.ts';

const random = createRandom(3);
const wave = Float32Array.from({ length: 2000 }, (_, row) => Math.sin(row / 20) + 0.1 * (random() - 0.5));
const nearest = fitNearest(wave, [8, 32, 96])!;

function scores(buffer: Float32Array, end = buffer.length, near = -1): number[] {
  const into = new Float64Array(3);
  scoreNearest(nearest, buffer, end, into, 0, near);
  return [...into];
}

/** The definition, spelled out, for windows of up to 32 rows. */
function plain(buffer: Float32Array, end: number, rows: number): number {
  const distances = Array.from(nearest.ends, (reference) => {
    let sum = 0;
    for (let lag = 1; lag <= rows; lag++) sum += (buffer[end - lag]! - wave[reference - lag]!) ** 2;
    return Math.sqrt(sum);
  });
  return distances.sort((left, right) => left - right)[4]!;
}

test.each([200, 777, 1500, 2000])('is the 5th nearest at row %d in spite of all early stops', (end) => {
  const [short, middle] = scores(wave, end);
  expect(short).toBeCloseTo(plain(wave, end, 8), 3);
  expect(middle).toBeCloseTo(plain(wave, end, 32), 3);
});

test('a stretch unlike any before is far away at every length', () => {
  const flat = wave.slice();
  flat.fill(3, 1900);
  const usual = scores(wave);
  scores(flat).forEach((score, scale) => {
    expect(score).toBeGreaterThan(3 * usual[scale]!);
  });
});

test('a training row is not vouched for by its neighbours', () => {
  const odd = wave.slice();
  odd.fill(3, 1000, 1100);
  const taught = fitNearest(odd, [8, 32, 96])!;
  const withThem = new Float64Array(3);
  const without = new Float64Array(3);
  scoreNearest(taught, odd, 1090, withThem, 0);
  scoreNearest(taught, odd, 1090, without, 0, 200);
  expect(withThem[0]).toBeLessThan(0.01);
  expect(without[0]).toBeGreaterThan(1);
});

test.each([
  { given: 'a gap three rows back', at: 1996, expected: [true, true, true] },
  { given: 'a gap twenty rows back', at: 1980, expected: [false, true, true] },
  { given: 'a gap eighty rows back', at: 1920, expected: [false, false, true] },
  { given: 'a gap further back', at: 1800, expected: [false, false, false] },
])('$given silences the windows over it', ({ at, expected }) => {
  const holed = wave.slice();
  holed[at] = Number.NaN;
  expect(scores(holed).map(Number.isNaN)).toEqual(expected);
});

test('too short a start is silent, too short a training is none', () => {
  expect(scores(wave, 7).map(Number.isNaN)).toEqual([true, true, true]);
  expect(scores(wave, 40).map(Number.isNaN)).toEqual([false, false, true]);
  expect(fitNearest(wave.subarray(0, 100), [8, 32, 96])).toBeNull();
  expect(fitNearest(new Float32Array(500).fill(Number.NaN), [8])).toBeNull();
});

test('a reference far out costs the others no precision', () => {
  const spiked = wave.slice();
  spiked[500] = 1e6;
  const taught = fitNearest(spiked, [8])!;
  const into = new Float64Array(1);
  scoreNearest(taught, wave, 1500, into, 0);
  expect(into[0]).toBeCloseTo(plain(wave, 1500, 8), 1);
  const other = taught.ends.findIndex((end) => end < 500);
  expect(taught.steps[other]).toBeLessThan(1e-4);
});

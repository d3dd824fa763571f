// Voter: the original recipe, an isolation forest on value, hour and weekday.
import { type Forest, fitForest, scoreForest } from '../../../core/lib/forest.ts';

/** Smaller than the usual 100 trees of 256: one small voice among many must not outweigh the others in memory (14 KB). */
const TREES = 25;
const SAMPLE_SIZE = 64;

/** `values` are in spreads, NaN left out; O(rows) once, 25 · 6 steps a row (Liu, Ting, Zhou, ICDM 2008). */
export function fitRecipe(values: Float32Array, startSeconds: number, stepSeconds: number, seed: number): Forest {
  const rows = new Float64Array(3 * values.length);
  let length = 0;
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index]!)) continue;
    readFeatures(values[index]!, startSeconds + index * stepSeconds);
    rows.set(features, length);
    length += 3;
  }
  return fitForest(rows.subarray(0, length), 3, { trees: TREES, sampleSize: SAMPLE_SIZE, seed });
}

/** 0.5 is ordinary, 1 is anomalous; NaN for NaN. */
export function scoreRecipe(forest: Forest, value: number, timeSeconds: number): number {
  readFeatures(value, timeSeconds);
  return scoreForest(forest, features);
}

const features = new Float64Array(3);

function readFeatures(value: number, timeSeconds: number): void {
  features[0] = value;
  features[1] = Math.floor(timeSeconds / 3600) % 24;
  features[2] = (Math.floor(timeSeconds / 86400) + 3) % 7;
}

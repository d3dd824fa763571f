// Series made for the models' tests: a daily rhythm with noise, and what can go wrong with it.
import { createRandom, randomNormal } from '../../../core/lib/random.ts';
import type { EntityHistory, History } from '../../../detectors/models/model.ts';

/** Monday, 5 January 2026, 00:00 UTC. */
export const monday = 1_767_571_200;
export const options = { seed: 1, trainedAtSeconds: monday };

/** `days` of a daily wave of 100 ± 20 with noise of deviation 2, one row each `stepSeconds`. */
export function dailyWave(days: number, stepSeconds = 300, seed = 1): Float64Array {
  const random = createRandom(seed);
  const rows = Math.round((days * 86_400) / stepSeconds);
  return Float64Array.from(
    { length: rows },
    (_, row) => 100 + 20 * Math.sin((2 * Math.PI * row * stepSeconds) / 86_400) + 2 * randomNormal(random),
  );
}

export function historyOf(values: Float64Array, stepSeconds = 300): History {
  return { startSeconds: monday, stepSeconds, values };
}

/** Three channels that follow one load, each with a little noise of its own, and one that never moves. */
export function busyHost(rows: number, seed = 1): Float64Array[] {
  const random = createRandom(seed);
  const channels = Array.from({ length: 4 }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const load = 0.5 + 0.3 * Math.sin(row / 45) + 0.02 * randomNormal(random);
    channels[0]![row] = load + 0.01 * randomNormal(random);
    channels[1]![row] = 2 * load + 0.02 * randomNormal(random);
    channels[2]![row] = 1e9 * (1 + load) + 1e7 * randomNormal(random);
    channels[3]![row] = 7;
  }
  return channels;
}

export function entityHistoryOf(channels: Float64Array[], stepSeconds = 60): EntityHistory {
  return { startSeconds: monday, stepSeconds, channels };
}

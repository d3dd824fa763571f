// On labelled series, where they are at hand, a replayed score tells anomalies from the rest better than chance by far.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mean, ranks } from '../../../core/lib/stats.ts';
import { parseManifest, parseRecording } from '../../../detectors/replay/recording.ts';
import { replay } from '../../../detectors/replay/replay.ts';

const shared = process.env['ODYSSEY_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'data/anomaly/dev');

/** Share of pairs of an anomalous and an ordinary row in which the anomalous one scores higher. */
function separation(scores: Float64Array, labels: readonly number[]): number {
  const rank = ranks(scores);
  const anomalous = rank.filter((_, row) => labels[row] === 1);
  const pairs = anomalous.length * (scores.length - anomalous.length);
  return (anomalous.reduce((sum, value) => sum + value, 0) - (anomalous.length * (anomalous.length - 1)) / 2) / pairs;
}

test.skipIf(!existsSync(folder))(
  'two labelled series of two kinds (skipped where the labelled data are absent)',
  () => {
    const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const separations = ['nab', 'js2'].map((set) => {
      const entry = manifest.find((one) => one.set === set && !one.name.startsWith('artificialNo'))!;
      const text = gunzipSync(readFileSync(join(folder, set, `${entry.name}.csv.gz`))).toString();
      const labels = text
        .trimEnd()
        .split('\n')
        .slice(1 + entry.n_train)
        .map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
      const { score } = replay(parseRecording(text, entry), { seed: 1, refitSeconds: 10 * 86_400 });
      return separation(score.slice(entry.n_train), labels);
    });
    expect(mean(separations)).toBeGreaterThan(0.65);
  },
);

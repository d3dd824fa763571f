// The isolation forest beside scikit-learn and ml-isolation-forest, on the same rows, in one run, one thread each.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsolationForest } from 'ml-isolation-forest';
import { type Forest, fitForest, scoreForest } from '../../core/lib/forest.ts';
import { createRandom, randomNormal } from '../../core/lib/random.ts';
import { median, spearman } from '../../core/lib/stats.ts';
import { barred, type Figure, told, unmeasured } from '../prove/figure.ts';

type Progress = (line: string) => void;

const options = { trees: 100, sampleSize: 256, seed: 1 };
const rounds = 7;
const sizes = [
  { rows: 10_000, agreementMin: 0.85 },
  { rows: 40_320, agreementMin: 0.93 },
];

export async function run(progress: Progress): Promise<Figure[]> {
  return sizes.flatMap(({ rows, agreementMin }) => {
    progress(`${rows} rows of value, hour and weekday`);
    const data = madeRows(rows);
    const ours = measure(data, rows);
    const name = (part: string) => `forest.${rows}.${part}`;
    const bars = rows === 40_320;
    const figures = [
      bars ? barred(name('fit'), ours.fitMs, '<=', 50, 'ms') : told(name('fit'), ours.fitMs, 'ms'),
      bars ? barred(name('score'), ours.scoreUs, '<=', 3, 'us/row') : told(name('score'), ours.scoreUs, 'us/row'),
      barred(name('size'), ours.bytes, '<=', 300_000, 'bytes'),
    ];
    return [
      ...figures,
      ...besideSklearn(data, rows, agreementMin, ours.scores, progress),
      ...besideMl(data, rows, ours.scores),
    ];
  });
}

/** Weeks of minutes with a daily rhythm, noise, and now and then a burst, as metrics have them. */
function madeRows(count: number): Float64Array {
  const random = createRandom(7);
  const rows = new Float64Array(3 * count);
  for (let row = 0; row < count; row++) {
    rows[3 * row] = 50 + 10 * Math.sin((2 * Math.PI * row) / 1440) + 3 * Math.exp(0.8 * randomNormal(random));
    rows[3 * row + 1] = Math.floor(row / 60) % 24;
    rows[3 * row + 2] = Math.floor(row / 1440) % 7;
  }
  return rows;
}

function measure(data: Float64Array, rows: number) {
  const fits: number[] = [];
  const passes: number[] = [];
  const scores = new Float64Array(rows);
  let forest: Forest = fitForest(data, 3, options);
  for (let round = 0; round < rounds; round++) {
    const began = cpuMs();
    forest = fitForest(data, 3, options);
    const fitted = cpuMs();
    for (let row = 0; row < rows; row++) scores[row] = scoreForest(forest, data.subarray(3 * row, 3 * row + 3));
    fits.push(fitted - began);
    passes.push(((cpuMs() - fitted) * 1000) / rows);
  }
  const bytes = forest.feature.byteLength + forest.cut.byteLength + forest.length.byteLength;
  return { fitMs: median(fits), scoreUs: median(passes), bytes, scores };
}

/** CPU time of this process in milliseconds: busy neighbours do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const script = `
import sys, time, numpy as np
from sklearn.ensemble import IsolationForest
x = np.fromfile(sys.argv[1]).reshape(-1, 3)
t = time.process_time(); f = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=1).fit(x)
u = time.process_time(); s = -f.score_samples(x); v = time.process_time()
(-IsolationForest(n_estimators=100, max_samples=256, random_state=2, n_jobs=1).fit(x).score_samples(x)).tofile(sys.argv[2] + '.other')
s.tofile(sys.argv[2]); print(u - t, (v - u) / len(x))
`;

function besideSklearn(
  data: Float64Array,
  rows: number,
  limit: number,
  scores: Float64Array,
  progress: Progress,
): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'forest-'));
  const name = (part: string) => `forest.${rows}.sklearn_${part}`;
  try {
    writeFileSync(join(folder, 'rows'), data);
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const args = ['-c', script, join(folder, 'rows'), join(folder, 'scores')];
    const [fitSeconds, rowSeconds] = execFileSync('/usr/bin/python3', args, {
      env,
      encoding: 'utf8',
      timeout: 300_000,
    }).split(' ');
    const read = (file: string) => new Float64Array(new Uint8Array(readFileSync(join(folder, file))).buffer);
    const theirs = read('scores');
    return [
      told(name('fit'), Number(fitSeconds) * 1000, 'ms'),
      told(name('score'), Number(rowSeconds) * 1e6, 'us/row'),
      told(name('seed_to_seed'), spearman(theirs, read('scores.other'))),
      barred(name('agreement'), spearman(scores, theirs), '>=', limit),
    ];
  } catch (error) {
    progress(String(error).slice(0, 300));
    return [unmeasured(name('agreement'), 'scikit-learn did not run: apt-get install python3-sklearn')];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function besideMl(data: Float64Array, rows: number, scores: Float64Array): Figure[] {
  const nested = Array.from({ length: rows }, (_, row) => [...data.subarray(3 * row, 3 * row + 3)]);
  const forest = new IsolationForest({ nEstimators: 100 });
  const began = cpuMs();
  forest.train(nested);
  const fitted = cpuMs();
  const theirs = forest.predict(nested);
  const name = (part: string) => `forest.${rows}.ml_isolation_forest_${part}`;
  return [
    told(name('fit'), fitted - began, 'ms'),
    told(name('score'), ((cpuMs() - fitted) * 1000) / rows, 'us/row'),
    told(name('agreement'), spearman(scores, theirs)),
  ];
}

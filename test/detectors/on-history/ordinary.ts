// Calibration on a week of history in a real Prometheus: the detectors' own loop, stepped through ordinary hours it was not trained on.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrometheus } from '../../../core/runtime/prometheus.ts';
import { samplesOf } from '../../../detectors/exposition.ts';
import { createLimit } from '../../../detectors/limit.ts';
import { processes } from '../../../detectors/process/index.ts';
import { openState } from '../../../detectors/state.ts';
import { learn } from '../../../detectors/training/learn.ts';
import { createTrainer } from '../../../detectors/training/pool.ts';
import { tick, type Watched } from '../../../detectors/watch.ts';
import type { TestEngine } from '../../engines.ts';
import { fakePorts, settings as shared } from '../../fakes/detector.ts';
import { barred, type Figure, told } from '../../prove/figure.ts';
import { groups, liveLife, rowSeconds } from './series.ts';
import { backfill, freePort, startPrometheus } from './stack.ts';

const daySeconds = 86_400;
const historySeconds = 7 * daySeconds;
const settings = { ...shared, tickSeconds: 60, windowSeconds: 6 * daySeconds };

/** Trains on six days, then steps through `hours` of the seventh, a tick a minute. */
export async function proveOrdinary(
  engine: TestEngine,
  hours: number,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'odyssey-ordinary-'));
  const now = Math.floor(Date.now() / 1000 / rowSeconds) * rowSeconds;
  const life = liveLife(now - historySeconds, historySeconds / rowSeconds + 1, 7);
  await backfill(engine, folder, life, now);
  const port = await freePort();
  const prometheus = await startPrometheus(engine, folder, { everySeconds: 60, targets: [] }, port);
  try {
    const cut = now - daySeconds;
    progress('training on six days');
    const first = await train(port, cut, 7);
    const again = await train(port, cut, 7);
    const other = await train(port, cut, 8);
    progress(`stepping through ${hours} ordinary hours`);
    const scores = await step(first, cut, hours);
    const share = (level: number) => (100 * scores.filter((score) => score >= level).length) / scores.length;
    const at = (level: number) => share(level);
    return [
      told('main-job.history.ordinary_scores', scores.length),
      barred('main-job.history.share_95_low', at(95), '>=', 2.5, '%'),
      barred('main-job.history.share_95_high', at(95), '<=', 10, '%'),
      barred('main-job.history.share_99_low', at(99), '>=', 0.5, '%'),
      barred('main-job.history.share_99_high', at(99), '<=', 2, '%'),
      told('main-job.history.share_99.9', at(99.9), '%'),
      barred('main-job.history.same_seed_same_models', first.digest === again.digest ? 1 : 0, '==', 1),
      barred('main-job.history.other_seed_other_models', first.digest === other.digest ? 0 : 1, '==', 1),
    ];
  } finally {
    await prometheus.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Trained = { watched: Watched; ports: ReturnType<typeof fakePorts>; digest: string };

async function train(port: number, atSeconds: number, seed: number): Promise<Trained> {
  const trainer = createTrainer({ jobSecondsMax: 300, heapMegabytesMax: 96 });
  const prometheus = createPrometheus({
    baseUrl: `http://127.0.0.1:${port}`,
    fetch,
    timeoutSeconds: 10,
    answerBytesMax: 1 << 25,
  });
  const ports = { ...fakePorts({}, atSeconds), prometheus, trainer } as unknown as Trained['ports'];
  const watched: Watched = { state: openState(processes), library: new Map() };
  await tick(watched, atSeconds, ports, settings, createLimit(4, 100));
  for (const group of groups) {
    const modelKey = JSON.stringify(['here', group]);
    await learn(watched, { modelKey, train: true }, [], ports, { ...settings, seed });
  }
  await trainer.rest();
  const digest = createHash('sha256');
  for (const [place, bytes] of [...ports.store.saved].sort()) digest.update(place).update(bytes);
  return { watched, ports, digest: digest.digest('hex') };
}

async function step({ watched, ports }: Trained, fromSeconds: number, hours: number): Promise<number[]> {
  const scores: number[] = [];
  for (let minute = 1; minute <= hours * 60; minute++) {
    const time = fromSeconds + minute * rowSeconds;
    ports.clock.now = time;
    await tick(watched, time, ports, settings, createLimit(4, 100));
    for (const { name, value } of samplesOf(watched.state, settings, time))
      if (name === 'anomaly_score') scores.push(value);
  }
  return scores;
}

// The main job on a week of history in a real Prometheus: learn, notice a fault, survive a kill, and fall silent with Prometheus.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestEngine } from '../../engines.ts';
import { barred, type Figure, told } from '../../prove/figure.ts';
import { liveLife, rowSeconds } from './series.ts';
import {
  backfill,
  type Exported,
  freePort,
  type Running,
  readMetrics,
  startDetectors,
  startExporter,
  startPrometheus,
  until,
} from './stack.ts';

const daySeconds = 86_400;
const historySeconds = 7 * daySeconds;
/** Shorter than in production, so that the proof takes minutes; the row stays a minute. */
const tickSeconds = 5;
const seriesWanted = 24; // four groups of five metrics, and each group's metrics together

export async function proveLive(engine: TestEngine, progress: (line: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'odyssey-history-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await run(engine, folder, ends, progress);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function run(
  engine: TestEngine,
  folder: string,
  ends: (() => Promise<unknown>)[],
  progress: (line: string) => void,
): Promise<Figure[]> {
  const now = Math.floor(Date.now() / 1000 / rowSeconds) * rowSeconds;
  const life = liveLife(now - historySeconds, (historySeconds + daySeconds) / rowSeconds, 42);
  const past = { group: 'worker', metric: 'memory', factor: 3 } as const;
  // Five rows of 10,080: a fault that had lasted for half an hour would be one row in 336, and 99.9 a wrong answer.
  life.faults.push({ ...past, startSeconds: now - 3 * daySeconds, endSeconds: now - 3 * daySeconds + 300 });
  progress('writing a week of history');
  await backfill(engine, folder, life, now);
  const exporter = await startExporter(life);
  ends.push(exporter.close);
  const [prometheusPort, gpu, container, process, disk] = await Promise.all(Array.from({ length: 5 }, freePort));
  const ports = { gpu: gpu!, container: container!, process: process!, disk: disk! };
  const scrape = {
    everySeconds: tickSeconds,
    targets: [
      { job: 'node', ports: [exporter.port] },
      { job: 'detectors', ports: Object.values(ports) },
    ],
  };
  let prometheus = await startPrometheus(engine, folder, scrape, prometheusPort!);
  ends.push(() => prometheus.stop());
  const settings = {
    PROMETHEUS_URL: `http://127.0.0.1:${prometheusPort}`,
    ODYSSEY_DATA: join(folder, 'data'),
    DETECTOR_TICK: `${tickSeconds}s`,
  };
  let detectors = await startDetectors(settings, ports);
  ends.push(() => detectors.stop());
  const figures: Figure[] = [];
  const learning = await until(
    400,
    'every series in model mode',
    async () => (await inMode(ports.process, 'model')) >= seriesWanted,
  );
  progress(`every series has its model after ${learning.toFixed(0)} s`);
  figures.push(
    told('main-job.history.training', learning, 's'),
    told('main-job.history.pss', pssMegabytes(detectors), 'MB'),
  );
  figures.push(await proveFault(life, ports.process, progress));
  const restart = await proveRestart(detectors, () => startDetectors(settings, ports), ports.process);
  detectors = restart.detectors;
  figures.push(...restart.figures);
  progress('Prometheus stops');
  figures.push(...(await proveSilence(prometheus, ports.process)));
  prometheus = await startPrometheus(engine, folder, scrape, prometheusPort!);
  const back = await until(
    90,
    'scores after the silence',
    async () => (await inMode(ports.process, 'model')) >= seriesWanted,
  );
  return [...figures, barred('main-job.history.back_after_silence', back, '<=', 60, 's')];
}

/** Memory of one group triples; its score must stand at 99.9 or more on 3 of 4 ticks in a row, within 5 minutes. */
async function proveFault(
  life: ReturnType<typeof liveLife>,
  port: number,
  progress: (line: string) => void,
): Promise<Figure> {
  const startSeconds = Date.now() / 1000;
  life.faults.push({ group: 'worker', metric: 'memory', factor: 3, startSeconds, endSeconds: startSeconds + 900 });
  progress('the fault begins');
  const ticks: { at: number; score: number }[] = [];
  const name = 'main-job.history.fault_noticed';
  const seconds = await until(300, 'the fault reads 99.9', async () => {
    const exported = await readMetrics(port);
    const at = find(exported, 'anomaly_last_evaluation_timestamp_seconds')?.value ?? 0;
    const score = find(exported, 'anomaly_score')?.value ?? Number.NaN;
    if (at > (ticks.at(-1)?.at ?? 0)) ticks.push({ at, score });
    return ticks.slice(-4).filter((tick) => tick.score >= 99.9).length >= 3;
  }).catch(() => Number.NaN);
  return barred(name, seconds, '<=', 300, 's');
}

async function proveRestart(
  detectors: Running,
  start: () => Promise<Running>,
  port: number,
): Promise<{ detectors: Running; figures: Figure[] }> {
  const trained = (exported: Exported[]) =>
    exported
      .filter(({ name }) => name === 'anomaly_model_trained_timestamp_seconds')
      .map(({ labels, value }) => `${labels['groupname']} ${labels['metric']} ${value}`)
      .sort()
      .join();
  const before = trained(await readMetrics(port));
  await detectors.stop('SIGKILL');
  const began = performance.now();
  const again = await start();
  await until(60, 'scores of the saved models', async () => (await inMode(port, 'model')) >= seriesWanted);
  const seconds = (performance.now() - began) / 1000;
  const same = trained(await readMetrics(port)) === before;
  const figures = [
    barred('main-job.history.serves_after_kill', seconds, '<=', 30, 's'),
    barred('main-job.history.same_models_after_kill', same ? 1 : 0, '==', 1),
  ];
  return { detectors: again, figures };
}

async function proveSilence(prometheus: Running, port: number): Promise<Figure[]> {
  await prometheus.stop();
  const seconds = await until(60, 'everything unknown', async () => (await inMode(port, 'unknown')) >= seriesWanted);
  const exported = await readMetrics(port);
  const named = (name: string) => exported.filter((each) => each.name === name).length;
  return [
    barred('main-job.history.unknown_within', seconds, '<=', 2 * tickSeconds + 1, 's'),
    barred('main-job.history.scores_while_unknown', named('anomaly_score') + named('anomaly_alert'), '==', 0),
  ];
}

/** Series whose one mode is this one. */
async function inMode(port: number, mode: string): Promise<number> {
  const exported = await readMetrics(port);
  return exported.filter(
    ({ name, labels, value }) => name === 'anomaly_detector_mode' && labels['mode'] === mode && value === 1,
  ).length;
}

function find(exported: Exported[], wanted: string): Exported | undefined {
  return exported.find(
    ({ name, labels }) => name === wanted && labels['groupname'] === 'worker' && labels['metric'] === 'memory',
  );
}

function pssMegabytes({ child }: Running): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

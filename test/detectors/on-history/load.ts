// The memory of five hundred series: a week of their history in a real Prometheus, and the real detectors that learn all of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestEngine } from '../../engines.ts';
import { barred, type Figure, told } from '../../prove/figure.ts';
import { readBill } from '../../prove/process-bill.ts';
import { liveLife, rowSeconds } from './series.ts';
import {
  backfill,
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
/** Five metrics each, and each group's metrics together: 504 series. */
const groupsWanted = 84;
const seriesWanted = 500;
const learningSecondsMax = 1800;
/** After the last lesson: heaps have had time to shrink, and no more is to come. */
const restSeconds = 120;
const askedSeconds = 5;
const mebibyte = 1024 * 1024;
const pssMax = 150;

/**
 * Two starts with the flags and the allocator of the product. The first has no compiled code and no models and learns
 * everything: the worst there is. The second finds both.
 */
export async function proveLoad(engine: TestEngine, progress: (line: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'odyssey-load-'));
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
  const names = Array.from({ length: groupsWanted }, (_, index) => `group-${index}`);
  const life = liveLife(now - historySeconds, (historySeconds + daySeconds) / rowSeconds, 5, names);
  progress(`writing a week of ${life.series.length} series`);
  await backfill(engine, folder, life, now);
  const exporter = await startExporter(life);
  ends.push(exporter.close);
  const [prometheusPort, gpu, container, process, disk] = await Promise.all(Array.from({ length: 5 }, freePort));
  const scrape = { everySeconds: 15, targets: [{ job: 'node', ports: [exporter.port] }] };
  const prometheus = await startPrometheus(engine, folder, scrape, prometheusPort!);
  ends.push(() => prometheus.stop());
  const data = join(folder, 'data');
  const settings = {
    PROMETHEUS_URL: `http://127.0.0.1:${prometheusPort}`,
    ODYSSEY_DATA: data,
    NODE_COMPILE_CACHE: join(data, 'cache/compile'),
    DETECTOR_SERIES_MAX: '700',
  };
  const start = () => startDetectors(settings, { gpu: gpu!, container: container!, process: process!, disk: disk! });
  const learning = await watch(await start(), learningSecondsMax, progress);
  const again = await watch(await start(), learningSecondsMax, progress);
  return [
    barred('detection.load.series', learning.series, '>=', seriesWanted),
    told('detection.load.learning', learning.seconds, 's'),
    barred('detection.load.pss_peak', learning.pssPeak, '<=', pssMax, 'MB'),
    barred('detection.load.pss_after', learning.pssAfter, '<=', pssMax, 'MB'),
    told('detection.load.private_after', learning.privateAfter, 'MB'),
    barred('detection.load.pss_peak_restarted', again.pssPeak, '<=', pssMax, 'MB'),
    barred('detection.load.pss_after_restarted', again.pssAfter, '<=', pssMax, 'MB'),
    told('detection.load.cpu_at_rest', learning.cpuPercent, '%'),
  ];
}

interface Memory {
  /** Series that have their model. */
  series: number;
  /** Until there was no lesson left. */
  seconds: number;
  /** Of the process with its training worker, in MB: the most of four readings a second, and a while after the last lesson. */
  pssPeak: number;
  pssAfter: number;
  privateAfter: number;
  /** Of one core, after the last lesson. */
  cpuPercent: number;
}

/** Reads the memory until everything is learnt and for a while after, then stops the detectors. */
async function watch(detectors: Running, secondsMax: number, progress: (line: string) => void): Promise<Memory> {
  const pid = detectors.child.pid!;
  let pssPeak = 0;
  const timer = setInterval(() => {
    pssPeak = Math.max(pssPeak, readBill(pid).pssBytes / mebibyte);
  }, 250);
  try {
    let series = 0;
    const seconds = await until(secondsMax, 'everything learnt', async () => {
      await pause(askedSeconds); // its pages are a megabyte: asking all the time would be the load
      series = (await readMetrics(detectors.port)).filter(
        ({ name, labels, value }) => name === 'anomaly_detector_mode' && labels['mode'] === 'model' && value === 1,
      ).length;
      return series >= seriesWanted && (await waiting(detectors.port)) === 0;
    });
    progress(`${series} series have their models after ${seconds.toFixed(0)} s, ${pssPeak.toFixed(0)} MB at most`);
    const before = readBill(pid);
    await pause(restSeconds);
    const after = readBill(pid);
    return {
      series,
      seconds,
      pssPeak,
      pssAfter: after.pssBytes / mebibyte,
      privateAfter: after.privateBytes / mebibyte,
      cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / restSeconds,
    };
  } finally {
    clearInterval(timer);
    await detectors.stop();
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function waiting(port: number): Promise<number> {
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { training: { waiting: number } };
  return health.training.waiting;
}

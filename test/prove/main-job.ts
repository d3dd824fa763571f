// Proof of the main job: the product is started as a person would start it, on this machine's own metrics, and its figures are read back.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proveLive } from '../detectors/on-history/live.ts';
import { proveOrdinary } from '../detectors/on-history/ordinary.ts';
import { ensureTestEngines, findEngines } from '../engines.ts';
import { root } from '../tidy/tree.ts';
import { barred, type Figure, skipped, told, unmeasured } from './figure.ts';
import { address, ask, detectors, getText, type Odyssey, start, until } from './odyssey.ts';
import { findBelow, readBill } from './process-bill.ts';

export type Progress = (line: string) => void;

const mebibyte = 1024 * 1024;
const idleSeconds = 600;
const billSeconds = 120;

export async function run(progress: Progress): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-'));
  try {
    return [
      ...(await proveOnce(folder, progress)),
      ...(await proveTenMinutes(folder, progress)),
      ...(await proveHistory(progress)),
      ...(await proveClone(folder, progress)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `--once` twice: the first may download, the second is the one with the bar. */
async function proveOnce(folder: string, progress: Progress): Promise<Figure[]> {
  const data = join(folder, 'once');
  const run = async () => {
    const began = performance.now();
    const odyssey = start({ data, portBase: 20_000, extra: ['--once'], progress });
    const code = await new Promise<number | null>((resolve) => odyssey.child.once('exit', resolve));
    return { code, seconds: (performance.now() - began) / 1000 };
  };
  const first = await run();
  const second = await run();
  return [
    barred('main-job.once.first_exit', first.code ?? -1, '==', 0),
    told('main-job.once.first_seconds', first.seconds, 's'),
    barred('main-job.once.exit', second.code ?? -1, '==', 0),
    barred('main-job.once.seconds', second.seconds, '<=', 60, 's'),
  ];
}

async function proveTenMinutes(folder: string, progress: Progress): Promise<Figure[]> {
  const odyssey = start({ data: join(folder, 'idle'), portBase: 21_000, progress });
  try {
    await until(120, 'all detectors ready', async () => {
      for (const part of detectors) await getText(address(odyssey, part, '/ready'));
      return true;
    });
    progress(`everything is ready; waiting ${idleSeconds} s on the machine's own metrics`);
    await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
    return [
      ...(await readTargets(odyssey)),
      ...(await readScores(odyssey)),
      ...(await readIdleBill(odyssey, progress)),
    ];
  } catch (error) {
    return [unmeasured('main-job.ten_minutes', (error as Error).message)];
  } finally {
    await odyssey.stop();
  }
}

async function readTargets(odyssey: Odyssey): Promise<Figure[]> {
  const up = await ask(odyssey, 'up');
  return [
    barred('main-job.targets.count', up.length, '>=', 7),
    barred('main-job.targets.up_ratio', up.filter(({ value }) => value === 1).length / up.length, '==', 1),
  ];
}

/** A detector that has input here must score it; one without (no GPU, no container) is told with what it lacks. */
async function readScores(odyssey: Odyssey): Promise<Figure[]> {
  const scores = await ask(odyssey, 'anomaly_score');
  const statistical = await ask(odyssey, 'anomaly_detector_mode{mode="statistical"} == 1');
  const inputs = {
    gpu: 'nvidia_smi_index',
    container: 'container_last_seen',
    process: 'namedprocess_namegroup_num_procs',
    disk: 'node_filesystem_size_bytes',
  };
  const figures = [
    barred('main-job.scores.series', scores.length, '>=', 50),
    told('main-job.scores.statistical_series', statistical.length),
    barred(
      'main-job.scores.in_range_ratio',
      scores.filter(({ value }) => value >= 0 && value <= 100).length / Math.max(1, scores.length),
      '==',
      1,
    ),
  ];
  for (const detector of detectors) {
    const count = scores.filter(({ labels }) => labels['detector'] === detector).length;
    const hasInput = (await ask(odyssey, inputs[detector])).length > 0;
    const name = `main-job.scores.${detector}`;
    figures.push(hasInput ? barred(name, count, '>=', 1) : skipped(name, `no ${inputs[detector]} on this machine`));
  }
  return figures;
}

async function readIdleBill(odyssey: Odyssey, progress: Progress): Promise<Figure[]> {
  const pids = ['collector/main.ts', 'detectors/main.ts'].map((part) => {
    const [pid, ...others] = findBelow(odyssey.child.pid!, part);
    if (pid === undefined || others.length > 0)
      throw new Error(`expected one process of ${part}, found ${others.length + (pid ? 1 : 0)}`);
    return pid;
  });
  const before = pids.map(readBill);
  progress(`reading the bill over ${billSeconds} s`);
  await new Promise((resolve) => setTimeout(resolve, billSeconds * 1000));
  const after = pids.map(readBill);
  const cpu = after.reduce((sum, bill, i) => sum + bill.cpuSeconds - before[i]!.cpuSeconds, 0) / billSeconds;
  const pss = after.map(({ pssBytes }) => pssBytes / mebibyte);
  return [
    barred(
      'main-job.idle.pss_together',
      pss.reduce((a, b) => a + b),
      '<=',
      210,
      'MB',
    ),
    told('main-job.idle.pss_collector', pss[0]!, 'MB'),
    told('main-job.idle.pss_detectors', pss[1]!, 'MB'),
    told(
      'main-job.idle.private_together',
      after.reduce((sum, { privateBytes }) => sum + privateBytes, 0) / mebibyte,
      'MB',
    ),
    barred('main-job.idle.cpu', cpu * 100, '<=', 2, '% of a core'),
  ];
}

/** A week of history with a fault in it, in Prometheus of two generations: model mode, the fault, a kill, silence, calibration. */
async function proveHistory(progress: Progress): Promise<Figure[]> {
  const problems = await ensureTestEngines(progress);
  const figures = problems.map((problem) => unmeasured('main-job.history.engine', problem));
  const engines = findEngines();
  for (const engine of engines) {
    progress(`a week of history in ${engine.name}`);
    const suffix = `.${engine.name.replaceAll(/\W+/g, '_').toLowerCase()}`;
    for (const figure of await proveLive(engine, progress)) figures.push({ ...figure, name: figure.name + suffix });
  }
  if (engines[0]) figures.push(...(await proveOrdinary(engines[0], 12, progress)));
  return figures;
}

/** A clean clone of what is committed, tested as the README says. */
async function proveClone(folder: string, progress: Progress): Promise<Figure[]> {
  const clone = join(folder, 'clone');
  const shell = (command: string, cwd: string) =>
    new Promise<number>((resolve) => {
      const child = execFile('bash', ['-c', command], { cwd, maxBuffer: 1 << 26 }, (error) =>
        resolve(error ? Number(error.code ?? 1) : 0),
      );
      child.stdout?.on('data', (text: string) => {
        progress(`  | ${text.trimEnd()}`);
      });
      child.stderr?.on('data', (text: string) => {
        progress(`  | ${text.trimEnd()}`);
      });
    });
  await shell(`git clone --quiet '${root}' '${clone}'`, folder);
  return [
    barred('main-job.clone.test_exit', await shell('npm test', clone), '==', 0),
    barred('main-job.clone.check_exit', await shell('npm run check', clone), '==', 0),
  ];
}

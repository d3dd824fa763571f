// The replay command: scores every series of a manifest, causally, and writes one file of scores a series.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gunzip } from 'node:zlib';
import { formatResult, type ManifestEntry, parseManifest, parseRecording } from './recording.ts';
import { replay } from './replay.ts';

const usage = `usage: npm run replay -- --manifest FILE --out DIR [--set NAME[,NAME]] [--workers N] [--refit-hours N] [--seed N]
  FILE   manifest.json; the series lie beside it as <set>/<name>.csv.gz
  DIR    gets <set>/<name>.csv with the columns score and alert
  Both start where the command was typed. Refits every 6 hours and seed 1 unless said otherwise.
`;

interface Job {
  entry: ManifestEntry;
  folder: string;
  out: string;
  refitHours: number;
  seed: number;
}

interface Done {
  name: string;
  rows: number;
  milliseconds: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      manifest: { type: 'string' },
      out: { type: 'string' },
      set: { type: 'string' },
      workers: { type: 'string', default: '1' },
      'refit-hours': { type: 'string', default: '6' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (values.manifest === undefined || values.out === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const seed = readNumber('--seed', values.seed, { min: 0, whole: true });
  const refitHours = readNumber('--refit-hours', values['refit-hours'], { min: 0.01, whole: false });
  const workersAsked = readNumber('--workers', values.workers, { min: 1, whole: true });
  const typedAt = process.env['INIT_CWD'] ?? process.cwd();
  const manifest = resolve(typedAt, values.manifest);
  const sets = values.set?.split(',');
  const entries = (await readManifest(manifest)).filter(({ set }) => sets?.includes(set) ?? true);
  if (entries.length === 0) throw new Error(`The manifest has no series${sets ? ` of ${sets.join(', ')}` : ''}.`);
  const shared = { folder: dirname(manifest), out: resolve(typedAt, values.out), refitHours, seed };
  const jobs = entries.map((entry): Job => ({ entry, ...shared }));
  const workers = Math.min(16, jobs.length, workersAsked);
  await Promise.all(Array.from({ length: workers }, () => runWorker(jobs)));
  return 0;
}

function readNumber(option: string, text: string, { min, whole }: { min: number; whole: boolean }): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (number >= min && (whole ? Number.isSafeInteger(number) : Number.isFinite(number))) return number;
  throw new Error(
    `${option} must be a ${whole ? 'whole ' : ''}number of at least ${min}, not ${JSON.stringify(text)}.`,
  );
}

async function readManifest(file: string): Promise<ManifestEntry[]> {
  const text = await readFile(file, 'utf8');
  try {
    return parseManifest(text);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** A worker asks for its next job when it is done with one, so that a long series holds up nobody. */
function runWorker(jobs: Job[]): Promise<void> {
  return new Promise((settled, failed) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: 'replay' });
    const next = () => {
      const job = jobs.shift();
      if (job === undefined) worker.postMessage(null);
      else worker.postMessage(job);
    };
    worker.on('message', (done: Done) => {
      const each = ((1000 * done.milliseconds) / Math.max(1, done.rows)).toFixed(0);
      process.stderr.write(
        `${done.name}: ${done.rows} rows in ${(done.milliseconds / 1000).toFixed(1)} s, ${each} us a row with refits\n`,
      );
      next();
    });
    worker.on('error', failed);
    worker.on('exit', () => settled());
    next();
  });
}

async function work({ entry, folder, out, refitHours, seed }: Job): Promise<Done> {
  const packed = await readFile(join(folder, entry.set, `${entry.name}.csv.gz`));
  const text = (await promisify(gunzip)(packed)).toString('utf8');
  const recording = parseRecording(text, entry);
  const began = performance.now();
  const result = replay(recording, { seed, refitSeconds: refitHours * 3600 });
  const milliseconds = performance.now() - began;
  await mkdir(join(out, entry.set), { recursive: true });
  await writeFile(join(out, entry.set, `${entry.name}.csv`), formatResult(result));
  return { name: `${entry.set}/${entry.name}`, rows: result.score.length - entry.n_train, milliseconds };
}

if (isMainThread) {
  process.exitCode = await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    return 1;
  });
} else if (workerData === 'replay') {
  parentPort!.on('message', (job: Job | null) => {
    if (job === null) parentPort!.close();
    else
      work(job).then(
        (done) => parentPort!.postMessage(done),
        (error: Error) => {
          throw error;
        },
      );
  });
}

// npm start [-- --data DIR] [--port-base N] [--once]: starts Odyssey on this machine and keeps it running until told to stop.
import { join } from 'node:path';
import { type Place, readPlace } from '../place.ts';
import { endLeftovers } from './leftovers.ts';
import { rememberChildren, takeLock } from './lock-file.ts';
import { makeFolders, type Prepared, prepare } from './prepare.ts';
import { supervise } from './supervisor.ts';

type Where = Extract<Place, { kind: 'place' }>;

const readySecondsMax = 55;
const stopSeconds = 10;
const parentCheckMilliseconds = 2_000;

process.stdout.on('error', () => {}); // a terminal that went away must not end us before the children
const stopRequested = listenForStop();
const usage = `npm start -- [--data DIR] [--port-base N] [--once]
  --data DIR       where everything is kept; data/ in the checkout unless said otherwise
  --port-base N    added to every port, so that several can run beside each other
  --once           start everything, see that it is ready, stop it again; ends with 0 where all was well`;
const place = readPlace(process.argv.slice(2), { switches: ['once', 'help'], words: 0 });
process.exit(place.kind === 'wrong' ? complain([...place.problems, usage]) : await begin(place));

function begin(where: Where): number | Promise<number> {
  if (!where.switches.has('help')) return start(where);
  say(usage);
  return 0;
}

/** Resolves to the exit code. */
async function start(where: Where): Promise<number> {
  const problem = makeFolders(where.dataDir);
  if (problem !== undefined) return complain([problem]);
  const runDir = join(where.dataDir, 'run');
  const lock = takeLock(runDir);
  if (lock.kind === 'refused') {
    return complain([
      `Odyssey is already running on ${where.dataDir}: ${lock.reason}.`,
      'Stop that one first, or give this one a folder and ports of its own: npm start -- --data DIR --port-base 1000',
    ]);
  }
  try {
    await endLeftovers(runDir, say);
    const prepared = await Promise.race([prepare(where, say), stopRequested]);
    if (prepared === 'stop') {
      say('Stopped before anything was started.');
      return where.switches.has('once') ? 1 : 0;
    }
    if (prepared.kind === 'cannot') return complain(['Nothing was started:', prepared.reason]);
    return await keep(prepared, where, runDir);
  } finally {
    lock.release();
  }
}

async function keep(prepared: Extract<Prepared, { kind: 'plans' }>, where: Where, runDir: string): Promise<number> {
  const once = where.switches.has('once');
  say(`Starting ${prepared.plans.map(({ name }) => name).join(', ')}; their logs are in ${where.dataDir}/logs.`);
  const supervisor = supervise(prepared.plans, {
    logsDir: join(where.dataDir, 'logs'),
    stopSeconds,
    say,
    remember: (pids) => remember(runDir, pids),
  });
  let stopping = false;
  void stopRequested.then(() => {
    stopping = true;
  });
  const settled = supervisor.whenReady(readySecondsMax).then((waiting) => {
    if (stopping) return false;
    if (waiting.length === 0) say(once ? 'Every process is ready.' : 'Odyssey runs. Ctrl-C stops it.');
    else say(`Not ready after ${readySecondsMax} s: ${waiting.join(', ')}.`);
    return waiting.length === 0;
  });
  const refused = supervisor.refused.then((word) => {
    stopping = true;
    return word;
  });
  const ready = await Promise.race([...(once ? [settled] : []), stopRequested, refused]);
  if (!once) say('Stopping …');
  await supervisor.stop();
  say('Every process has ended.');
  if (ready === 'refused') return 1;
  return once && !(ready === true && prepared.complete) ? 1 : 0;
}

/** A full disk must not end us while children run: their list is only needed should we be killed. */
function remember(runDir: string, pids: readonly number[]): void {
  try {
    rememberChildren(runDir, pids);
  } catch (error) {
    say(`The list of children cannot be written: ${(error as Error).message}`);
  }
}

/** Ctrl-C, a polite end, a closed terminal, or the death of the npm that started us: all mean stop. */
function listenForStop(): Promise<'stop'> {
  return new Promise((resolve) => {
    const stop = () => resolve('stop');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) stop();
    }, parentCheckMilliseconds).unref();
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

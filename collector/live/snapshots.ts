// Snapshots of all processes for whoever judges them: taken when asked for, handed out in pages of 2 MB.
import type { ProcessFacts, ProcessPage } from '../../core/contracts/processes.ts';
import { gauge, sample } from '../../core/contracts/sample.ts';
import type { Machine, Source } from '../source.ts';
import type { Engine } from '../sources/containers/engine.ts';
import type { GpuReading } from '../sources/gpu/smi.ts';
import { createScan } from '../sources/processes/scan.ts';
import { createSockets, readSocketFacts, refreshSockets, type Sockets } from './descriptors.ts';
import { containerFacts, type Lasting, readFacts } from './facts.ts';
import { gpuShares } from './gpu-shares.ts';

export interface Snapshots {
  /** A page, or undefined for a cursor whose snapshot is gone. */
  page(machine: Machine, cursor: string | undefined): Promise<ProcessPage | undefined>;
  /** Says what looking now and then cannot see. */
  source: Source;
}

interface Snapshot {
  number: number;
  atSeconds: number;
  takenAtSeconds: number;
  scanGapSeconds: number;
  processes: ProcessFacts[];
  omitted: number;
}

/** Lets other work of the process go on. */
export type Pause = () => Promise<void>;

const processesMax = 50_000;
/** Asked again sooner, the same snapshot answers. */
const reuseSeconds = 1;
/** A snapshot whose pages are not fetched in this time is forgotten. */
const keepSeconds = 60;
/** The answer is 2 MB at most; its frame is small. */
const pageBytesMax = 2_000_000 - 2_048;
const processesOfPageMax = 20_000;
/** Longest work between two pauses. */
const sliceSeconds = 0.01;
/** No program is hashed after this time in one snapshot: it is in a later one. The last that was begun may take this long. */
const hashSecondsMax = 1;
const oneHashSecondsMax = 3;

export function createSnapshots(engine: Engine, pause: Pause, gpus: () => GpuReading | undefined): Snapshots {
  const scan = createScan();
  const kept: Snapshot[] = [];
  const sockets = createSockets();
  let lasting = new Map<number, Lasting>();
  let running: Promise<Snapshot> | undefined;

  const take = async (machine: Machine): Promise<Snapshot> => {
    const before = kept.at(-1);
    const atSeconds = machine.monotonicSeconds();
    const taken = await readAll(machine, engine, pause, scan(machine), sockets, lasting);
    lasting = taken.lasting;
    const shares = gpuShares(gpus(), machine.monotonicSeconds());
    for (const facts of taken.processes) if (shares.has(facts.pid)) facts.gpuRatio = shares.get(facts.pid);
    await addHashes(machine, taken.processes);
    const snapshot: Snapshot = {
      number: (before?.number ?? 0) + 1,
      atSeconds,
      takenAtSeconds: machine.unixSeconds(),
      scanGapSeconds: before === undefined ? 0 : atSeconds - before.atSeconds,
      processes: taken.processes,
      omitted: taken.omitted,
    };
    kept.push(snapshot);
    if (kept.length > 2) kept.shift();
    return snapshot;
  };

  return {
    async page(machine, cursor) {
      if (cursor !== undefined) return pageAt(machine, kept, cursor);
      const latest = kept.at(-1);
      if (latest !== undefined && machine.monotonicSeconds() - latest.atSeconds < reuseSeconds)
        return pageOf(machine, latest, 0);
      running ??= take(machine).finally(() => {
        running = undefined;
      });
      return pageOf(machine, await running, 0);
    },
    source: createScanGap(kept),
  };
}

/** Absent until somebody has asked: then nothing is looked at, and no step can be told. */
function createScanGap(kept: readonly Snapshot[]): Source {
  return {
    name: 'threat_scan',
    metrics: [
      gauge(
        'threat_scan_gap_seconds',
        'Processes that live shorter than this may go unseen: the step between looks at all processes.',
      ),
    ],
    read(machine) {
      const latest = kept.at(-1);
      if (latest === undefined) return [];
      const sinceLatest = machine.monotonicSeconds() - latest.atSeconds;
      return [sample('threat_scan_gap_seconds', Math.max(latest.scanGapSeconds, sinceLatest))];
    },
  };
}

async function readAll(
  machine: Machine,
  engine: Engine,
  pause: Pause,
  seen: ReturnType<ReturnType<typeof createScan>>,
  sockets: Sockets,
  before: ReadonlyMap<number, Lasting>,
) {
  const bootSeconds = Number(/^btime (\d+)/m.exec(machine.readText('/proc/stat'))?.[1]);
  const lasting = new Map<number, Lasting>();
  const processes: ProcessFacts[] = [];
  const looked = seen.slice(0, processesMax);
  const pids = looked.filter(({ stat }) => !stat.kernelThread).map(({ pid }) => pid);
  await refreshSockets(machine, sockets, pids, pause);
  const containers = engine.containers(machine);
  let sliceEnds = machine.monotonicSeconds() + sliceSeconds;
  for (const process of looked) {
    const read = readFacts(machine, process, bootSeconds, before.get(process.pid));
    if (read !== undefined) {
      lasting.set(process.pid, read.lasting);
      const container = containerFacts(read.lasting.containerId, containers);
      const held = read.facts.kernelThread ? {} : readSocketFacts(machine, sockets, process.pid);
      processes.push({ ...read.facts, container, ...held });
    }
    if (machine.monotonicSeconds() < sliceEnds) continue;
    await pause();
    sliceEnds = machine.monotonicSeconds() + sliceSeconds;
  }
  return { processes, lasting, omitted: Math.max(0, seen.length - processesMax) };
}

/** Of a program known before, a look at its file is enough; new ones are hashed while there is time. */
async function addHashes(machine: Machine, processes: readonly ProcessFacts[]): Promise<void> {
  const until = machine.monotonicSeconds() + hashSecondsMax;
  for (const facts of processes) {
    if (facts.exe === undefined) continue;
    const onlyKnown = machine.monotonicSeconds() >= until;
    const limits = { timeoutSeconds: oneHashSecondsMax, onlyKnown };
    const exeSha256 = await machine.programHash(`/proc/${facts.pid}/exe`, limits);
    if (exeSha256 !== undefined) facts.exeSha256 = exeSha256;
  }
}

function pageAt(machine: Machine, kept: readonly Snapshot[], cursor: string): ProcessPage | undefined {
  const [, number, from] = /^(\d{1,15})-(\d{1,6})$/.exec(cursor) ?? [];
  const snapshot = kept.find((one) => one.number === Number(number));
  if (snapshot === undefined || machine.monotonicSeconds() - snapshot.atSeconds > keepSeconds) return undefined;
  return pageOf(machine, snapshot, Number(from));
}

function pageOf(machine: Machine, snapshot: Snapshot, from: number): ProcessPage {
  const { number, takenAtSeconds, scanGapSeconds, processes, omitted } = snapshot;
  let bytes = 0;
  let to = from;
  while (to < processes.length && to - from < processesOfPageMax) {
    bytes += bytesOf(JSON.stringify(processes[to])) + 1;
    if (bytes > pageBytesMax && to > from) break;
    to++;
  }
  return {
    instance: machine.readText('/proc/sys/kernel/hostname').trim(),
    takenAtSeconds,
    scanGapSeconds,
    processes: processes.slice(from, to),
    omitted,
    nextCursor: to < processes.length ? `${number}-${to}` : null,
  };
}

/** At most, in UTF-8. */
function bytesOf(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : text.length * 3;
}

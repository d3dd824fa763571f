// Process groups under the names that process-exporter gave them: one group a program name, kernel threads left out.
import { counter, gauge, type Labels, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { Machine, Source } from '../../source.ts';
import { runAtOnce, type Steps } from '../../steps.ts';
import { containerIds, parseProcessCgroup } from '../containers/cgroup-path.ts';
import type { Engine } from '../containers/engine.ts';
import {
  addCounts,
  addHoldings,
  beginLook,
  bornNow,
  type Counts,
  createGroups,
  type Group,
  type Groups,
  groupOf,
} from './groups.ts';
import { type ProcessStatus, parseIo, parseOpenFilesLimit, parseStatus } from './proc-files.ts';
import type { Scan, Seen } from './scan.ts';

const prefix = 'namedprocess_namegroup_';

const metrics: readonly Metric[] = [
  gauge(`${prefix}num_procs`, 'Processes in the group.'),
  gauge(`${prefix}num_threads`, 'Threads of its processes.'),
  gauge(`${prefix}memory_bytes`, 'Memory of its processes: resident, virtual, swapped.'),
  gauge(`${prefix}open_filedesc`, 'Open file descriptors of those processes that may be looked into.'),
  gauge(`${prefix}worst_fd_ratio`, 'The highest share of its limit of open files that one of its processes uses.'),
  gauge(`${prefix}oldest_start_time_seconds`, 'When the oldest of its processes started, Unix time.'),
  gauge(`${prefix}states`, 'Processes by state, each with its threads where it has several.'),
  counter(`${prefix}cpu_seconds_total`, 'CPU time used by its processes while they were watched.'),
  counter(`${prefix}read_bytes_total`, 'Bytes its processes had read from storage.'),
  counter(`${prefix}write_bytes_total`, 'Bytes its processes had written to storage.'),
  counter(`${prefix}context_switches_total`, 'Context switches of its processes.'),
  counter(`${prefix}major_page_faults_total`, 'Page faults that needed storage.'),
  counter(`${prefix}minor_page_faults_total`, 'Page faults that needed none.'),
  gauge('process_group_info', 'Always 1: a container, and its service, in which processes of the group run.'),
];

/** What is remembered of a process between two scrapes. */
interface Tracked {
  startTicks: number;
  comm: string;
  counts: Counts | undefined;
  containerId: string | undefined;
  /** The limit changes seldom and costs a read. */
  openFilesLimit: number | undefined;
  limitReadAt: number;
  /** Until then a private file of it is not tried again: it was refused. */
  refusedUntil: Map<string, number>;
  round: number;
}

const readAgainSeconds = 60;
const infosMax = 2_000;

export function createNamedGroups(scan: Scan, engine: Engine): Source {
  const groups = createGroups();
  const tracked = new Map<number, Tracked>();
  let round = 0;
  function* readInSteps(machine: Machine): Steps<Sample[]> {
    round++;
    beginLook(groups);
    const bootSeconds = bootTime(machine);
    for (const seen of scan(machine)) {
      if (seen.stat.kernelThread) continue;
      const process = track(machine, tracked, seen, round);
      if (process !== undefined) look(machine, groupOf(groups, process.comm), process, seen, bootSeconds);
      yield;
    }
    for (const [pid, process] of tracked) if (process.round !== round) tracked.delete(pid);
    return [
      ...[...groups.byName].flatMap(([name, group]) => groupSamples(name, group, machine.clockTicks)),
      ...infoSamples(tracked, groups, engine, machine),
    ];
  }
  return { name: 'process_groups', metrics, read: (machine) => runAtOnce(readInSteps(machine)), readInSteps };
}

/** Undefined for what has no command line: zombies and kernel threads are in no group until they were seen with one. */
function track(
  machine: Machine,
  tracked: Map<number, Tracked>,
  { pid, stat }: Seen,
  round: number,
): Tracked | undefined {
  const known = tracked.get(pid);
  if (known !== undefined && known.startTicks === stat.startTicks && known.comm === stat.comm) {
    known.round = round;
    return known;
  }
  const isSame = known !== undefined && known.startTicks === stat.startTicks;
  if (!isSame && !machine.readTextIfThere(`/proc/${pid}/cmdline`)) return undefined;
  const path = parseProcessCgroup(machine.readTextIfThere(`/proc/${pid}/cgroup`) ?? '');
  const process: Tracked = {
    startTicks: stat.startTicks,
    comm: stat.comm,
    // Renamed: what it uses from now on belongs to the other group. Unknown in the first round: it is older than we are.
    counts: isSame ? known.counts : round === 1 ? undefined : bornNow,
    containerId: containerIds(path ?? '').at(-1),
    openFilesLimit: undefined,
    limitReadAt: Number.NEGATIVE_INFINITY,
    refusedUntil: new Map(),
    round,
  };
  tracked.set(pid, process);
  return process;
}

function look(machine: Machine, group: Group, process: Tracked, { pid, stat }: Seen, bootSeconds: number): void {
  const status = parseStatus(machine.readTextIfThere(`/proc/${pid}/status`) ?? '');
  const threads = readThreads(machine, pid, stat.threads);
  const own = readOwnFiles(machine, process, pid);
  addHoldings(group, {
    states: [stat.state, ...threads.states],
    threads: stat.threads,
    residentBytes: stat.residentPages * machine.pageBytes,
    virtualBytes: stat.virtualBytes,
    swapBytes: status.swapBytes,
    openFiles: own.openFiles,
    openFilesLimit: process.openFilesLimit,
    startedAtSeconds: bootSeconds + stat.startTicks / machine.clockTicks,
  });
  const counts: Counts = {
    userTicks: stat.userTicks,
    systemTicks: stat.systemTicks,
    minorFaults: stat.minorFaults,
    majorFaults: stat.majorFaults,
    readBytes: own.readBytes,
    writeBytes: own.writeBytes,
    voluntarySwitches: threads.voluntarySwitches ?? status.voluntarySwitches,
    involuntarySwitches: threads.involuntarySwitches ?? status.involuntarySwitches,
  };
  addCounts(group, process.counts, counts);
  process.counts = counts;
}

/** More threads than this in one process are not looked at one by one. */
const threadsMax = 1_000;

/**
 * States and switches of each thread: the process's own status tells the switches of its first thread alone.
 * process-exporter counts the first thread's state twice, once for the process; so it is here, as dashboards and
 * alerts were made with its numbers.
 */
function readThreads(
  machine: Machine,
  pid: number,
  count: number,
): Pick<ProcessStatus, 'voluntarySwitches' | 'involuntarySwitches'> & { states: string[] } {
  const states: string[] = [];
  if (count < 2 || count > threadsMax) return { states, voluntarySwitches: undefined, involuntarySwitches: undefined };
  let [voluntarySwitches, involuntarySwitches] = [0, 0];
  for (const task of machine.listIfThere(`/proc/${pid}/task`)) {
    const status = parseStatus(machine.readTextIfThere(`/proc/${pid}/task/${task}/status`) ?? '');
    if (status.state === undefined) continue;
    states.push(status.state);
    voluntarySwitches += status.voluntarySwitches ?? 0;
    involuntarySwitches += status.involuntarySwitches ?? 0;
  }
  return { states, voluntarySwitches, involuntarySwitches };
}

/** Files that only the process's owner and privileged readers may see, each undefined when refused or gone: a right to one is no right to the others. */
function readOwnFiles(machine: Machine, process: Tracked, pid: number) {
  const now = machine.monotonicSeconds();
  const openFiles = unlessRefused(process.refusedUntil, 'fd', now, () => machine.listIfThere(`/proc/${pid}/fd`).length);
  if (openFiles !== undefined && now - process.limitReadAt >= readAgainSeconds) {
    const limits = machine.readTextIfThere(`/proc/${pid}/limits`);
    process.openFilesLimit = limits ? parseOpenFilesLimit(limits) : undefined;
    process.limitReadAt = now;
  }
  const io = unlessRefused(process.refusedUntil, 'io', now, () => {
    const text = machine.readTextIfThere(`/proc/${pid}/io`);
    return text ? parseIo(text) : undefined;
  });
  return { ...io, openFiles };
}

/** A refusal costs more than a read, so it is remembered for a while; it is told by the samples that are missing. */
function unlessRefused<T>(refusedUntil: Map<string, number>, file: string, now: number, read: () => T): T | undefined {
  if ((refusedUntil.get(file) ?? Number.NEGATIVE_INFINITY) > now) return undefined;
  try {
    return read();
  } catch {
    refusedUntil.set(file, now + readAgainSeconds);
    return undefined;
  }
}

function bootTime(machine: Machine): number {
  return Number(/^btime (\d+)/m.exec(machine.readText('/proc/stat'))?.[1]);
}

function groupSamples(groupname: string, group: Group, clockTicks: number): Sample[] {
  const { totals } = group;
  const labels: Labels = { groupname };
  const samples: Sample[] = [];
  const add = (name: string, value: number | undefined, more?: Labels) => {
    if (value !== undefined)
      samples.push(sample(prefix + name, value, more === undefined ? labels : { groupname, ...more }));
  };
  add('num_procs', group.processes);
  add('num_threads', group.threads);
  add('memory_bytes', group.residentBytes, { memtype: 'resident' });
  add('memory_bytes', group.virtualBytes, { memtype: 'virtual' });
  add('memory_bytes', group.swapBytes, { memtype: 'swapped' });
  add('open_filedesc', group.openFiles);
  add('worst_fd_ratio', group.worstFileRatio);
  add('oldest_start_time_seconds', group.oldestStartSeconds);
  for (const [state, count] of Object.entries(group.states)) add('states', count, { state });
  add('cpu_seconds_total', totals.userTicks / clockTicks, { mode: 'user' });
  add('cpu_seconds_total', totals.systemTicks / clockTicks, { mode: 'system' });
  add('read_bytes_total', totals.readBytes);
  add('write_bytes_total', totals.writeBytes);
  add('context_switches_total', totals.voluntarySwitches, { ctxswitchtype: 'voluntary' });
  add('context_switches_total', totals.involuntarySwitches, { ctxswitchtype: 'nonvoluntary' });
  add('major_page_faults_total', totals.majorFaults);
  add('minor_page_faults_total', totals.minorFaults);
  return samples;
}

/** One series a group and container, for joins `on(groupname)`; bounded, as any program may start anywhere. */
function infoSamples(
  tracked: ReadonlyMap<number, Tracked>,
  groups: Groups,
  engine: Engine,
  machine: Machine,
): Sample[] {
  const containers = engine.containers(machine);
  const infos = new Map<string, Sample>();
  for (const { comm, containerId } of tracked.values()) {
    const container = containerId === undefined ? undefined : containers.get(containerId);
    if (container === undefined || !groups.byName.has(comm)) continue;
    const key = `${comm}\n${container.name}`;
    if (infos.has(key) || infos.size >= infosMax) continue;
    const labels = { groupname: comm, container: container.name, service: container.identity.service ?? '' };
    infos.set(key, sample('process_group_info', 1, labels));
  }
  return [...infos.values()];
}

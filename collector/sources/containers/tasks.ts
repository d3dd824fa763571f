// What runs inside each container: processes, threads by state, open files and sockets. Too many files for every scrape.
import { gauge, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { Machine, Source } from '../../source.ts';
import { cgroupVersion, groupFolder } from './cgroup-path.ts';
import type { Container, Engine } from './engine.ts';

/** Reads of one pass over all containers, at most; a container that no longer fits has no sample in that pass. */
const readsMax = 20_000;
const readsOfOneMax = 5_000;

const states = {
  R: 'running',
  S: 'sleeping',
  I: 'sleeping',
  T: 'stopped',
  t: 'stopped',
  D: 'uninterruptible',
} as const;

/** `iowaiting` of cAdvisor is missing: /proc does not tell it from other uninterruptible sleep. */
export function createContainerTasks(engine: Engine): Source {
  return {
    name: 'container_tasks',
    intervalSeconds: 15,
    deadlineSeconds: 5,
    metrics: [
      gauge('container_processes', 'Processes in the container.'),
      gauge('container_file_descriptors', 'Open file descriptors of all its processes.'),
      gauge('container_sockets', 'Those of its open file descriptors that are sockets.'),
      gauge('container_tasks_state', 'Threads by state; sleep that waits for I/O is counted as uninterruptible.'),
    ],
    read(machine) {
      const budget = { left: readsMax };
      const version = cgroupVersion(machine);
      return [...engine.containers(machine).values()].flatMap((container) =>
        taskSamples(machine, container, version, budget),
      );
    },
  };
}

function taskSamples(machine: Machine, container: Container, version: 1 | 2, budget: { left: number }): Sample[] {
  const { labels, group } = container;
  if (labels === undefined || group === undefined) return [];
  const text = machine.readTextIfThere(`${groupFolder(version, 'memory', group)}/cgroup.procs`);
  if (text === undefined) return [];
  const pids = text.split('\n').filter((line) => /^[1-9]\d*$/.test(line));
  const samples = [sample('container_processes', pids.length, labels)];
  const files = countFiles(machine, pids, budget);
  if (files !== undefined) {
    samples.push(sample('container_file_descriptors', files.descriptors, labels));
    samples.push(sample('container_sockets', files.sockets, labels));
  }
  const counts = countStates(machine, pids, budget);
  for (const [state, count] of Object.entries(counts ?? {}))
    samples.push(sample('container_tasks_state', count, { ...labels, state }));
  return samples;
}

/** Undefined where it would cost too much, or where a process may not be looked into: a part is no sum. */
function countFiles(machine: Machine, pids: readonly string[], budget: { left: number }) {
  let descriptors = 0;
  let sockets = 0;
  for (const pid of pids) {
    const names = filesOf(machine, pid);
    if (names === undefined) return undefined;
    descriptors += names.length;
    if (descriptors > Math.min(readsOfOneMax, budget.left)) return undefined;
    for (const name of names) if (machine.linkTarget(`/proc/${pid}/fd/${name}`)?.startsWith('socket:')) sockets++;
  }
  budget.left -= descriptors;
  return { descriptors, sockets };
}

function filesOf(machine: Machine, pid: string): string[] | undefined {
  try {
    return machine.listIfThere(`/proc/${pid}/fd`);
  } catch {
    return undefined; // refused: told by the sample that is missing
  }
}

function countStates(machine: Machine, pids: readonly string[], budget: { left: number }) {
  const counts = { running: 0, sleeping: 0, stopped: 0, uninterruptible: 0 };
  for (const pid of pids) {
    const tasks = machine.listIfThere(`/proc/${pid}/task`);
    if (tasks.length > Math.min(readsOfOneMax, budget.left)) return undefined;
    budget.left -= tasks.length;
    for (const task of tasks) {
      const stat = machine.readTextIfThere(`/proc/${pid}/task/${task}/stat`);
      const letter = stat?.charAt(stat.lastIndexOf(')') + 2);
      const state = letter === undefined ? undefined : states[letter as keyof typeof states];
      if (state !== undefined) counts[state]++;
    }
  }
  return counts;
}

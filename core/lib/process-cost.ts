// What a process of ours costs, as the kernel tells that process itself: CPU, memory, file descriptors.
import { counter, gauge, type Metric, type Sample, sample } from '../contracts/sample.ts';
import { parseInteger } from './parse.ts';

/** What is asked of the machine. Paths are those of /proc; both throw where there is nothing to read. */
export interface ProcessReader {
  readText(path: string): string;
  list(path: string): string[];
  /** Kernel ticks a second (`getconf CLK_TCK`). */
  clockTicks: number;
  pageBytes: number;
}

export const processMetrics: readonly Metric[] = [
  counter('process_cpu_seconds_total', 'CPU time of this process, user and system.'),
  gauge('process_resident_memory_bytes', 'Memory of this process that is in RAM.'),
  gauge('process_virtual_memory_bytes', 'Address space of this process.'),
  gauge('process_virtual_memory_max_bytes', 'Address space this process may have.'),
  gauge('process_open_fds', 'Open file descriptors.'),
  gauge('process_max_fds', 'File descriptors this process may open.'),
  gauge('process_start_time_seconds', 'When this process started, in seconds since the epoch.'),
];

/** What the kernel prints as "unlimited" is the largest 64-bit number. */
const unlimited = 2 ** 64;

/**
 * Reads the seven figures of the process that asks; throws where /proc says anything else than proc_pid_stat(5) does.
 * When the machine started is read once: a start time that moved with the clock would read as a restart.
 */
export function createProcessCost(): (reader: ProcessReader) => Sample[] {
  let bootedAtSeconds: number | undefined;
  return ({ readText, list, clockTicks, pageBytes }) => {
    const stat = readText('/proc/self/stat');
    // The program's name stands in parentheses and may hold any sign, so fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => parseInteger(fields[number - 3]);
    bootedAtSeconds ??= parseInteger(/^btime (\d+)$/m.exec(readText('/proc/stat'))?.[1]);
    const limits = readText('/proc/self/limits');
    return [
      sample('process_cpu_seconds_total', (field(14) + field(15)) / clockTicks),
      sample('process_resident_memory_bytes', field(24) * pageBytes),
      sample('process_virtual_memory_bytes', field(23)),
      sample('process_virtual_memory_max_bytes', softLimit(limits, 'Max address space')),
      sample('process_open_fds', list('/proc/self/fd').length),
      sample('process_max_fds', softLimit(limits, 'Max open files')),
      sample('process_start_time_seconds', bootedAtSeconds + field(22) / clockTicks),
    ];
  };
}

function softLimit(limits: string, name: string): number {
  const line = limits.split('\n').find((text) => text.startsWith(name));
  const [soft] = (line?.slice(name.length) ?? '').trim().split(/\s+/);
  return soft === 'unlimited' ? unlimited : parseInteger(soft);
}

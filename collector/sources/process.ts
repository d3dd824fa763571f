// What the collector itself costs: CPU, memory, file descriptors.
import { counter, gauge, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** What the kernel prints as "unlimited" is the largest 64-bit number. */
const unlimited = 2 ** 64;

export function createProcess(): Source {
  let bootedAtSeconds: number | undefined;
  return {
    name: 'process',
    metrics: [
      counter('process_cpu_seconds_total', 'CPU time of this process, user and system.'),
      gauge('process_resident_memory_bytes', 'Memory of this process that is in RAM.'),
      gauge('process_virtual_memory_bytes', 'Address space of this process.'),
      gauge('process_virtual_memory_max_bytes', 'Address space this process may have.'),
      gauge('process_open_fds', 'Open file descriptors.'),
      gauge('process_max_fds', 'File descriptors this process may open.'),
      gauge('process_start_time_seconds', 'When this process started, in seconds since the epoch.'),
    ],
    read({ readText, list, clockTicks, pageBytes }) {
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
    },
  };
}

function softLimit(limits: string, name: string): number {
  const line = limits.split('\n').find((text) => text.startsWith(name));
  const [soft] = columnsOf(line?.slice(name.length) ?? '');
  return soft === 'unlimited' ? unlimited : parseInteger(soft);
}

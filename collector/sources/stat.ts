// What the kernel counted since it booted: interrupts, context switches, forks, and the tasks that run or are blocked now.
import { counter, gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

const metricsByKey: Record<string, string> = {
  intr: 'node_intr_total',
  ctxt: 'node_context_switches_total',
  processes: 'node_forks_total',
  btime: 'node_boot_time_seconds',
  procs_running: 'node_procs_running',
  procs_blocked: 'node_procs_blocked',
};

export const stat: Source = {
  name: 'stat',
  metrics: [
    counter('node_intr_total', 'Interrupts serviced.'),
    counter('node_context_switches_total', 'Context switches.'),
    counter('node_forks_total', 'Processes and threads started.'),
    gauge('node_boot_time_seconds', 'When the machine booted, in seconds since the epoch.'),
    gauge('node_procs_running', 'Tasks that run or want to run.'),
    gauge('node_procs_blocked', 'Tasks that wait for I/O.'),
  ],
  read({ readText }) {
    const samples: Sample[] = [];
    for (const line of linesOf(readText('/proc/stat'))) {
      const [key, value] = line.split(' ', 2);
      const metric = Object.hasOwn(metricsByKey, key!) ? metricsByKey[key!] : undefined;
      if (metric !== undefined) samples.push(sample(metric, parseInteger(value)));
    }
    return samples;
  },
};

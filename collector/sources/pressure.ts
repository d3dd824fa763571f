// Pressure stall information: how long some task (waiting) or every task (stalled) could not go on for lack of a resource.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** `full` of the CPU is always 0 for the whole machine, and `some` of interrupts does not exist. */
const served = {
  cpu: { some: 'node_pressure_cpu_waiting_seconds_total' },
  memory: {
    some: 'node_pressure_memory_waiting_seconds_total',
    full: 'node_pressure_memory_stalled_seconds_total',
  },
  io: { some: 'node_pressure_io_waiting_seconds_total', full: 'node_pressure_io_stalled_seconds_total' },
  irq: { full: 'node_pressure_irq_stalled_seconds_total' },
} as const;

export const pressure: Source = {
  name: 'pressure',
  metrics: [
    counter('node_pressure_cpu_waiting_seconds_total', 'Seconds in which some task waited for a CPU.'),
    counter('node_pressure_memory_waiting_seconds_total', 'Seconds in which some task waited for memory.'),
    counter('node_pressure_memory_stalled_seconds_total', 'Seconds in which every task waited for memory.'),
    counter('node_pressure_io_waiting_seconds_total', 'Seconds in which some task waited for I/O.'),
    counter('node_pressure_io_stalled_seconds_total', 'Seconds in which every task waited for I/O.'),
    counter('node_pressure_irq_stalled_seconds_total', 'Seconds that interrupts took from every task.'),
  ],
  read({ readTextIfThere }) {
    const samples: Sample[] = [];
    for (const [resource, metrics] of Object.entries(served)) {
      for (const line of linesOf(readTextIfThere(`/proc/pressure/${resource}`) ?? '')) {
        const metric = (metrics as Record<string, string>)[line.split(' ', 1)[0]!];
        if (metric !== undefined) samples.push(sample(metric, parseInteger(/ total=(\d+)$/.exec(line)?.[1]) / 1e6));
      }
    }
    return samples;
  },
};

// How long tasks ran and waited on each CPU, as the scheduler counts it; absent on kernels built without it.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

export const schedstat: Source = {
  name: 'schedstat',
  metrics: [
    counter('node_schedstat_running_seconds_total', 'Seconds the CPU spent running a task.'),
    counter('node_schedstat_waiting_seconds_total', 'Seconds tasks waited for this CPU.'),
    counter('node_schedstat_timeslices_total', 'Time slices the CPU gave to tasks.'),
  ],
  read({ readTextIfThere }) {
    const samples: Sample[] = [];
    for (const line of linesOf(readTextIfThere('/proc/schedstat') ?? '')) {
      if (!/^cpu\d/.test(line)) continue;
      const columns = line.split(' ');
      const labels = { cpu: columns[0]!.slice(3) };
      // Times are nanoseconds; they leave the exact integers of a double after 104 days, which costs less than a microsecond.
      samples.push(sample('node_schedstat_running_seconds_total', nanoseconds(columns[7]), labels));
      samples.push(sample('node_schedstat_waiting_seconds_total', nanoseconds(columns[8]), labels));
      samples.push(sample('node_schedstat_timeslices_total', parseInteger(columns[9]), labels));
    }
    return samples;
  },
};

function nanoseconds(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error(`not nanoseconds: ${JSON.stringify(text)}`);
  return Number(text) / 1e9;
}

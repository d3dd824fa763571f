// Packets that each CPU took from the network cards, and the times it had to stop early or drop.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** Metric and its column in /proc/net/softnet_stat: net/core/net-procfs.c. */
const served = {
  node_softnet_processed_total: 0,
  node_softnet_dropped_total: 1,
  node_softnet_times_squeezed_total: 2,
  node_softnet_received_rps_total: 9,
  node_softnet_flow_limit_count_total: 10,
} as const;
const cpuColumn = 12;

export const softnet: Source = {
  name: 'softnet',
  metrics: [
    counter('node_softnet_processed_total', 'Packets processed.'),
    counter('node_softnet_dropped_total', 'Packets dropped because the queue was full.'),
    counter('node_softnet_times_squeezed_total', 'Times the CPU stopped with packets left to process.'),
    counter('node_softnet_received_rps_total', 'Times another CPU woke this one to process packets.'),
    counter('node_softnet_flow_limit_count_total', 'Times the limit of one flow was reached.'),
  ],
  read({ readTextIfThere }) {
    const samples: Sample[] = [];
    for (const [row, line] of linesOf(readTextIfThere('/proc/net/softnet_stat') ?? '').entries()) {
      const columns = columnsOf(line);
      const cpu = columns.length > cpuColumn ? parseHex(columns[cpuColumn]!) : row;
      for (const [metric, column] of Object.entries(served)) {
        const value = columns[column];
        if (value !== undefined) samples.push(sample(metric, parseHex(value), { cpu: String(cpu) }));
      }
    }
    return samples;
  },
};

function parseHex(text: string): number {
  if (!/^[0-9a-f]{1,8}$/.test(text)) throw new Error(`not a hexadecimal number: ${JSON.stringify(text.slice(0, 80))}`);
  return Number.parseInt(text, 16);
}

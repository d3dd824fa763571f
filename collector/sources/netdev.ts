// What went through each network interface, as /proc/net/dev counts it.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** In the order of the file's columns. */
const columns = [
  'receive_bytes',
  'receive_packets',
  'receive_errs',
  'receive_drop',
  'receive_fifo',
  'receive_frame',
  'receive_compressed',
  'receive_multicast',
  'transmit_bytes',
  'transmit_packets',
  'transmit_errs',
  'transmit_drop',
  'transmit_fifo',
  'transmit_colls',
  'transmit_carrier',
  'transmit_compressed',
] as const;
const nohandler = 'receive_nohandler';

export const netdev: Source = {
  name: 'netdev',
  metrics: [...columns, nohandler].map((column) =>
    counter(`node_network_${column}_total`, `${column.replace('_', ' ')} of the network interface.`),
  ),
  read({ readText, readTextIfThere }) {
    const samples: Sample[] = [];
    for (const line of linesOf(readText('/proc/net/dev')).slice(2)) {
      const colon = line.lastIndexOf(':');
      const labels = { device: line.slice(0, colon).trim() };
      const values = columnsOf(line.slice(colon + 1));
      columns.forEach((column, at) => {
        samples.push(sample(`node_network_${column}_total`, parseInteger(values[at]), labels));
      });
      const unhandled = readTextIfThere(`/sys/class/net/${labels.device}/statistics/rx_nohandler`);
      if (unhandled !== undefined)
        samples.push(sample(`node_network_${nohandler}_total`, parseInteger(unhandled), labels));
    }
    return samples;
  },
};

// Entries of the ARP table by interface.
import { gauge, sample } from '../../core/contracts/sample.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

export const arp: Source = {
  name: 'arp',
  metrics: [gauge('node_arp_entries', 'Entries of the ARP table.')],
  read({ readTextIfThere }) {
    const entries = new Map<string, number>();
    for (const line of linesOf(readTextIfThere('/proc/net/arp') ?? '').slice(1)) {
      const device = columnsOf(line)[5];
      if (device === undefined) throw new Error(`not a line of /proc/net/arp: ${JSON.stringify(line.slice(0, 80))}`);
      entries.set(device, (entries.get(device) ?? 0) + 1);
    }
    return [...entries].map(([device, count]) => sample('node_arp_entries', count, { device }));
  },
};

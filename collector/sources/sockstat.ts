// Sockets in use by protocol, and the memory they hold.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, pairsOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** Protocol of the file and its fields. */
const served: Record<string, readonly string[]> = {
  sockets: ['used'],
  TCP: ['inuse', 'orphan', 'tw', 'alloc', 'mem'],
  UDP: ['inuse', 'mem'],
  UDPLITE: ['inuse'],
  RAW: ['inuse'],
  FRAG: ['inuse', 'memory'],
  TCP6: ['inuse'],
  UDP6: ['inuse'],
  UDPLITE6: ['inuse'],
  RAW6: ['inuse'],
  FRAG6: ['inuse', 'memory'],
};

export const sockstat: Source = {
  name: 'sockstat',
  metrics: [
    ...Object.entries(served).flatMap(([protocol, fields]) =>
      fields.map((field) => gauge(`node_sockstat_${protocol}_${field}`, `${protocol} ${field} of /proc/net/sockstat.`)),
    ),
    gauge('node_sockstat_TCP_mem_bytes', 'Memory that TCP sockets hold.'),
    gauge('node_sockstat_UDP_mem_bytes', 'Memory that UDP sockets hold.'),
  ],
  read({ readTextIfThere, pageBytes }) {
    const text = `${readTextIfThere('/proc/net/sockstat') ?? ''}\n${readTextIfThere('/proc/net/sockstat6') ?? ''}`;
    const samples: Sample[] = [];
    for (const [protocol, rest] of pairsOf(text)) {
      const fields = Object.hasOwn(served, protocol) ? served[protocol]! : [];
      const words = columnsOf(rest);
      for (let at = 0; at < words.length; at += 2) {
        const field = words[at]!;
        if (!fields.includes(field)) continue;
        const value = parseInteger(words[at + 1]);
        samples.push(sample(`node_sockstat_${protocol}_${field}`, value));
        if (field === 'mem') samples.push(sample(`node_sockstat_${protocol}_mem_bytes`, value * pageBytes));
      }
    }
    return samples;
  },
};

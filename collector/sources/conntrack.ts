// Connections that the firewall keeps track of, and how many it can; absent where it keeps none.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

export const conntrack: Source = {
  name: 'conntrack',
  metrics: [
    gauge('node_nf_conntrack_entries', 'Connections that are tracked.'),
    gauge('node_nf_conntrack_entries_limit', 'Connections that can be tracked; further ones are dropped.'),
  ],
  read({ readTextIfThere }) {
    const samples: Sample[] = [];
    const count = readTextIfThere('/proc/sys/net/netfilter/nf_conntrack_count');
    if (count !== undefined) samples.push(sample('node_nf_conntrack_entries', parseInteger(count)));
    const max = readTextIfThere('/proc/sys/net/netfilter/nf_conntrack_max');
    if (max !== undefined) samples.push(sample('node_nf_conntrack_entries_limit', parseInteger(max)));
    return samples;
  },
};

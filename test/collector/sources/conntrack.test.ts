// Tracked connections are absent where the firewall tracks none.
import { expect, test } from 'vitest';
import { conntrack } from '../../../collector/sources/conntrack.ts';
import { read } from '../read.ts';

test.each([
  { given: 'no connection tracking', files: {}, gives: [] },
  {
    given: 'connections are tracked',
    files: {
      '/proc/sys/net/netfilter/nf_conntrack_count': '123\n',
      '/proc/sys/net/netfilter/nf_conntrack_max': '65536\n',
    },
    gives: ['node_nf_conntrack_entries 123', 'node_nf_conntrack_entries_limit 65536'],
  },
])('$given', async ({ files, gives }) => {
  expect(await read(conntrack, files)).toEqual(gives);
});

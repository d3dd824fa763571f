// Sockets by protocol; memory is told in pages and exported in bytes as well.
import { expect, test } from 'vitest';
import { sockstat } from '../../../collector/sources/sockstat.ts';
import { read } from '../read.ts';

const files = {
  '/proc/net/sockstat':
    'sockets: used 18\nTCP: inuse 2 orphan 1 tw 12 alloc 4 mem 90\nUDP: inuse 3 mem 5\nFRAG: inuse 0 memory 7\nNEW: inuse 1\n',
  '/proc/net/sockstat6': 'TCP6: inuse 6\n',
};

test('both families', async () => {
  expect(await read(sockstat, files)).toEqual([
    'node_sockstat_sockets_used 18',
    'node_sockstat_TCP_inuse 2',
    'node_sockstat_TCP_orphan 1',
    'node_sockstat_TCP_tw 12',
    'node_sockstat_TCP_alloc 4',
    'node_sockstat_TCP_mem 90',
    'node_sockstat_UDP_inuse 3',
    'node_sockstat_UDP_mem 5',
    'node_sockstat_FRAG_inuse 0',
    'node_sockstat_FRAG_memory 7',
    'node_sockstat_TCP6_inuse 6',
    'node_sockstat_TCP_mem_bytes 368640',
    'node_sockstat_UDP_mem_bytes 20480',
  ]);
});

test('a field without a number fails the source', async () => {
  await expect(read(sockstat, { '/proc/net/sockstat': 'TCP: inuse\n' })).rejects.toThrow('not a number');
});

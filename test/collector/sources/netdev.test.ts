// All columns of /proc/net/dev, and the packets nobody wanted.
import { expect, test } from 'vitest';
import { netdev } from '../../../collector/sources/netdev.ts';
import { read } from '../read.ts';

const header = 'Inter-|   Receive          |  Transmit\n face |bytes packets errs |bytes packets errs\n';
const names = (lines: string[]) => lines.map((line) => line.replace(/^node_network_(\w+)_total.* (\d+)$/, '$1=$2'));

test('every column has its name', async () => {
  const files = {
    '/proc/net/dev': `${header}  eth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n`,
    '/sys/class/net/eth0/statistics/rx_nohandler': '17\n',
  };
  expect(names(await read(netdev, files))).toEqual([
    'receive_bytes=1',
    'receive_packets=2',
    'receive_errs=3',
    'receive_drop=4',
    'receive_fifo=5',
    'receive_frame=6',
    'receive_compressed=7',
    'receive_multicast=8',
    'transmit_bytes=9',
    'transmit_packets=10',
    'transmit_errs=11',
    'transmit_drop=12',
    'transmit_fifo=13',
    'transmit_colls=14',
    'transmit_carrier=15',
    'transmit_compressed=16',
    'receive_nohandler=17',
  ]);
});

test('loopback and aliases are interfaces too', async () => {
  const row = ' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n';
  const lines = await read(netdev, { '/proc/net/dev': `${header}lo:${row}eth0:1:${row}` });
  expect(lines.filter((line) => line.startsWith('node_network_receive_bytes_total'))).toEqual([
    'node_network_receive_bytes_total{device="lo"} 1',
    'node_network_receive_bytes_total{device="eth0:1"} 1',
  ]);
});

test('a line that is cut fails the source', async () => {
  await expect(read(netdev, { '/proc/net/dev': `${header}eth0: 1 2 3\n` })).rejects.toThrow('not a number');
});

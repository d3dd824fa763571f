// Bytes in UDP queues, by family and direction.
import { expect, test } from 'vitest';
import { udpQueues } from '../../../collector/sources/udp-queues.ts';
import { read } from '../read.ts';

const header = '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const socket = (queues: string) =>
  `  386: 00000000:0044 00000000:0000 07 ${queues} 00:00000000 00000000     0        0 12\n`;

test('each family that the machine has', async () => {
  const files = { '/proc/net/udp': header + socket('00000001:00000010') + socket('00000002:00000020') };
  expect(await read(udpQueues, files)).toEqual([
    'node_udp_queues{ip="v4",queue="tx"} 3',
    'node_udp_queues{ip="v4",queue="rx"} 48',
  ]);
  expect(await read(udpQueues, { ...files, '/proc/net/udp6': header })).toHaveLength(4);
});

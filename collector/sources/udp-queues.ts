// Bytes that wait in the queues of UDP sockets.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { forEachSocket } from '../sockets.ts';
import type { Source } from '../source.ts';

export const udpQueues: Source = {
  name: 'udp_queues',
  metrics: [gauge('node_udp_queues', 'Bytes in the queues of UDP sockets.')],
  read({ readTextIfThere }) {
    const samples: Sample[] = [];
    for (const [ip, path] of [
      ['v4', '/proc/net/udp'],
      ['v6', '/proc/net/udp6'],
    ] as const) {
      const text = readTextIfThere(path);
      if (text === undefined) continue;
      let sent = 0;
      let received = 0;
      forEachSocket(text, (_state, sentBytes, receivedBytes) => {
        sent += sentBytes;
        received += receivedBytes;
      });
      samples.push(
        sample('node_udp_queues', sent, { ip, queue: 'tx' }),
        sample('node_udp_queues', received, { ip, queue: 'rx' }),
      );
    }
    return samples;
  },
};

// TCP connections of the machine by state.
import { gauge, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { forEachSocket } from '../sockets.ts';
import type { Machine, Source } from '../source.ts';

/** In the order of the kernel's numbers from 1 on: include/net/tcp_states.h. */
const states = [
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
] as const;
const newSynReceived = 12;
/** The kernel takes about a microsecond to print a socket; above this every scrape would be held up, and unknown is better. */
const socketsMax = 300_000;

/** In the background, because the kernel walks its whole table of connections for each of the two files: milliseconds on a machine with much memory. */
export const tcpstat: Source = {
  name: 'tcpstat',
  intervalSeconds: 15,
  metrics: [
    gauge('node_tcp_connection_states', 'TCP connections by state, and bytes in their queues.'),
    gauge('tcp_connection_states', 'TCP connections by state, and bytes in their queues.'),
  ],
  read(machine) {
    refuseTooMany(machine);
    const counts = new Array<number>(states.length).fill(0);
    let sent = 0;
    let received = 0;
    for (const path of ['/proc/net/tcp', '/proc/net/tcp6']) {
      forEachSocket(machine.readTextIfThere(path) ?? '', (state, sentBytes, receivedBytes) => {
        const known = state === newSynReceived ? states.indexOf('syn_recv') + 1 : state;
        if (known >= 1 && known <= states.length) counts[known - 1]! += 1;
        sent += sentBytes;
        received += receivedBytes;
      });
    }
    const rows: [string, number][] = states.map((state, at) => [state, counts[at]!]);
    rows.push(['rx_queued_bytes', received], ['tx_queued_bytes', sent]);
    return ['node_tcp_connection_states', 'tcp_connection_states'].flatMap((name) =>
      rows.map(([state, value]) => sample(name, value, { state })),
    );
  },
};

function refuseTooMany({ readTextIfThere }: Machine): void {
  const tcp = /^TCP: .* tw (\d+) alloc (\d+)/m.exec(readTextIfThere('/proc/net/sockstat') ?? '');
  const sockets = tcp === null ? 0 : parseInteger(tcp[1]) + parseInteger(tcp[2]);
  if (sockets > socketsMax) throw new Error(`${sockets} TCP sockets are too many to count in a scrape`);
}

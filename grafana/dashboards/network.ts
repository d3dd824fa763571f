// Network: what goes over each link, what is lost, and how connections and sockets do.
import { steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { here, realLinks } from '../build/select.ts';

const by = 'instance, device';
const flow = (name: string, at = '') =>
  `sum by (${by}) (rate(node_network_${name}_total{${here},${realLinks}}[$__rate_interval]${at}))`;
const netstat = (name: string, legend: string) =>
  query(`sum by (instance) (rate(node_netstat_${name}{${here}}[$__rate_interval]))`, `${legend} on {{instance}}`);

const now = row('Now', [
  stat({
    title: 'Received',
    description: 'Bytes per second over all real links.',
    queries: [query(`sum(${flow('receive_bytes')})`, 'received')],
    unit: 'Bps',
  }),
  stat({
    title: 'Sent',
    description: 'Bytes per second over all real links.',
    queries: [query(`sum(${flow('transmit_bytes')})`, 'sent')],
    unit: 'Bps',
  }),
  stat({
    title: 'Sent again',
    description:
      'Share of TCP segments that had to be sent again: loss on the way. Where none is sent it is unknown, not 0.',
    queries: [
      query(
        `max(rate(node_netstat_Tcp_RetransSegs{${here}}[$__rate_interval]) / (rate(node_netstat_Tcp_OutSegs{${here}}[$__rate_interval]) > 0))`,
        'again',
      ),
    ],
    unit: 'percentunit',
    decimals: 2,
    steps: steps(0.01, 0.05),
  }),
  stat({
    title: 'Links down',
    description: 'Links that are switched on and have no carrier.',
    queries: [query(`sum(node_network_carrier{${here},${realLinks}} == bool 0)`, 'down')],
    unit: 'none',
  }),
  stat({
    title: 'Connections',
    description: 'TCP connections that are open.',
    queries: [query(`sum(node_netstat_Tcp_CurrEstab{${here}})`, 'open')],
    unit: 'none',
  }),
  stat({
    title: 'Tracked of the limit',
    description: 'Connections that the firewall tracks, as a share of what it can: at 100 % new ones are dropped.',
    queries: [
      query(`max(node_nf_conntrack_entries{${here}} / (node_nf_conntrack_entries_limit{${here}} > 0))`, 'tracked'),
    ],
    unit: 'percentunit',
    steps: steps(0.75, 0.9),
  }),
]);

const links = row('Links', [
  lines({
    title: 'Bytes',
    description: 'Received above, sent below the line; the eight busiest links at the end of the range.',
    queries: [
      query(
        largest(by, (at) => flow('receive_bytes', at)),
        'in {{device}} on {{instance}}',
      ),
      query(
        largest(by, (at) => flow('transmit_bytes', at)),
        'out {{device}} on {{instance}}',
      ),
    ],
    unit: 'Bps',
    below: '/^out /',
  }),
  lines({
    title: 'Packets',
    description: 'Received above, sent below the line.',
    queries: [
      query(
        largest(by, (at) => flow('receive_packets', at)),
        'in {{device}} on {{instance}}',
      ),
      query(
        largest(by, (at) => flow('transmit_packets', at)),
        'out {{device}} on {{instance}}',
      ),
    ],
    unit: 'pps',
    below: '/^out /',
  }),
  lines({
    title: 'Errors and drops',
    description: 'Packets that were damaged or dropped, in either direction.',
    queries: ['receive_errs', 'transmit_errs', 'receive_drop', 'transmit_drop'].map((kind) =>
      query(
        largest(by, (at) => flow(kind, at)),
        `${kind.replace('_', ' ')} {{device}} on {{instance}}`,
      ),
    ),
    unit: 'pps',
    min: 0,
  }),
  table({
    title: 'Links as they are',
    description: 'Speed, largest packet and carrier of each link.',
    width: 12,
    queries: [
      query(`topk(50, max by (${by}) (node_network_mtu_bytes{${here},${realLinks}}))`, ''),
      query(`topk(50, max by (${by}) (node_network_carrier{${here},${realLinks}}))`, ''),
      query(`topk(50, max by (${by}) (node_network_speed_bytes{${here},${realLinks}} > 0) * 8)`, ''),
    ],
    columns: [
      { name: 'device', title: 'Link' },
      { name: 'instance', title: 'Machine' },
      { name: 'Value #A', title: 'Largest packet', unit: 'decbytes' },
      { name: 'Value #B', title: 'Carrier', unit: 'none' },
      { name: 'Value #C', title: 'Speed', unit: 'bps' },
    ],
  }),
]);

const connections = row('Connections', [
  lines({
    title: 'TCP connections by state',
    description: 'Many in close_wait: a program does not close what its peers have closed.',
    queries: [query(`sum by (state) (tcp_connection_states{${here},state!~".x_queued_bytes"})`, '{{state}}')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'TCP trouble',
    description: 'Segments sent again, time-outs, and connections refused because a queue was full.',
    queries: [
      netstat('Tcp_RetransSegs', 'sent again'),
      netstat('TcpExt_TCPTimeouts', 'time-outs'),
      netstat('TcpExt_ListenOverflows', 'queue full'),
      netstat('TcpExt_ListenDrops', 'refused'),
    ],
    unit: 'ops',
    min: 0,
  }),
  lines({
    title: 'UDP',
    description: 'Datagrams in and out, and those that nobody waited for or that found no room.',
    queries: [
      netstat('Udp_InDatagrams', 'in'),
      netstat('Udp_OutDatagrams', 'out'),
      netstat('Udp_NoPorts', 'nobody waited'),
      netstat('Udp_RcvbufErrors', 'no room'),
    ],
    unit: 'ops',
    min: 0,
  }),
  lines({
    title: 'Sockets',
    description: 'Sockets in use, and those that wait to be forgotten.',
    queries: [
      query(`node_sockstat_sockets_used{${here}}`, 'all on {{instance}}'),
      query(`node_sockstat_TCP_inuse{${here}}`, 'TCP on {{instance}}'),
      query(`node_sockstat_TCP_tw{${here}}`, 'waiting on {{instance}}'),
      query(`node_sockstat_UDP_inuse{${here}}`, 'UDP on {{instance}}'),
    ],
    unit: 'none',
    min: 0,
  }),
]);

export const network: Dashboard = {
  name: 'network',
  title: 'Network',
  description: 'What goes over each link, what is lost, and how connections and sockets do.',
  tags: ['machine'],
  consolePage: '/nodes',
  sections: [now, links, connections],
};

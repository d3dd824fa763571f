// TCP connections of both families by state, under both names.
import { expect, test } from 'vitest';
import { tcpstat } from '../../../collector/sources/tcpstat.ts';
import { read } from '../read.ts';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const v4 = (state: string, queues = '00000000:00000000') =>
  `   0: 0100007F:1F90 0100007F:0050 ${state} ${queues} 00:00000000 00000000     0        0 1234 1\n`;
const v6 = (state: string) =>
  `  17: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 1\n`;
const state = (lines: string[], name: string) => lines.filter((line) => line.includes(`state="${name}"`));

test.each([
  { given: 'established', code: '01', gives: 'established' },
  { given: 'half open', code: '03', gives: 'syn_recv' },
  { given: 'half open on a new kernel', code: '0C', gives: 'syn_recv' },
  { given: 'listening', code: '0A', gives: 'listen' },
  { given: 'closing', code: '0B', gives: 'closing' },
])('$given → $gives', async ({ code, gives }) => {
  const lines = await read(tcpstat, { '/proc/net/tcp': header + v4(code), '/proc/net/tcp6': header + v6(code) });
  expect(state(lines, gives)).toEqual([
    `node_tcp_connection_states{state="${gives}"} 2`,
    `tcp_connection_states{state="${gives}"} 2`,
  ]);
});

test('states that no connection is in are 0, and queues are summed', async () => {
  const lines = await read(tcpstat, {
    '/proc/net/tcp': header + v4('01', '0000000A:00000001') + v4('01', '00000010:00000002'),
  });
  expect(lines).toHaveLength(2 * 13);
  expect(state(lines, 'time_wait')[0]).toBe('node_tcp_connection_states{state="time_wait"} 0');
  expect(state(lines, 'tx_queued_bytes')[0]).toMatch(/ 26$/);
  expect(state(lines, 'rx_queued_bytes')[0]).toMatch(/ 3$/);
});

test.each([
  {
    given: 'more sockets than can be counted',
    files: { '/proc/net/sockstat': 'TCP: inuse 1 orphan 0 tw 200000 alloc 150000 mem 3\n' },
  },
  { given: 'a line that is cut', files: { '/proc/net/tcp': `${header}   0: 0100007F:1F90 0100` } },
])('$given fails the source', async ({ files }) => {
  await expect(read(tcpstat, files)).rejects.toThrow();
});

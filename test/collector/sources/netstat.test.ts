// Network stack counters from tables of two lines and from lists.
import { expect, test } from 'vitest';
import { netstat } from '../../../collector/sources/netstat.ts';
import { read } from '../read.ts';

const files = {
  '/proc/net/netstat': 'TcpExt: SyncookiesSent ListenDrops Unasked\nTcpExt: 1 2 3\nIpExt: InOctets\nIpExt: 4\n',
  '/proc/net/snmp':
    'Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: MaxConn CurrEstab\nTcp: -1 5\nUdpLite: InErrors\nUdpLite: 0\n',
  '/proc/net/snmp6': 'Ip6InOctets    \t6\nIcmp6InMsgs\t7\nUdp6NoPorts\t8\nUdpLite6InErrors\t9\nIp6InDelivers\t10\n',
};

test('what dashboards ask for, and no more', async () => {
  expect((await read(netstat, files)).sort()).toEqual(
    [
      'node_netstat_TcpExt_SyncookiesSent 1',
      'node_netstat_TcpExt_ListenDrops 2',
      'node_netstat_IpExt_InOctets 4',
      'node_netstat_Ip_Forwarding 1',
      'node_netstat_Tcp_MaxConn -1',
      'node_netstat_Tcp_CurrEstab 5',
      'node_netstat_UdpLite_InErrors 0',
      'node_netstat_Ip6_InOctets 6',
      'node_netstat_Icmp6_InMsgs 7',
      'node_netstat_Udp6_NoPorts 8',
      'node_netstat_UdpLite6_InErrors 9',
    ].sort(),
  );
});

test('without IPv6 the rest is there', async () => {
  const { '/proc/net/snmp6': _, ...rest } = files;
  expect(await read(netstat, rest)).toHaveLength(7);
});

test.each(['Tcp: A B\nTcp: 1\n', 'Tcp: A\nUdp: 1\n'])('%j fails the source', async (text) => {
  await expect(read(netstat, { ...files, '/proc/net/snmp': text })).rejects.toThrow('has no values');
});

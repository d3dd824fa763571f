// Counters of the IP, ICMP, TCP and UDP stacks.
import { type Sample, sample, untyped } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** What node_exporter exports by default, and what dashboards ask for beyond. */
const served = new Set(
  (
    'Tcp_CurrEstab Tcp_ActiveOpens Tcp_PassiveOpens Tcp_RetransSegs Tcp_InSegs Tcp_OutSegs Tcp_InErrs Tcp_OutRsts Tcp_MaxConn ' +
    'TcpExt_ListenDrops TcpExt_ListenOverflows TcpExt_TCPSynRetrans TcpExt_TCPTimeouts TcpExt_TCPRcvQDrop TcpExt_TCPOFOQueue ' +
    'TcpExt_SyncookiesSent TcpExt_SyncookiesRecv TcpExt_SyncookiesFailed ' +
    'Udp_InDatagrams Udp_OutDatagrams Udp_InErrors Udp_NoPorts Udp_RcvbufErrors Udp_SndbufErrors UdpLite_InErrors ' +
    'Udp6_InDatagrams Udp6_OutDatagrams Udp6_InErrors Udp6_NoPorts Udp6_RcvbufErrors Udp6_SndbufErrors UdpLite6_InErrors ' +
    'Icmp_InMsgs Icmp_OutMsgs Icmp_InErrors Icmp6_InMsgs Icmp6_OutMsgs Icmp6_InErrors ' +
    'Ip_Forwarding IpExt_InOctets IpExt_OutOctets Ip6_InOctets Ip6_OutOctets'
  ).split(' '),
);

export const netstat: Source = {
  name: 'netstat',
  metrics: [...served].map((name) =>
    untyped(`node_netstat_${name}`, `${name.replace('_', ' ')} of the network stack.`),
  ),
  read({ readText, readTextIfThere }) {
    const samples: Sample[] = [];
    for (const [name, value] of [
      ...tablesOf(readText('/proc/net/netstat')),
      ...tablesOf(readText('/proc/net/snmp')),
      ...listOf(readTextIfThere('/proc/net/snmp6') ?? ''),
    ]) {
      if (served.has(name)) samples.push(sample(`node_netstat_${name}`, parseInteger(value)));
    }
    return samples;
  },
};

/** Pairs of lines, `Tcp: name name …` above `Tcp: value value …`. */
function tablesOf(text: string): [string, string][] {
  const found: [string, string][] = [];
  const lines = linesOf(text);
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [protocol, ...names] = lines[at]!.split(' ');
    const [same, ...values] = lines[at + 1]!.split(' ');
    if (protocol !== same || names.length !== values.length)
      throw new Error(`${protocol} has no values in its second line`);
    for (const [column, name] of names.entries()) found.push([`${protocol!.slice(0, -1)}_${name}`, values[column]!]);
  }
  return found;
}

/** One `Ip6InOctets value` a line; the protocol ends at the 6. */
function listOf(text: string): [string, string][] {
  return linesOf(text).map((line) => {
    const [name = '', value = ''] = columnsOf(line);
    return [name.replace('6', '6_'), value];
  });
}

// The list of what the collector reads; a new source is one file beside this one and one line here.
import type { Source } from '../source.ts';
import { arp } from './arp.ts';
import { conntrack } from './conntrack.ts';
import { createCpu } from './cpu.ts';
import { cpufreq } from './cpufreq.ts';
import { diskstats } from './diskstats.ts';
import { createDns } from './dns.ts';
import { entropy } from './entropy.ts';
import { filefd } from './filefd.ts';
import { filesystem } from './filesystem.ts';
import { kernelHung } from './kernel-hung.ts';
import { loadavg } from './loadavg.ts';
import { meminfo } from './meminfo.ts';
import { netclass } from './netclass.ts';
import { netdev } from './netdev.ts';
import { netstat } from './netstat.ts';
import { pressure } from './pressure.ts';
import { createProcess } from './process.ts';
import { schedstat } from './schedstat.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { stat } from './stat.ts';
import { tcpstat } from './tcpstat.ts';
import { time } from './time.ts';
import { udpQueues } from './udp-queues.ts';
import { uname } from './uname.ts';
import { vmstat } from './vmstat.ts';

/** What sources need to be told; everything else they ask of the machine. */
export interface SourceOptions {
  /** Names asked of every name server. */
  dnsNames: readonly string[];
  /** Folder with *.prom files; empty for none. */
  textfileDirectory: string;
}

export function createSources(options: SourceOptions): Source[] {
  return [
    arp,
    conntrack,
    createCpu(),
    cpufreq,
    diskstats,
    createDns(options.dnsNames),
    entropy,
    filefd,
    filesystem,
    kernelHung,
    loadavg,
    meminfo,
    netclass,
    netdev,
    netstat,
    pressure,
    createProcess(),
    schedstat,
    sockstat,
    softnet,
    stat,
    tcpstat,
    time,
    udpQueues,
    uname,
    vmstat,
  ];
}

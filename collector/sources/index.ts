// The list of what the collector reads; a new source is one file beside this one and one line here.
import { createSnapshots, type Pause, type Snapshots } from '../live/snapshots.ts';
import type { Source } from '../source.ts';
import { arp } from './arp.ts';
import { conntrack } from './conntrack.ts';
import { createContainerFilesystems } from './containers/filesystems.ts';
import { type Containers, createContainers } from './containers/index.ts';
import { createCpu } from './cpu.ts';
import { cpufreq } from './cpufreq.ts';
import { diskstats } from './diskstats.ts';
import { createDns } from './dns.ts';
import { entropy } from './entropy.ts';
import { filefd } from './filefd.ts';
import { filesystem } from './filesystem.ts';
import { createGpus, type Gpus } from './gpu/index.ts';
import { hwmon } from './hwmon.ts';
import { interrupts } from './interrupts.ts';
import { createInventory } from './inventory.ts';
import { kernelHung } from './kernel-hung.ts';
import { loadavg } from './loadavg.ts';
import { meminfo } from './meminfo.ts';
import { netclass } from './netclass.ts';
import { netdev } from './netdev.ts';
import { netstat } from './netstat.ts';
import { powersupplyclass } from './powersupplyclass.ts';
import { pressure } from './pressure.ts';
import { createProcess } from './process.ts';
import { createProcesses } from './processes/index.ts';
import { rapl } from './rapl.ts';
import { schedstat } from './schedstat.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { stat } from './stat.ts';
import { systemd } from './systemd.ts';
import { tcpstat } from './tcpstat.ts';
import { createTextfile } from './textfile.ts';
import { thermalZone } from './thermal-zone.ts';
import { time } from './time.ts';
import { timex } from './timex.ts';
import { udpQueues } from './udp-queues.ts';
import { uname } from './uname.ts';
import { vmstat } from './vmstat.ts';

/** What sources need to be told; everything else they ask of the machine. */
export interface SourceOptions {
  /** Names asked of every name server. */
  dnsNames: readonly string[];
  /** Folder with *.prom files; empty for none. */
  textfileDirectory: string;
  /** Where the root of the host is mounted; empty on the host itself. */
  hostRoot: string;
}

/** What the routes of /v1 need to know from sources. */
export interface Known {
  containers: Containers;
  gpus: Gpus;
  snapshots: Snapshots;
}

/** `pause` lets other work go on while all processes are looked at. */
export function createKnown(pause: Pause): Known {
  const containers = createContainers();
  const { engine } = containers;
  const gpus = createGpus(engine);
  return { containers, gpus, snapshots: createSnapshots(engine, pause, gpus.reading) };
}

export function createSources(options: SourceOptions, { containers, gpus, snapshots }: Known): Source[] {
  const sources: Source[] = [
    arp,
    conntrack,
    ...containers.sources,
    createContainerFilesystems(containers.engine, options.hostRoot),
    createCpu(),
    cpufreq,
    diskstats,
    createDns(options.dnsNames),
    entropy,
    filefd,
    filesystem,
    ...gpus.sources,
    hwmon,
    interrupts,
    createInventory(),
    kernelHung,
    loadavg,
    meminfo,
    netclass,
    netdev,
    netstat,
    powersupplyclass,
    pressure,
    createProcess(),
    ...createProcesses(containers.engine),
    rapl,
    schedstat,
    sockstat,
    softnet,
    stat,
    systemd,
    tcpstat,
    snapshots.source,
    thermalZone,
    time,
    timex,
    udpQueues,
    uname,
    vmstat,
  ];
  const taken = new Set(sources.flatMap((source) => source.metrics.map((metric) => metric.name)));
  return [...sources, createTextfile(options.textfileDirectory, taken)];
}

// Proof of presence: every promised name on this machine, or the reason why its kernel cannot serve it; and what each dashboard asks for.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Exporter } from '../../bench/exporter.ts';
import { dashboards, gpuAppRows, gpuRows, unanswered } from '../../collector/dashboards.ts';
import { promisedNames } from '../../collector/names.ts';
import type { DockerEngine } from '../../engine/docker-engine.ts';
import { barred, type Figure, told } from '../figure.ts';
import { runContainer } from './containers.ts';
import { scrapeSamples, seconds, withCollector } from './started.ts';

type Progress = (line: string) => void;

/** With everything switched on that is off by default, a textfile, and an nvidia-smi that prints rows of a made-up card. */
export async function provePresence(engine: DockerEngine, cache: string, progress: Progress): Promise<Figure[]> {
  await runContainer(engine, 'seen', { NanoCpus: 5e8 });
  const textfiles = join(engine.folder, 'textfiles');
  mkdirSync(textfiles, { recursive: true });
  writeFileSync(join(textfiles, 'backup.prom'), '# TYPE backup_age_seconds gauge\nbackup_age_seconds 60\n');
  try {
    return await withCollector(
      cache,
      {
        DOCKER_HOST: `unix://${engine.socketPath}`,
        PATH: `${fakeSmi(engine.folder)}${delimiter}${process.env['PATH']}`,
        COLLECTOR_SOURCES_ON: 'interrupts,dcgm',
        COLLECTOR_TEXTFILE_DIRECTORY: textfiles,
      },
      (collector) => look(collector, progress),
    );
  } finally {
    await engine.ask('DELETE', '/containers/seen?force=1&v=1');
  }
}

/** A folder with a program that prints what nvidia-smi would: the rows are written after its documentation, not recorded. */
function fakeSmi(folder: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'gpus'), gpuRows);
  writeFileSync(join(programs, 'apps'), gpuAppRows);
  const script = `#!/bin/sh
case "$1" in
--query-gpu*) exec cat '${programs}/gpus' ;;
--query-compute*) exec cat '${programs}/apps' ;;
*) echo 'CUDA Version : 12.4' ;;
esac
`;
  writeFileSync(join(programs, 'nvidia-smi'), script, { mode: 0o755 });
  return programs;
}

async function look(collector: Exporter, progress: Progress): Promise<Figure[]> {
  await seconds(70); // layers are read once a minute
  const samples = await scrapeSamples(collector);
  const present = new Set(samples.map(({ name }) => name));
  const absent = promisedNames.filter((name) => !present.has(name));
  const unexplained = absent.filter((name) => {
    const reason = reasonFor(name);
    progress(`  absent: ${name}: ${reason ?? 'NO REASON'}`);
    return reason === undefined;
  });
  return [
    told('collector.names.promised', promisedNames.length),
    told('collector.names.present', promisedNames.length - absent.length),
    told('collector.names.absent_with_reason', absent.length - unexplained.length),
    barred('collector.names.absent_without_reason', unexplained.length, '==', 0),
    ...dashboards.map((dashboard) => {
      const lacking = unanswered(dashboard, samples).filter((what) => reasonFor(what) === undefined);
      for (const what of lacking) progress(`  dashboard ${dashboard.id} asks for ${what}`);
      return barred(`collector.dashboards.${dashboard.id}.unanswered`, lacking.length, '==', 0);
    }),
  ];
}

interface Reason {
  names: RegExp;
  reason: string;
  /** Looked up on this machine: a reason that does not hold is none. */
  holds(name: string): boolean;
}

/** Of all containers together. */
const containersBytes = '/sys/fs/cgroup/blkio/docker/blkio.throttle.io_service_bytes_recursive';

const lacks = (path: string) => (): boolean => !existsSync(path);
const isEmpty =
  (path: string, pattern = /./) =>
  (): boolean =>
    !existsSync(path) || !readdirSync(path).some((name) => pattern.test(name));
const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

const reasons: readonly Reason[] = [
  { names: /^node_schedstat/, reason: 'no /proc/schedstat', holds: lacks('/proc/schedstat') },
  { names: /^node_pressure_irq/, reason: 'no /proc/pressure/irq', holds: lacks('/proc/pressure/irq') },
  { names: /^node_pressure/, reason: 'no /proc/pressure', holds: lacks('/proc/pressure/cpu') },
  { names: /^node_cpu_scaling/, reason: 'no cpufreq', holds: lacks('/sys/devices/system/cpu/cpu0/cpufreq') },
  { names: /^node_hwmon/, reason: 'no sensors', holds: isEmpty('/sys/class/hwmon') },
  { names: /^node_cooling/, reason: 'no cooling devices', holds: isEmpty('/sys/class/thermal', /^cooling/) },
  { names: /^node_power_supply/, reason: 'no power supply', holds: isEmpty('/sys/class/power_supply') },
  { names: /^node_rapl/, reason: 'no RAPL', holds: isEmpty('/sys/class/powercap', /rapl:/) },
  { names: /^node_systemd/, reason: 'systemd does not run here', holds: lacks('/run/systemd/system') },
  {
    names: /^node_nf_conntrack/,
    reason: 'no connection tracking',
    holds: lacks('/proc/sys/net/netfilter/nf_conntrack_count'),
  },
  {
    names: /^node_kernel_hung/,
    reason: 'the kernel does not count hung tasks',
    holds: lacks('/proc/sys/kernel/hung_task_detect_count'),
  },
  {
    names: /^node_arp/,
    reason: 'the ARP table is empty',
    holds: () => textOf('/proc/net/arp').trim().split('\n').length < 2,
  },
  {
    names: /^node_memory_/,
    reason: 'not in /proc/meminfo',
    holds: (name) => {
      const key = name.replace(/^node_memory_(.*?)(_bytes)?$/, '$1').replace(/_(anon|file)$/, '($1)');
      return !textOf('/proc/meminfo').includes(`${key}:`);
    },
  },
  {
    names: /^node_network_speed/,
    reason: 'no link knows its speed',
    holds: () => readdirSync('/sys/class/net').every((device) => !(speedOf(device) > 0)),
  },
  {
    names: /^node_vmstat/,
    reason: 'not in /proc/vmstat',
    holds: (name) => !new RegExp(`^${name.slice('node_vmstat_'.length)} `, 'm').test(textOf('/proc/vmstat')),
  },
  { names: /^dns_/, reason: 'no name server is set', holds: () => !/^nameserver/m.test(textOf('/etc/resolv.conf')) },
  {
    names: /^container_pressure/,
    reason: 'cgroup v1 has no pressure of containers',
    holds: lacks('/sys/fs/cgroup/cgroup.controllers'),
  },
  {
    names: /^container_fs_io_time/,
    reason: 'no I/O scheduler that keeps times',
    holds: () =>
      !/_recursive$|service_time$/m.test(
        blkioFiles()
          .filter((name) => name.startsWith('blkio.io_'))
          .join('\n'),
      ),
  },
  {
    names: /^container_(fs_(reads|writes)|blkio)/,
    reason: 'the containers moved nothing to or from a disk',
    holds: () => !/^\d+:\d+ Read [1-9]/m.test(textOf(containersBytes)),
  },
  {
    names: /^container_(memory_swap|spec_memory_swap)/,
    reason: 'the kernel keeps no account of swap',
    holds: lacks('/sys/fs/cgroup/memory/memory.memsw.usage_in_bytes'),
  },
  { names: /^machine_swap/, reason: 'no swap', holds: () => !textOf('/proc/meminfo').includes('SwapTotal:') },
];

function blkioFiles(): string[] {
  return existsSync('/sys/fs/cgroup/blkio') ? readdirSync('/sys/fs/cgroup/blkio') : [];
}

function speedOf(device: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${device}/speed`, 'utf8'));
  } catch {
    return Number.NaN; // a device without a link
  }
}

/** Of an absent name, or of `name without label`, for which there is none. */
function reasonFor(what: string): string | undefined {
  return reasons.find(({ names, holds }) => names.test(what) && !what.includes(' ') && holds(what))?.reason;
}

// Counters at one moment, and the values per second between two of them.
import type { LiveValues } from '../../core/contracts/live.ts';
import type { Machine } from '../source.ts';
import { cgroupVersion, groupFolder } from '../sources/containers/cgroup-path.ts';
import { parseKeyed } from '../sources/containers/cgroup-text.ts';
import type { Engine } from '../sources/containers/engine.ts';
import { parseNetDev } from '../sources/containers/network.ts';
import type { GpuReading } from '../sources/gpu/smi.ts';

/** Counters by name, so that rates are differences of two such maps. */
export interface Moment {
  atSeconds: number;
  cpu: { busy: number; total: number };
  network: Map<string, { receive: number; transmit: number }>;
  disks: Map<string, { read: number; write: number }>;
  containers: Map<string, { name: string; cpuSeconds: number | undefined; workingSetBytes: number | undefined }>;
}

const devicesMax = 64;
const containersMax = 500;
const sectorBytes = 512;

export function readMoment(machine: Machine, engine: Engine): Moment {
  return {
    atSeconds: machine.monotonicSeconds(),
    cpu: readCpu(machine.readText('/proc/stat')),
    network: readNetwork(machine),
    disks: readDisks(machine),
    containers: readContainers(machine, engine),
  };
}

/** Idle and iowait are idle; guests are already in user and nice. */
function readCpu(stat: string): Moment['cpu'] {
  const fields = (/^cpu +(.+)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, 8).map(Number);
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  return { busy: total - (fields[3] ?? 0) - (fields[4] ?? 0), total };
}

/** Devices of the machine itself: what containers send passes these, and would else count twice. */
function readNetwork(machine: Machine): Moment['network'] {
  const own = parseNetDev(machine.readText('/proc/net/dev')).filter(
    ({ name }) => !/^(veth|docker|br-|virbr|tun|cali)/.test(name),
  );
  return new Map(
    own
      .slice(0, devicesMax)
      .map(({ name, receive, transmit }) => [name, { receive: receive.bytes, transmit: transmit.bytes }]),
  );
}

/** Whole disks; their partitions are in them. */
function readDisks(machine: Machine): Moment['disks'] {
  const whole = new Set(machine.listIfThere('/sys/block').filter((name) => !/^(loop|ram|zram|dm-|md)/.test(name)));
  const disks: Moment['disks'] = new Map();
  for (const line of machine.readText('/proc/diskstats').split('\n')) {
    const columns = line.trim().split(/\s+/);
    const name = columns[2];
    if (name === undefined || !whole.has(name) || disks.size >= devicesMax) continue;
    disks.set(name, { read: Number(columns[5]) * sectorBytes, write: Number(columns[9]) * sectorBytes });
  }
  return disks;
}

/** Two or three small files a container, not all that a scrape reads. */
function readContainers(machine: Machine, engine: Engine): Moment['containers'] {
  const version = cgroupVersion(machine);
  const found: Moment['containers'] = new Map();
  for (const { id, name, group } of engine.containers(machine).values()) {
    if (group === undefined || found.size >= containersMax) continue;
    const read = (controller: string, file: string) =>
      machine.readTextIfThere(`${groupFolder(version, controller, group)}/${file}`);
    const [usage, stat] = [
      read('memory', version === 2 ? 'memory.current' : 'memory.usage_in_bytes'),
      read('memory', 'memory.stat'),
    ];
    const inactive =
      stat === undefined ? undefined : parseKeyed(stat).get(version === 2 ? 'inactive_file' : 'total_inactive_file');
    found.set(id, {
      name,
      cpuSeconds:
        version === 2
          ? secondsOf(parseKeyed(read('cpu', 'cpu.stat') ?? '').get('usage_usec'), 1e6)
          : secondsOf(read('cpuacct', 'cpuacct.usage'), 1e9),
      workingSetBytes:
        usage === undefined || inactive === undefined ? undefined : Math.max(0, Number(usage) - inactive),
    });
  }
  return found;
}

function secondsOf(count: string | number | undefined, perSecond: number): number | undefined {
  return count === undefined ? undefined : Number(count) / perSecond;
}

type Node = LiveValues['node'];

/** The values that a viewer is shown; rates only where there is a moment before. */
export function liveValuesOf(
  machine: Machine,
  now: Moment,
  before: Moment | undefined,
  gpus: GpuReading | undefined,
): LiveValues {
  const seconds = before === undefined ? 0 : now.atSeconds - before.atSeconds;
  /** Undefined without a step, and after a counter was set back. */
  const rate = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined || seconds <= 0 || to < from ? undefined : (to - from) / seconds;
  return {
    instance: machine.readText('/proc/sys/kernel/hostname').trim(),
    takenAtSeconds: machine.unixSeconds(),
    node: { ...cpuRatioOf(now, before), ...memoryOf(machine) },
    network: [...now.network].map(([device, { receive, transmit }]) => {
      const was = before?.network.get(device);
      return known({
        device,
        receiveBytesPerSecond: rate(was?.receive, receive),
        transmitBytesPerSecond: rate(was?.transmit, transmit),
      });
    }),
    disks: [...now.disks].map(([device, { read, write }]) => {
      const was = before?.disks.get(device);
      return known({ device, readBytesPerSecond: rate(was?.read, read), writeBytesPerSecond: rate(was?.write, write) });
    }),
    containers: [...now.containers].map(([id, { name, cpuSeconds, workingSetBytes }]) =>
      known({ id, name, cpuCores: rate(before?.containers.get(id)?.cpuSeconds, cpuSeconds), workingSetBytes }),
    ),
    gpus: gpusOf(gpus, now.atSeconds),
  };
}

function cpuRatioOf(now: Moment, before: Moment | undefined): Pick<Node, 'cpuRatio'> {
  const total = before === undefined ? 0 : now.cpu.total - before.cpu.total;
  if (before === undefined || total <= 0) return {};
  return { cpuRatio: Math.min(1, Math.max(0, (now.cpu.busy - before.cpu.busy) / total)) };
}

function memoryOf(machine: Machine): Pick<Node, 'memoryTotalBytes' | 'memoryUsedBytes'> {
  const meminfo = machine.readText('/proc/meminfo');
  const bytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1]) * 1024;
  const [total, available] = [bytes('MemTotal'), bytes('MemAvailable')];
  if (!Number.isFinite(total) || !Number.isFinite(available)) return {};
  return { memoryTotalBytes: total, memoryUsedBytes: Math.max(0, total - available) };
}

function gpusOf(reading: GpuReading | undefined, nowSeconds: number): LiveValues['gpus'] {
  return (reading?.gpus ?? []).map((gpu) => {
    const value = (series: string) => [...gpu.values].find(([field]) => field.series.includes(series))?.[1];
    return known({
      uuid: gpu.uuid,
      index: gpu.index,
      name: gpu.texts.get('name') ?? '',
      utilizationRatio: value('utilization_gpu_ratio'),
      memoryUsedBytes: value('memory_used_bytes'),
      memoryTotalBytes: value('memory_total_bytes'),
      temperatureCelsius: value('temperature_gpu'),
      powerWatts: value('power_draw_watts'),
      ageSeconds: Math.max(0, nowSeconds - reading!.atSeconds),
    });
  });
}

type Known<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the fields that are undefined: absent is how "unknown" is said. */
function known<T extends object>(value: T): Known<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Known<T>;
}

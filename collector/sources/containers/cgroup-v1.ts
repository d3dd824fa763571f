// A container's numbers on cgroup v1 (docs.kernel.org/admin-guide/cgroup-v1), each controller in a tree of its own.
import { parseInteger, parseNumber } from '../../../core/lib/parse.ts';
import { type DeviceUse, parseBlkio, parseKeyed } from './cgroup-text.ts';
import { type Limits, type MemoryUse, parsed, type ReadGroupFile, type Usage } from './usage.ts';

/** Above this the kernel means "no limit": it prints the largest page-aligned 64-bit number. */
const unlimitedBytes = 2 ** 62;

/** Reads what the groups have; undefined when the container's groups are gone. Kernel ticks a second for cpuacct.stat. */
export function readUsageV1(read: ReadGroupFile, clockTicks: number): Usage | undefined {
  const cpuNanoseconds = parsed(read('cpuacct', 'cpuacct.usage'), parseNumber);
  const memory = memoryOf(read);
  if (cpuNanoseconds === undefined && memory === undefined) return undefined;
  const shares = parsed(read('cpuacct', 'cpuacct.stat'), parseKeyed);
  const throttling = parsed(read('cpu', 'cpu.stat'), parseKeyed);
  return {
    cpu:
      cpuNanoseconds === undefined || shares === undefined
        ? undefined
        : {
            totalSeconds: cpuNanoseconds / 1e9,
            userSeconds: (shares.get('user') ?? 0) / clockTicks,
            systemSeconds: (shares.get('system') ?? 0) / clockTicks,
          },
    throttling: throttling?.has('nr_periods')
      ? {
          periods: throttling.get('nr_periods')!,
          throttledPeriods: throttling.get('nr_throttled') ?? 0,
          throttledSeconds: (throttling.get('throttled_time') ?? 0) / 1e9,
        }
      : undefined,
    memory,
    devices: devicesOf(read),
    threads: parsed(read('pids', 'pids.current'), parseInteger),
    pressure: { cpu: undefined, memory: undefined, io: undefined },
  };
}

/** usage = usage_in_bytes; rss, cache and mapped file with everything below the group: total_*. */
function memoryOf(read: ReadGroupFile): MemoryUse | undefined {
  const usageBytes = parsed(read('memory', 'memory.usage_in_bytes'), parseInteger);
  const stat = parsed(read('memory', 'memory.stat'), parseKeyed);
  if (usageBytes === undefined || stat === undefined) return undefined;
  const must = (key: string): number => {
    const value = stat.get(key);
    if (value === undefined) throw new Error(`memory.stat has no ${key}`);
    return value;
  };
  return {
    usageBytes,
    workingSetBytes: Math.max(0, usageBytes - must('total_inactive_file')),
    rssBytes: must('total_rss'),
    cacheBytes: must('total_cache'),
    mappedFileBytes: must('total_mapped_file'),
    swapBytes: stat.get('total_swap'),
    maxUsageBytes: parsed(read('memory', 'memory.max_usage_in_bytes'), parseInteger),
    failcnt: parsed(read('memory', 'memory.failcnt'), parseInteger),
    oomKills: parsed(read('memory', 'memory.oom_control'), parseKeyed)?.get('oom_kill'),
    faults: {
      own: must('pgfault'),
      all: must('total_pgfault'),
      ownMajor: must('pgmajfault'),
      allMajor: must('total_pgmajfault'),
    },
  };
}

/** With the groups below where the kernel adds them up; io time only where the scheduler keeps it. */
function devicesOf(read: ReadGroupFile): DeviceUse[] | undefined {
  const read1 = (names: readonly string[]) => {
    for (const name of names) {
      const text = read('blkio', name);
      if (text !== undefined) return parseBlkio(text);
    }
    return undefined;
  };
  const bytes = read1(['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_service_bytes']);
  const operations = read1(['blkio.throttle.io_serviced_recursive', 'blkio.throttle.io_serviced']);
  if (bytes === undefined || operations === undefined) return undefined;
  const nanoseconds = read1(['blkio.io_service_time_recursive', 'blkio.io_service_time']);
  return [...bytes].map(([device, moved]) => ({
    device,
    readBytes: moved.get('Read') ?? 0,
    writeBytes: moved.get('Write') ?? 0,
    reads: operations.get(device)?.get('Read') ?? 0,
    writes: operations.get(device)?.get('Write') ?? 0,
    discardBytes: moved.get('Discard'),
    ioSeconds: parsedTotal(nanoseconds?.get(device)),
  }));
}

function parsedTotal(operations: Map<string, number> | undefined): number | undefined {
  const total = operations?.get('Total');
  return total === undefined ? undefined : total / 1e9;
}

/** What the container may use; it changes only when a person changes it. */
export function readLimitsV1(read: ReadGroupFile): Limits {
  const bytes = (file: string) =>
    parsed(read('memory', file), (text) => (Number(text) >= unlimitedBytes ? 0 : parseInteger(text)));
  const quota = parsed(read('cpu', 'cpu.cfs_quota_us'), parseInteger);
  return {
    cpuQuotaMicroseconds: quota === undefined ? undefined : Math.max(0, quota), // -1 is no limit
    cpuPeriodMicroseconds: parsed(read('cpu', 'cpu.cfs_period_us'), parseInteger),
    cpuShares: parsed(read('cpu', 'cpu.shares'), parseInteger),
    memoryBytes: bytes('memory.limit_in_bytes'),
    swapBytes: bytes('memory.memsw.limit_in_bytes'),
    reservationBytes: bytes('memory.soft_limit_in_bytes'),
  };
}

// A container's numbers on cgroup v2 (docs.kernel.org/admin-guide/cgroup-v2.html).
import { parseInteger } from '../../../core/lib/parse.ts';
import { parseIoStat, parseKeyed, parseLimit, parsePressure } from './cgroup-text.ts';
import { type Limits, type MemoryUse, parsed, type ReadGroupFile, type Usage } from './usage.ts';

/** Reads what the group has; undefined when the group itself is gone. */
export function readUsageV2(read: ReadGroupFile): Usage | undefined {
  const cpuStat = parsed(read('cpu', 'cpu.stat'), parseKeyed);
  if (cpuStat === undefined) return undefined; // cpu.stat is there in every living group, whatever controllers are on
  return {
    cpu: cpuOf(cpuStat),
    throttling: cpuStat.has('nr_periods')
      ? {
          periods: cpuStat.get('nr_periods')!,
          throttledPeriods: cpuStat.get('nr_throttled') ?? 0,
          throttledSeconds: (cpuStat.get('throttled_usec') ?? 0) / 1e6,
        }
      : undefined,
    memory: memoryOf(read),
    devices: parsed(read('io', 'io.stat'), parseIoStat),
    threads: parsed(read('pids', 'pids.current'), parseInteger),
    pressure: {
      cpu: parsed(read('cpu', 'cpu.pressure'), parsePressure),
      memory: parsed(read('memory', 'memory.pressure'), parsePressure),
      io: parsed(read('io', 'io.pressure'), parsePressure),
    },
  };
}

function cpuOf(stat: Map<string, number>): Usage['cpu'] {
  const [total, user, system] = [stat.get('usage_usec'), stat.get('user_usec'), stat.get('system_usec')];
  if (total === undefined || user === undefined || system === undefined) return undefined;
  return { totalSeconds: total / 1e6, userSeconds: user / 1e6, systemSeconds: system / 1e6 };
}

/** usage = memory.current; rss = anon; cache = file; mapped = file_mapped. */
function memoryOf(read: ReadGroupFile): MemoryUse | undefined {
  const usageBytes = parsed(read('memory', 'memory.current'), parseInteger);
  const stat = parsed(read('memory', 'memory.stat'), parseKeyed);
  if (usageBytes === undefined || stat === undefined) return undefined;
  const events = parsed(read('memory', 'memory.events'), parseKeyed);
  const [faults, majorFaults] = [must(stat, 'pgfault'), must(stat, 'pgmajfault')];
  return {
    usageBytes,
    workingSetBytes: Math.max(0, usageBytes - must(stat, 'inactive_file')),
    rssBytes: must(stat, 'anon'),
    cacheBytes: must(stat, 'file'),
    mappedFileBytes: must(stat, 'file_mapped'),
    swapBytes: parsed(read('memory', 'memory.swap.current'), parseInteger),
    maxUsageBytes: parsed(read('memory', 'memory.peak'), parseInteger),
    failcnt: events?.get('max'),
    oomKills: events?.get('oom_kill'),
    faults: { own: faults, all: faults, ownMajor: majorFaults, allMajor: majorFaults },
  };
}

/** What the container may use; it changes only when a person changes it. */
export function readLimitsV2(read: ReadGroupFile): Limits {
  const [quota, period] = read('cpu', 'cpu.max')?.trim().split(' ') ?? [];
  return {
    cpuQuotaMicroseconds: parsed(quota, parseLimit),
    cpuPeriodMicroseconds: parsed(period, parseInteger),
    cpuShares: parsed(read('cpu', 'cpu.weight'), (text) => sharesOfWeight(parseInteger(text))),
    memoryBytes: parsed(read('memory', 'memory.max'), parseLimit),
    swapBytes: parsed(read('memory', 'memory.swap.max'), parseLimit),
    reservationBytes: parsed(read('memory', 'memory.low'), parseLimit),
  };
}

/** The engine's own straight line from weight 1–10,000 back to shares 2–262,144. */
function sharesOfWeight(weight: number): number {
  return Math.floor(2 + ((weight - 1) * 262_142) / 9_999);
}

function must(stat: Map<string, number>, key: string): number {
  const value = stat.get(key);
  if (value === undefined) throw new Error(`memory.stat has no ${key}`);
  return value;
}

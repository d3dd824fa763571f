// What a control group says about one container, the same shape for cgroup v1 and v2; undefined is "not told here".
import type { DeviceUse, Pressure } from './cgroup-text.ts';

interface CpuUse {
  totalSeconds: number;
  userSeconds: number;
  systemSeconds: number;
}

interface Throttling {
  periods: number;
  throttledPeriods: number;
  throttledSeconds: number;
}

export interface MemoryUse {
  usageBytes: number;
  /** Usage minus inactive_file, at least 0: what cannot be had back at once. */
  workingSetBytes: number;
  rssBytes: number;
  cacheBytes: number;
  mappedFileBytes: number;
  swapBytes: number | undefined;
  maxUsageBytes: number | undefined;
  failcnt: number | undefined;
  oomKills: number | undefined;
  /** Page faults of the group itself, and of it and all below it; one number for both on cgroup v2. */
  faults: { own: number; all: number; ownMajor: number; allMajor: number };
}

/** Limits as the exposition writes them: 0 is "no limit". */
export interface Limits {
  cpuQuotaMicroseconds: number | undefined;
  cpuPeriodMicroseconds: number | undefined;
  cpuShares: number | undefined;
  memoryBytes: number | undefined;
  swapBytes: number | undefined;
  reservationBytes: number | undefined;
}

export interface Usage {
  cpu: CpuUse | undefined;
  throttling: Throttling | undefined;
  memory: MemoryUse | undefined;
  devices: DeviceUse[] | undefined;
  threads: number | undefined;
  pressure: { cpu: Pressure | undefined; memory: Pressure | undefined; io: Pressure | undefined };
}

/** One file of the container's group, by controller (v1 keeps them in separate trees) and name; undefined when it is not there. */
export type ReadGroupFile = (controller: string, file: string) => string | undefined;

/** Applies a parser where there is something to parse. */
export function parsed<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

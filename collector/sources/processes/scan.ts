// One look at every process's stat, shared by the sources that need it in the same scrape.
import type { Machine } from '../../source.ts';
import { type ProcessStat, parseStat } from './proc-files.ts';

export interface Seen {
  pid: number;
  stat: ProcessStat;
}

/** Two sources of one scrape come within this; a later scrape looks again. */
const sharedSeconds = 0.2;

export type Scan = (machine: Machine) => readonly Seen[];

/** Processes that end while they are read are left out. About 15 µs a process. */
export function createScan(): Scan {
  let seen: Seen[] = [];
  let at = Number.NEGATIVE_INFINITY;
  return (machine) => {
    const now = machine.monotonicSeconds();
    if (now - at < sharedSeconds) return seen;
    seen = [];
    for (const name of machine.list('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      const text = machine.readTextIfThere(`/proc/${name}/stat`);
      if (text) seen.push({ pid: Number(name), stat: parseStat(text) });
    }
    at = now;
    return seen;
  };
}

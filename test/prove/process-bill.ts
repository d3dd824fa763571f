// What processes cost, read from /proc: memory as PSS and private bytes, CPU as seconds so far.
import { readdirSync, readFileSync } from 'node:fs';
import { parseInteger, parseNumber } from '../../core/lib/parse.ts';

export interface Bill {
  pid: number;
  pssBytes: number;
  privateBytes: number;
  cpuSeconds: number;
}

const clockTicks = 100; // getconf CLK_TCK on every Linux that Node supports

/** Processes below `ancestor` whose command line holds `part`; the ancestor itself is not among them. */
export function findBelow(ancestor: number, part: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readIfThere(`/proc/${name}/stat`);
    if (stat) parents.set(Number(name), parseInteger(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return [...parents.keys()].filter((pid) => isBelow(pid) && readIfThere(`/proc/${pid}/cmdline`)?.includes(part));
}

/** Throws when the process is gone: a bill of a dead process would read 0. */
export function readBill(pid: number): Bill {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (field: string) => parseNumber(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    pssBytes: bytes('Pss'),
    privateBytes: bytes('Private_Clean') + bytes('Private_Dirty'),
    cpuSeconds: (parseInteger(fields[11]) + parseInteger(fields[12])) / clockTicks,
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // ended while we looked
  }
}

// One supervisor a data folder: what a lock file that is already there means.

/** A process as the lock names it; the start time tells it from a later one with the same number. */
export interface Holder {
  pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot. */
  startTicks: string;
}

export type LockVerdict = { kind: 'take' } | { kind: 'take-over'; reason: string } | { kind: 'refuse'; reason: string };

/**
 * Decides from the lock's text (undefined: no lock) and the start time of the process that has its number now (undefined: none).
 * A lock that cannot be read as one is taken over: it was cut off while being written.
 */
export function decideLock(text: string | undefined, startTicksOf: (pid: number) => string | undefined): LockVerdict {
  if (text === undefined) return { kind: 'take' };
  const holder = parseHolder(text);
  if (holder === undefined) return { kind: 'take-over', reason: 'the lock file is damaged' };
  const now = startTicksOf(holder.pid);
  if (now === holder.startTicks) return { kind: 'refuse', reason: `process ${holder.pid} holds it` };
  return { kind: 'take-over', reason: `process ${holder.pid} that held it is gone` };
}

export function renderHolder({ pid, startTicks }: Holder): string {
  return `${pid} ${startTicks}\n`;
}

export function parseHolder(text: string): Holder | undefined {
  const match = /^(\d+) (\d+)\n$/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), startTicks: match[2]! };
}

/** The start time in the text of /proc/PID/stat; the name in brackets may hold spaces and brackets of its own. */
export function startTicksIn(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** The state letter in the text of /proc/PID/stat: Z is a process that has ended and waits to be collected. */
export function stateIn(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
}

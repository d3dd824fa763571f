// The files that the kernel keeps for each process, as proc(5) describes them, and what is used of them.
import { parseNumber } from '../../../core/lib/parse.ts';

/** /proc/PID/stat; times are in kernel ticks. */
export interface ProcessStat {
  comm: string;
  state: string;
  ppid: number;
  kernelThread: boolean;
  minorFaults: number;
  majorFaults: number;
  userTicks: number;
  systemTicks: number;
  threads: number;
  /** Ticks since boot; with the pid the name of a process for as long as the machine runs. */
  startTicks: number;
  virtualBytes: number;
  residentPages: number;
}

const kernelThreadFlag = 0x0020_0000;

/** The name stands in brackets and may hold brackets, spaces and newlines itself: the last closing one ends it. */
export function parseStat(text: string): ProcessStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  if (open < 0 || close < open || fields.length < 22)
    throw new Error(`not a process's stat: ${JSON.stringify(text.slice(0, 80))}`);
  const field = (number: number): number => parseNumber(fields[number - 3]); // numbered as in proc(5); 3 is the state
  return {
    comm: text.slice(open + 1, close),
    state: fields[0]!,
    ppid: field(4),
    kernelThread: (field(9) & kernelThreadFlag) !== 0,
    minorFaults: field(10),
    majorFaults: field(12),
    userTicks: field(14),
    systemTicks: field(15),
    threads: field(20),
    startTicks: field(22),
    virtualBytes: field(23),
    residentPages: field(24),
  };
}

/** The lines of /proc/PID/status, and of a thread's, that are used. */
export interface ProcessStatus {
  /** The letter of stat's third field. */
  state: string | undefined;
  /** Real and effective user. */
  uid: number | undefined;
  euid: number | undefined;
  /** Absent for kernel threads, which have no memory of their own. */
  swapBytes: number | undefined;
  voluntarySwitches: number | undefined;
  involuntarySwitches: number | undefined;
}

/** Looks for its lines one by one and makes nothing else of the text: this runs for every thread at every scrape. */
export function parseStatus(text: string): ProcessStatus {
  const [uid, euid] = lineOf(text, '\nUid:')?.split('\t') ?? [];
  const swap = lineOf(text, '\nVmSwap:');
  return {
    state: lineOf(text, '\nState:')?.charAt(0),
    uid: numberOr(uid),
    euid: numberOr(euid),
    swapBytes: swap === undefined ? undefined : parseNumber(swap.replace(' kB', '')) * 1024,
    voluntarySwitches: numberOr(lineOf(text, '\nvoluntary_ctxt_switches:')),
    involuntarySwitches: numberOr(lineOf(text, '\nnonvoluntary_ctxt_switches:')),
  };
}

function lineOf(text: string, key: string): string | undefined {
  const at = text.indexOf(key);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at + key.length);
  return text.slice(at + key.length, end < 0 ? text.length : end).trim();
}

function numberOr(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseNumber(text);
}

/** Bytes that really went to and from storage, of /proc/PID/io. */
export function parseIo(text: string): { readBytes: number; writeBytes: number } {
  const lines = `\n${text}`;
  return {
    readBytes: parseNumber(lineOf(lines, '\nread_bytes:')),
    writeBytes: parseNumber(lineOf(lines, '\nwrite_bytes:')),
  };
}

/** The soft limit of open files, of /proc/PID/limits; infinite where there is none. */
export function parseOpenFilesLimit(text: string): number {
  const [soft] = (lineOf(`\n${text}`, '\nMax open files') ?? '').split(/\s+/);
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : parseNumber(soft);
}

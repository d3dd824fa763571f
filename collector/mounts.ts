// Asks mounted filesystems how full they are; a dead mount, which never answers, is asked once and holds one thread.
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { FilesystemUse } from './source.ts';

/** Calls that share the threads of the pool. */
interface Lane {
  inFlightMax: number;
  inFlight: number;
  /** Of those in flight, the ones that were too late for somebody. */
  late: number;
  /** Starts the calls that wait for a thread, the oldest first. */
  waiting: (() => void)[];
}

interface Call {
  answer: Promise<FilesystemUse>;
  asked: boolean;
  late: boolean;
}

type AskUse = (path: string, timeoutSeconds: number, isLocal?: boolean) => Promise<FilesystemUse>;

/**
 * The path is the process's own, host prefix included. Rejects with code ETIMEDOUT when late, and at once where an earlier call hangs still;
 * with code EAGAIN where it was not asked at all, because others hold every thread.
 * Local filesystems have threads of their own: however many servers are dead, the machine's own disks are asked. main.ts gives the pool
 * more threads than both together may hold.
 */
export function createFilesystemUse(ask = statfs): AskUse {
  const local: Lane = { inFlightMax: 4, inFlight: 0, late: 0, waiting: [] };
  const remote: Lane = { inFlightMax: 8, inFlight: 0, late: 0, waiting: [] };
  const calls = new Map<string, Call>();
  return async (path, timeoutSeconds, isLocal = false) => {
    const lane = isLocal ? local : remote;
    // One that waits for a thread keeps its place in the queue, and is joined by whoever asks for it next.
    const call = calls.get(path) ?? begin(path, lane, calls, ask);
    if (call.late) throw timedOut(path);
    if (!call.asked && lane.late === lane.inFlightMax) throw notAsked(path);
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      if (!call.asked) return reject(notAsked(path));
      if (!call.late) lane.late++;
      call.late = true;
      reject(timedOut(path));
    }, timeoutSeconds * 1000);
    try {
      return await Promise.race([call.answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function begin(path: string, lane: Lane, calls: Map<string, Call>, ask: typeof statfs): Call {
  const { promise: answer, resolve, reject } = Promise.withResolvers<FilesystemUse>();
  const call: Call = { answer, asked: false, late: false };
  calls.set(path, call);
  const settled = () => {
    calls.delete(path);
    lane.inFlight--;
    if (call.late) lane.late--;
    lane.waiting.shift()?.();
  };
  const start = () => {
    lane.inFlight++;
    call.asked = true;
    const asking = ask(path);
    asking.then(settled, settled);
    asking.then(toUse).then(resolve, reject);
  };
  answer.catch(() => undefined); // whoever asked may have given up by now
  if (lane.inFlight < lane.inFlightMax) start();
  else lane.waiting.push(start);
  return call;
}

function toUse({ bsize, blocks, bfree, bavail, files, ffree }: StatsFs): FilesystemUse {
  return { blockBytes: bsize, blocks, blocksFree: bfree, blocksAvailable: bavail, files, filesFree: ffree };
}

function timedOut(path: string): Error {
  return Object.assign(new Error(`${path} does not answer`), { code: 'ETIMEDOUT' });
}

function notAsked(path: string): Error {
  return Object.assign(new Error(`${path} was not asked: too many others do not answer`), { code: 'EAGAIN' });
}

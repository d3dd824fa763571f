// How late updates come to many readers in another process: by the clock on the wall, and without the time in which others had the processors.
import { spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openLoneHub } from './lone-hub.ts';

const updateBytes = 2_000;

/** What the kernel counts of a thread, in milliseconds. */
interface Spent {
  ran: number;
  /** Stood ready while others had the processors. */
  waited: number;
}

/** What an update says of its sending. */
export interface Sent {
  /** Unix milliseconds. */
  sentAt: number;
  sender: string;
  senderSpent: Spent;
  readerSpent: Spent;
}

/** What 99 of 100 updates are not later than, in milliseconds. */
export interface Lateness {
  received: number;
  p99Milliseconds: number;
  /** By what the sender and the readers did themselves: the same on a machine that others keep busy. */
  ownP99Milliseconds: number;
}

/** One update a second to so many readers, for so many seconds. */
export async function measureLateness(readers: number, seconds: number): Promise<Lateness> {
  const sender = readlinkSync('/proc/thread-self');
  let reader: number | undefined;
  const read = async (): Promise<Sent & { pad: string }> => ({
    ...{ sentAt: performance.timeOrigin + performance.now(), pad: 'x'.repeat(updateBytes) },
    ...{ sender, senderSpent: spentBy(sender), readerSpent: spentBy(`${reader}`) },
  });
  const more = { socketsMax: 500, socketsPerPersonMax: 500, recheckSeconds: 3 };
  const { url, close } = await openLoneHub([{ topic: 'live', everySeconds: 1, read }], more);
  const program = join(import.meta.dirname, 'readers', 'main.ts');
  const child = spawn(process.execPath, [program, url, String(readers), String(seconds)]);
  reader = child.pid;
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.pipe(process.stderr);
  await new Promise((resolve) => child.on('close', resolve));
  await close();
  return JSON.parse(said) as Lateness;
}

/** How late an update is that came just now, in milliseconds; `reader` is this thread. */
export function latenessNow({ sentAt, sender, senderSpent, readerSpent }: Sent, reader: string): [number, number] {
  const late = performance.timeOrigin + performance.now() - sentAt;
  const [sent, received] = [spentBy(sender), spentBy(reader)];
  const waited = sent.waited - senderSpent.waited + received.waited - readerSpent.waited;
  // Where both wait at once it is counted twice; what either of them worked is never taken off.
  return [late, Math.max(late - waited, sent.ran - senderSpent.ran, received.ran - readerSpent.ran)];
}

function spentBy(thread: string): Spent {
  const [ran, waited] = readFileSync(`/proc/${thread}/schedstat`, 'utf8').split(' ');
  return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
}

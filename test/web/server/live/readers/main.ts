// Many readers of live updates in a process of their own: address, how many, for how many seconds; says how late the updates came.
import { readlinkSync } from 'node:fs';
import { io } from 'socket.io-client';
import type { LiveUpdate } from '../../../../../core/contracts/live-updates.ts';
import { type Lateness, latenessNow, type Sent } from '../lateness.ts';
import { headersFor } from '../lone-hub.ts';

const [url, count, seconds] = process.argv.slice(2) as [string, string, string];
const self = readlinkSync('/proc/thread-self');
const delays: number[] = [];
const ownDelays: number[] = [];
let counting = false;

const sockets = Array.from({ length: Number(count) }, () =>
  io(url, {
    ...{ path: '/live', transports: ['websocket'], reconnection: false, forceNew: true },
    extraHeaders: headersFor(url),
  }),
);
for (const socket of sockets) {
  socket.on('updates', (updates: LiveUpdate[], acknowledge: () => void) => {
    const [delay, ownDelay] = latenessNow(updates[0]!.value as Sent, self);
    if (counting) {
      delays.push(delay);
      ownDelays.push(ownDelay);
    }
    acknowledge();
  });
}
await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', () => resolve(undefined)))));
await Promise.all(sockets.map((socket) => socket.emitWithAck('watch', { topics: ['live'] })));
await new Promise((resolve) => setTimeout(resolve, 1_500)); // what was sent while readers still came in says nothing
counting = true;
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
for (const socket of sockets) socket.disconnect();

const p99 = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Infinity;
const lateness: Lateness = {
  received: delays.length,
  ...{ p99Milliseconds: p99(delays), ownP99Milliseconds: p99(ownDelays) },
};
process.stdout.write(`${JSON.stringify(lateness)}\n`);

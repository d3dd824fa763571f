// Many readers of live updates in a process of their own: address, how many, for how many seconds; says how late the updates came.
import { io } from 'socket.io-client';
import type { LiveUpdate } from '../../../../../core/contracts/live-updates.ts';

const [url, count, seconds] = process.argv.slice(2) as [string, string, string];
const extraHeaders = { origin: url, cookie: 'odyssey-access=x' };
const delays: number[] = [];
let counting = false;

const sockets = Array.from({ length: Number(count) }, () =>
  io(url, { path: '/live', transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders }),
);
for (const socket of sockets) {
  socket.on('updates', (updates: LiveUpdate[], acknowledge: () => void) => {
    const { sentAt } = updates[0]!.value as { sentAt: number };
    if (counting) delays.push(performance.timeOrigin + performance.now() - sentAt);
    acknowledge();
  });
}
await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', () => resolve(undefined)))));
await Promise.all(sockets.map((socket) => socket.emitWithAck('watch', { topics: ['live'] })));
await new Promise((resolve) => setTimeout(resolve, 1_500)); // what was sent while readers still came in says nothing
counting = true;
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
for (const socket of sockets) socket.disconnect();
delays.sort((a, b) => a - b);
const p99Milliseconds = delays[Math.floor(delays.length * 0.99)];
process.stdout.write(`${JSON.stringify({ received: delays.length, p99Milliseconds })}\n`);

// What one stalled reader of live updates costs the server: the peak of its memory with the reader, less its peak before.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { io, type Socket } from 'socket.io-client';
import { root } from '../tidy/tree.ts';
import { headersFor } from '../web/server/live/lone-hub.ts';
import { barred, type Figure } from './figure.ts';

interface Told {
  port?: number;
  rss?: number;
  cut?: number;
}

const warmSeconds = 8;

/** A good reader warms the server up; then another one stops reading from its connection, and is cut. */
export async function proveStalledReader(): Promise<Figure[]> {
  const child = spawn(process.execPath, [join(root, 'test/web/server/live/stalling/main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told: Told = {};
  let peak = 0;
  createInterface(child.stdout).on('line', (line) => {
    told = { ...told, ...(JSON.parse(line) as Told) };
    peak = Math.max(peak, told.rss ?? 0);
  });
  try {
    await until(() => told.port !== undefined, 10);
    const url = `http://127.0.0.1:${told.port}`;
    let received = 0;
    const good = await reader(url, (acknowledge) => {
      received += 1;
      acknowledge();
    });
    await seconds(warmSeconds);
    const before = peak;
    const receivedBefore = received;
    const stalled = await reader(url, () => {});
    stopReading(stalled);
    await until(() => told.cut === 1, 15);
    const cost = (peak - before) / 2 ** 20;
    const others = received - receivedBefore;
    for (const socket of [good, stalled]) socket.disconnect();
    return [
      barred('control-plane.live.stalled_reader_megabytes', Math.max(0, cost), '<=', 50, 'MB'),
      barred('control-plane.live.stalled_reader_cut', told.cut ?? 0, '==', 1),
      barred('control-plane.live.others_received_meanwhile', others, '>=', 10),
    ];
  } finally {
    child.kill('SIGKILL');
  }
}

async function reader(url: string, onUpdates: (acknowledge: () => void) => void): Promise<Socket> {
  const socket = io(url, {
    path: '/live',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headersFor(url),
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.on('updates', (_: unknown, acknowledge: () => void) => onUpdates(acknowledge));
  await socket.emitWithAck('watch', { topics: ['live'] });
  return socket;
}

/** The connection itself is read no more, as by a page on a laptop that was shut: what is sent stays with the server. */
function stopReading(socket: Socket): void {
  const transport = socket.io.engine.transport as unknown as { ws: { _socket?: { pause(): void } } };
  transport.ws._socket?.pause();
}

async function until(done: () => boolean, secondsMax: number): Promise<void> {
  for (let waited = 0; !done(); waited += 0.1) {
    if (waited > secondsMax) throw new Error(`nothing came within ${secondsMax} s`);
    await seconds(0.1);
  }
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

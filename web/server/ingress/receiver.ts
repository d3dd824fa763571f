// Listens where HAProxy sends its request log, a line for each request, and counts what arrives.
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Figures } from './figures.ts';
import { createFrameReader, type LineCounts, parseLogLine } from './request-log.ts';

export interface ReceiverOptions {
  socketPath: string;
  figures: Figures;
  monotonicSeconds(): number;
}

export interface Receiver {
  lines(): Readonly<LineCounts>;
  /** Workers of HAProxy that are connected: the one that serves, and old ones that finish. */
  connections(): number;
  close(): Promise<void>;
}

/** Each worker keeps one open, an old one up to a minute after a reload. */
const connectionsMax = 64;

/** Takes the place of a socket that an earlier run left. Rejects when the folder cannot be written to. */
export async function startReceiver({ socketPath, figures, monotonicSeconds }: ReceiverOptions): Promise<Receiver> {
  const counts: LineCounts = { counted: 0, unrouted: 0, malformed: 0 };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    let now = 0;
    const read = createFrameReader((line) => {
      const parsed = parseLogLine(line);
      if (parsed.kind === 'request') {
        figures.record(parsed.request, now);
        counts.counted += 1;
      } else counts[parsed.kind] += 1;
    });
    socket.setEncoding('latin1'); // a byte each: lengths are of bytes, and names are ASCII
    socket.on('data', (chunk: string) => {
      now = monotonicSeconds();
      if (read(chunk)) return;
      counts.malformed += 1; // where the next frame begins is unknown: HAProxy connects anew
      socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  });
  server.maxConnections = connectionsMax;
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return {
    lines: () => ({ ...counts }),
    connections: () => open.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

// A Docker engine that keeps every byte it is sent and answers from a script: whole, late, broken or not at all.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Recorded {
  /** `GET /containers/json?all=true`, as it stood in the request line. */
  line: string;
  headers: readonly string[];
  body: string;
}

/** Writes an answer, or does something worse. */
export type Script = (recorded: Recorded, socket: Socket) => void;

export interface RecordingEngine {
  socketPath: string;
  requests: Recorded[];
  script: Script;
  open(): number;
  close(): Promise<void>;
}

export function answer(status: number, body: string, type = 'application/json'): string {
  return `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}

/** A whole answer of JSON to anything. */
export function always(status: number, value: unknown): Script {
  return (_recorded, socket) => void socket.end(answer(status, JSON.stringify(value)));
}

/** What a harmless engine says: enough for every listed call to succeed. */
export const harmless: Script = ({ line }, socket) => {
  if (line.startsWith('GET /_ping')) return void socket.end(answer(200, 'OK', 'text/plain'));
  if (/^POST .*(start|stop|restart|connect|disconnect)\b/.test(line)) return void socket.end(answer(204, ''));
  if (/^GET \/(services|containers)\/[^/]+\/logs\b/.test(line))
    return void socket.end(answer(200, '', 'application/vnd.docker.multiplexed-stream'));
  const isList = /^GET \/(containers\/json|images\/json|networks|services|tasks|secrets|nodes)(\?|$)/.test(line);
  return void socket.end(answer(200, isList || line.startsWith('DELETE /images') ? '[]' : '{}'));
};

export async function startRecordingEngine(socketPath?: string): Promise<RecordingEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const sockets = new Set<Socket>();
  const engine: RecordingEngine = {
    socketPath: socketPath ?? join(folder, 'docker.sock'),
    requests: [],
    script: harmless,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        rmSync(folder, { recursive: true, force: true });
      }),
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let held = '';
    socket.on('data', (chunk) => {
      held += chunk.toString('latin1');
      const recorded = readRequest(held);
      if (recorded === undefined) return;
      held = '';
      if (!recorded.line.startsWith('GET /_ping')) engine.requests.push(recorded);
      engine.script(recorded, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(engine.socketPath, resolve));
  return engine;
}

function readRequest(text: string): Recorded | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...headers] = text.slice(0, end).split('\r\n');
  const length = Number(/^content-length: (\d+)$/im.exec(text.slice(0, end))?.[1] ?? 0);
  const body = text.slice(end + 4);
  return body.length < length ? undefined : { line: line!.replace(/ HTTP\/1\.1$/, ''), headers, body };
}

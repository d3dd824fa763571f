// A broker of the test's own: its sockets in a fresh folder, in front of any engine, and a client that sends bytes as they are.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../core/runtime/clock.ts';
import type { Log } from '../../../core/runtime/log.ts';
import { type Broker, startBroker } from '../../../web/broker/broker.ts';
import type { Policy } from '../../../web/broker/policy.ts';
import type { Row } from '../../../web/broker/row.ts';

export interface TestBroker {
  broker: Broker;
  read: string;
  write: string;
  folder: string;
  logged: Record<string, unknown>[];
  close(): Promise<void>;
}

export const openPolicy: Policy = {
  binds: [
    { source: '/srv/odyssey/haproxy', readOnly: true },
    { source: '/srv/odyssey/run/haproxy', readOnly: false },
  ],
  volumes: ['odyssey_haproxy'],
  networks: ['odyssey_default'],
  publishedPorts: [80, 443],
  brokerId: 'b'.repeat(64),
  refuseFolder: () => undefined,
};

export async function startTestBroker(
  dockerSocket: string,
  given: { policy?: Partial<Policy>; dataFolder?: string; adjust?: (row: Row) => Row; readGroup?: number } = {},
): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'));
  const logged: Record<string, unknown>[] = [];
  const keep = ((fields: Record<string, unknown>, message: string) =>
    void logged.push({ ...fields, message })) as unknown as Log['info'];
  const { binds, volumes, networks, publishedPorts, brokerId } = { ...openPolicy, binds: [], ...given.policy };
  const read = join(folder, 'run/read.sock');
  const write = join(folder, 'run/write.sock');
  const broker = await startBroker({
    dockerSocket,
    readSocket: read,
    readGroup: given.readGroup,
    writeSocket: write,
    dataFolder: given.dataFolder ?? folder,
    policy: { binds, volumes, networks, publishedPorts, brokerId },
    clock: systemClock,
    log: { debug: keep, info: keep, warn: keep, error: keep },
    ...(given.adjust && { adjust: given.adjust }),
  });
  return {
    broker,
    read,
    write,
    folder,
    logged,
    close: async () => {
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  status: number;
  head: string;
  body: string;
}

/** Sends the bytes and reads until the other side closes, or until the answer's announced length is there. */
export function sendRaw(socketPath: string, bytes: string, waitMilliseconds = 5_000): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let text = '';
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readAnswer(text));
    };
    const timer = setTimeout(finish, waitMilliseconds);
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const length = /^content-length: (\d+)\r$/im.exec(text)?.[1];
      const start = text.indexOf('\r\n\r\n') + 4;
      if (length !== undefined && start > 3 && Buffer.byteLength(text.slice(start)) >= Number(length)) finish();
      else if (/^transfer-encoding: chunked\r$/im.test(text) && text.endsWith('0\r\n\r\n')) finish();
      else if (/^HTTP\/1\.1 (204|304)/.test(text) && start > 3) finish();
    });
    socket.on('close', finish);
    socket.on('error', finish);
    socket.write(bytes, 'latin1');
  });
}

export function send(
  socketPath: string,
  method: string,
  target: string,
  body?: unknown,
  headers: readonly string[] = [],
): Promise<RawAnswer> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const bodyHeaders =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`];
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: d', 'Connection: close', ...bodyHeaders, ...headers];
  return sendRaw(socketPath, `${lines.join('\r\n')}\r\n\r\n${Buffer.from(text).toString('latin1')}`);
}

/** The JSON of an answer, taken out of its chunks where it came in chunks. */
export function jsonOf({ head, body }: RawAnswer): unknown {
  if (!/^transfer-encoding: chunked\r?$/im.test(head)) return JSON.parse(body);
  let rest = Buffer.from(body);
  let text = '';
  for (;;) {
    const at = rest.indexOf('\r\n');
    const length = Number.parseInt(rest.subarray(0, at).toString(), 16);
    if (!(length > 0)) return JSON.parse(text);
    text += rest.subarray(at + 2, at + 2 + length).toString();
    rest = rest.subarray(at + 4 + length);
  }
}

function readAnswer(text: string): RawAnswer {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  const at = text.indexOf('\r\n\r\n');
  return { status, head: at < 0 ? text : text.slice(0, at), body: at < 0 ? '' : text.slice(at + 4) };
}

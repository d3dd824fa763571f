// The live connection against a real socket server: one that closes it from its side is come back to.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSocket } from '../../../../web/console/edges/socket.ts';
import type { LiveSocket } from '../../../../web/console/state/ports.ts';

let http: HttpServer;
let io: Server;
let sockets: Socket[];
let opened: LiveSocket | undefined;

beforeEach(async () => {
  sockets = [];
  http = createServer();
  io = new Server(http, { path: '/live', transports: ['websocket'] });
  io.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('watch', (_message, answer: (value: unknown) => void) => answer({ watching: ['live'], refused: [] }));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  vi.stubGlobal('location', { protocol: 'http:', host, hostname: '127.0.0.1', port: host.split(':')[1] });
});

afterEach(async () => {
  opened?.close();
  vi.unstubAllGlobals();
  await io.close();
});

function open(): string[] {
  const heard: string[] = [];
  opened = openSocket({
    opened: () => heard.push('opened'),
    lost: () => heard.push('lost'),
    cut: (reason) => heard.push(`cut ${reason}`),
    updates: () => {},
  });
  return heard;
}

test('what the server cuts is told, and connected again when asked to, however early', async () => {
  const heard = open();
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  sockets[0]!.emit('cut', 'too-slow');
  await vi.waitFor(() => expect(heard).toContain('cut too-slow'));
  opened!.reconnect(); // the server has not closed it yet
  sockets[0]!.disconnect(true);
  await vi.waitFor(() => expect(heard).toEqual(['opened', 'cut too-slow', 'lost']));
  opened!.reconnect();
  opened!.reconnect();
  await vi.waitFor(() => expect(heard.at(-1)).toBe('opened'));
  expect(sockets).toHaveLength(2);
  expect(await opened!.watch(['live'], 1)).toEqual({ watching: ['live'], refused: [] });
});

test('a server that cannot let anybody in right now is lost, and let in later', async () => {
  let turns = 0;
  io.use((_socket, next) => next(++turns === 1 ? new Error('the database is busy') : undefined));
  const heard = open();
  await vi.waitFor(() => expect(heard).toEqual(['lost']));
  opened!.reconnect();
  await vi.waitFor(() => expect(heard).toEqual(['lost', 'opened']));
});

test('nothing is heard of a connection that this side closed', async () => {
  const heard = open();
  await vi.waitFor(() => expect(heard).toEqual(['opened']));
  opened!.close();
  opened = undefined;
  await vi.waitFor(() => expect(io.sockets.sockets.size).toBe(0));
  expect(heard).toEqual(['opened']);
});

// The unix sockets themselves: for the owner and the group alone, taken over only from a broker that is gone.
import { chmodSync, lchownSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { countMalformed, type ServeOptions, serve } from './serve.ts';

/** Owner and group may connect: each process of ours is in that group, and in compose each socket lies on a volume of its own. */
const socketMode = 0o660;
const folderMode = 0o750;
/** The kernel's bound, without the final NUL. */
const pathBytesMax = 107;
/** Room for a registry's credentials; half-sent requests are looked for every two seconds. */
const serverOptions = { maxHeaderSize: 24 * 1024, insecureHTTPParser: false, connectionsCheckingInterval: 2_000 };
const connectionsMax = 256;

export interface BrokerSocket {
  path: string;
  close(): Promise<void>;
}

/**
 * Rejects with a sentence that says what to do when another broker answers there.
 * `group` is the number of the group that may connect, one that this process is in; undefined: the process's own.
 */
export async function openSocket(path: string, options: ServeOptions, group?: number): Promise<BrokerSocket> {
  if (Buffer.byteLength(path) > pathBytesMax) {
    throw new Error(`The socket's path ${path} is longer than ${pathBytesMax} bytes; choose another folder.`);
  }
  mkdirSync(dirname(path), { recursive: true, mode: folderMode });
  if (await answers(path)) throw new Error(`Another broker serves ${path}; stop it first.`);
  rmSync(path, { force: true });
  const server = createHttp(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (group !== undefined) lchownSync(path, process.geteuid!(), group);
  chmodSync(path, socketMode); // until here the process's own mask keeps others out
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createHttp(options: ServeOptions): Server {
  const server = createServer(serverOptions, (request, response) => {
    void serve(options, request, response);
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 30_000;
  server.maxConnections = connectionsMax;
  // `Expect: 100-continue` is judged like any other request, before it is told to go on.
  server.on('checkContinue', (request, response) => void serve(options, request, response));
  server.on('checkExpectation', (request, response) => void serve(options, request, response));
  const drop = (socket: { destroy(): unknown }): void => {
    countMalformed(options, 'upgrade');
    socket.destroy();
  };
  server.on('upgrade', (_request, socket) => drop(socket));
  server.on('connect', (_request, socket) => drop(socket));
  server.on('clientError', (_error, socket: Socket) => {
    countMalformed(options, 'malformed');
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

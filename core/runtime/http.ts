// A small HTTP server for the processes that only answer a handful of fixed routes, bounded in every direction.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Reply {
  status: number;
  type: 'text/plain; version=0.0.4; charset=utf-8' | 'text/plain; charset=utf-8' | 'application/json';
  body: string;
}

/** Answers one GET; may take its time up to the caller's patience, but must settle. */
export type Handler = (query: URLSearchParams, headers: IncomingMessage['headers']) => Reply | Promise<Reply>;

export interface Listener {
  port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** Exact paths; anything else is 404, any method but GET and HEAD is 405. */
  routes: Readonly<Record<string, Handler>>;
  /** Told of a handler that threw; the client only sees 500. */
  onError(path: string, error: unknown): void;
}

/** Starts listening; rejects with a sentence that says what to do when the port is taken. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = createServer(
    { maxHeaderSize: 16_384 },
    (request, response) => void answer(options, request, response),
  );
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 65_000; // longer than any scrape interval in use, so that Prometheus keeps its connection
  server.maxConnections = 256;
  await started(server, options);
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function started(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`Port ${port} on ${host} is in use; stop what listens there or move ours with --port-base.`, {
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

async function answer(options: ListenOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = URL.parse(request.url ?? '/', 'http://localhost');
  if (address === null) return send(request, response, plain(400, 'That is no path.\n'));
  const { pathname, searchParams } = address;
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(request, response, plain(405, 'Only GET is answered here.\n'));
  const handler = Object.hasOwn(options.routes, pathname) ? options.routes[pathname] : undefined;
  if (handler === undefined)
    return send(request, response, plain(404, `Nothing here; try ${Object.keys(options.routes).join(', ')}\n`));
  try {
    send(request, response, await handler(searchParams, request.headers));
  } catch (error) {
    options.onError(pathname, error);
    send(request, response, plain(500, 'Failed; the reason is in the log.\n'));
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function plain(status: number, body: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body };
}

export function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

export function exposition(body: string): Reply {
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
}

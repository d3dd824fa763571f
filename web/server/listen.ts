// Listens for the console and the API: plain HTTP on loopback, TLS anywhere else, every wait bounded.
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIP } from 'node:net';
import type { ServerCertificate } from './tls/certificate.ts';

export interface Serving {
  server: Server;
  port: number;
  close(): Promise<void>;
}

/** Whether plain HTTP may be spoken at this address: nobody else can listen in on it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export async function listenForPeople(
  listener: RequestListener,
  address: { host: string; port: number },
  certificate: ServerCertificate | undefined,
): Promise<Serving> {
  const limits = { maxHeaderSize: 16_384, insecureHTTPParser: false };
  const server =
    certificate === undefined
      ? createHttpServer(limits, listener)
      : (createHttpsServer(
          { ...limits, cert: certificate.certificate, key: certificate.key, minVersion: 'TLSv1.2' },
          listener,
        ) as unknown as Server);
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 2_048;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const text = `Port ${address.port} on ${address.host} is in use; stop what listens there or set WEB_PORT.`;
      reject(taken ? new Error(text, { cause: error }) : error);
    });
    server.listen(address.port, address.host, resolve);
  });
  return {
    server,
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// The door to Grafana: a session of the console and nothing else opens it, changes are recorded first, and live sockets are refused.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { grafanaRoot } from '../../../core/contracts/grafana.ts';
import { cookieName, findCookie } from '../http/cookies.ts';
import { refuseCrossSite, refuseUnentitled } from '../http/guard.ts';
import { toFailure } from '../http/problem.ts';
import type { ServePorts } from '../http/serve.ts';
import { actorOf, type Identity } from '../identity.ts';
import { UserError } from '../user-error.ts';
import { aimOf, changes } from './address.ts';
import { headersForGrafana } from './headers.ts';
import { type RelayLimits, relay } from './relay.ts';
import { webauthHeaders } from './who.ts';

export interface GrafanaProxyOptions extends RelayLimits {
  /** Grafana's own address; empty where there is none. */
  grafanaUrl: string;
  /** Exchanges that may be under way at once. */
  openMax: number;
}

export const proxyLimits = { timeoutSeconds: 60, bodyBytesMax: 2 ** 21, answerBytesMax: 2 ** 26, openMax: 64 };

type Ports = Pick<ServePorts, 'tls' | 'audit' | 'identify' | 'log' | 'randomId'>;

/** Mounted at Grafana's root; no declared route, because every address below it is Grafana's own. */
export function grafanaProxy(ports: Ports, options: GrafanaProxyOptions): RequestHandler {
  let open = 0;
  return (request, response) => {
    const requestId = ports.randomId();
    response.setHeader('x-request-id', requestId);
    response.setHeader('cache-control', 'no-store');
    open += 1;
    const work =
      open > options.openMax
        ? Promise.reject(
            new UserError(503, 'busy', 'Too much is asked of Grafana at once. Try again in a few seconds.', 5),
          )
        : attend(ports, options, request, response);
    work
      .catch((error: unknown) => refuse(ports, requestId, error, request, response))
      .finally(() => {
        open -= 1;
      });
  };
}

async function attend(ports: Ports, options: GrafanaProxyOptions, request: Request, response: Response): Promise<void> {
  const { method, originalUrl } = request;
  const identity = await admit(ports, request);
  const aim = aimOf(originalUrl);
  if (aim.kind === 'redirect') return response.redirect(302, aim.to);
  if (aim.kind === 'refused') throw new UserError(403, 'not-of-grafana', aim.reason);
  if (options.grafanaUrl === '') {
    const text = 'Grafana is not configured: start the profile "grafana", or set GRAFANA_URL to where it listens.';
    throw new UserError(503, 'grafana-not-configured', text);
  }
  const headers = headersForGrafana(request.headers, webauthHeaders(identity));
  const exchange = { upstream: options.grafanaUrl, path: aim.path, headers };
  if (!changes(method, originalUrl)) {
    await relay(request, response, exchange, options);
    return;
  }
  await recorded(ports, identity, request, () => relay(request, response, exchange, options));
}

/** The cookie of a session alone: API tokens are for the API, and a page of another site has no cookie of ours. */
async function admit(ports: Ports, request: Request): Promise<Identity> {
  const one = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const headers = { host: one('host'), origin: one('origin'), fetchSite: one('sec-fetch-site'), csrf: undefined };
  const method = ['GET', 'HEAD'].includes(request.method) ? 'get' : 'post';
  refuseCrossSite(method, headers, ports.tls ? 'https' : 'http');
  const cookie = findCookie(request.headers.cookie, cookieName('access', ports.tls));
  const identity = cookie === undefined ? undefined : await ports.identify({ cookie, bearer: undefined });
  refuseUnentitled({ access: 'watch:read' }, identity, undefined);
  return identity!;
}

/** Announced, done, closed with what Grafana said; what cannot be announced is not done. */
async function recorded(ports: Ports, identity: Identity, request: Request, act: () => Promise<number>): Promise<void> {
  const path = request.path.slice(0, 200);
  const opened = await ports.audit.open({
    actor: actorOf(identity),
    action: 'grafana:change',
    subject: `grafana${path}`,
    detail: { method: request.method },
    personal: [
      {
        field: 'source',
        person: identity.person,
        value: (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, ''),
      },
      { field: 'actorName', person: identity.person, value: identity.name },
    ],
  });
  const close = (outcome: 'done' | 'refused' | 'failed', detail: { status: number } | { reason: string }) =>
    ports.audit
      .close(opened, outcome, detail)
      .catch((cause: unknown) => ports.log.error({ err: cause }, 'the end of an act could not be recorded'));
  try {
    const status = await act();
    await close(status < 400 ? 'done' : status < 500 ? 'refused' : 'failed', { status });
  } catch (error) {
    await close('failed', { reason: error instanceof UserError ? error.kind : 'broken off' });
    throw error;
  }
}

function refuse(ports: Ports, requestId: string, error: unknown, request: Request, response: Response): void {
  if (response.headersSent) {
    response.destroy(); // an answer that breaks off must not look whole
    return;
  }
  const { problem, retryAfterSeconds } = toFailure(error, requestId);
  if (problem.status === 401 && isVisit(request)) {
    response.redirect(302, signInFor(request.originalUrl));
    return;
  }
  if (problem.status >= 500) ports.log.warn({ requestId, err: error }, 'Grafana could not be reached for somebody');
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Somebody typed the address or followed a link: they are shown where to sign in, or get a new cookie, instead of an error. */
function isVisit(request: Request): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = request.headers;
  return request.method === 'GET' && mode === 'navigate' && dest === 'document';
}

/** The console's first page, with the place to go on to. */
function signInFor(address: string): string {
  const plain = aimOf(address).kind === 'grafana' ? address.slice(0, 1_000) : grafanaRoot;
  return `/?next=${encodeURIComponent(plain)}`;
}

/** Grafana's live channels are off; who asks for a socket is told so at once instead of being left to wait. */
export function refuseGrafanaSockets(server: Server): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (request.url !== grafanaRoot && !request.url?.startsWith(`${grafanaRoot}/`)) return;
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
}

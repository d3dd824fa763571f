// One call from the wire to the answer, always in this order: allowed, checked, announced, done, recorded.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { apiRoot } from '../../../core/contracts/api.ts';
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Log } from '../../../core/runtime/log.ts';
import type { Json } from '../audit/canonical.ts';
import type { Act as AuditAct, OpenedAct } from '../audit/log.ts';
import { actorOf, type Identity } from '../identity.ts';
import { UserError } from '../user-error.ts';
import { cookieName, findCookie, formatCookie } from './cookies.ts';
import { describeAct } from './describe-act.ts';
import { type DoorPorts, noteDenied, passDoor } from './door.ts';
import { readLastEventId, type StreamEvent } from './event-stream.ts';
import { type Headers, refuseCrossSite, refuseForged, refuseStale, refuseUnentitled } from './guard.ts';
import type { Idempotency } from './idempotency.ts';
import { BadInput, toFailure } from './problem.ts';
import type { Route } from './route.ts';
import { repeat, send, sendEvents } from './send.ts';

export interface ServePorts extends DoorPorts {
  tls: boolean;
  log: Log;
  audit: {
    open(act: AuditAct): Promise<OpenedAct>;
    close(act: OpenedAct, outcome: AuditOutcome, detail?: { readonly [name: string]: Json }): Promise<void>;
    note(act: AuditAct, outcome: AuditOutcome): Promise<number>;
    attribute(act: OpenedAct, person: string): void;
  };
  idempotency: Idempotency;
  /** Who shows this access cookie or this bearer token. */
  identify(shown: { cookie: string | undefined; bearer: string | undefined }): Promise<Identity | undefined>;
  isFresh(identity: Identity): boolean;
  /** Resolves once the database can be written; rejects with what to say where another program keeps it. */
  writable(): Promise<void>;
  nameOf(person: string): string | undefined;
  sameSecret(a: string, b: string): boolean;
  sha256(data: Uint8Array): Uint8Array;
  randomId(): string;
  unixSeconds(): number;
  onAnswer(route: Route, status: number, seconds: number): void;
}

interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** The act could not be announced, so it was not begun. */
class Unannounced extends Error {
  constructor(cause: unknown) {
    super('the act could not be announced', { cause });
  }
}

/** Bar 16: a stream is cut within 5 s of whatever ends the right to it. */
const recheckSeconds = 3;

type Detail = { readonly [name: string]: Json };

export async function serve(ports: ServePorts, route: Route, request: Request, response: Response): Promise<void> {
  const started = ports.monotonicSeconds();
  const requestId = ports.randomId();
  response.setHeader('x-request-id', requestId);
  response.setHeader('cache-control', 'no-store');
  let identity: Identity | undefined;
  try {
    identity = await admit(ports, route, request);
    const input = readInput(route, request);
    if (route.events) await stream(ports, route, request, response, identity, input);
    else await perform(ports, route, request, response, identity, input);
  } catch (error) {
    await fail(ports, { route, requestId, identity, request, response }, error);
  }
  ports.onAnswer(route, response.statusCode, ports.monotonicSeconds() - started);
}

/** Everything that is decided before the input is looked at. */
async function admit(ports: ServePorts, route: Route, request: Request): Promise<Identity | undefined> {
  const headers = headersOf(request);
  refuseCrossSite(route.method, headers, ports.tls ? 'https' : 'http');
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const cookie = findCookie(request.headers.cookie, cookieName('access', ports.tls));
  const identity =
    route.access === 'public' || (bearer === undefined && cookie === undefined)
      ? undefined
      : await ports.identify(bearer === undefined ? { cookie, bearer } : { cookie: undefined, bearer });
  const environment = route.environment === undefined ? undefined : request.params[route.environment];
  refuseUnentitled(route, identity, typeof environment === 'string' ? environment : undefined);
  refuseForged(route.method, identity, headers.csrf, ports.sameSecret);
  refuseStale(route.fresh, identity !== undefined && ports.isFresh(identity));
  return identity;
}

function headersOf(request: Request): Headers {
  const one = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { host: one('host'), origin: one('origin'), fetchSite: one('sec-fetch-site'), csrf: one('x-csrf-token') };
}

function readInput(route: Route, request: Request): Input {
  if (route.body !== undefined && !request.is('application/json'))
    throw new UserError(415, 'wrong-format', 'Send the body as application/json.');
  return {
    params: check(route.params, 'path', request.params),
    query: check(route.query, 'query', request.query),
    body: check(route.body, 'body', request.body),
  };
}

function check(schema: z.ZodType | undefined, part: string, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw new BadInput(part, result.error);
  return result.data;
}

async function perform(
  ports: ServePorts,
  route: Route,
  request: Request,
  response: Response,
  identity: Identity | undefined,
  input: Input,
): Promise<void> {
  if (route.method !== 'get') await ports.writable();
  const key = route.method === 'post' && identity !== undefined ? request.headers['idempotency-key'] : undefined;
  const actor = actorOf(identity).id;
  if (typeof key === 'string') {
    // With the key in it the hash is salted: a body may hold a secret that could be guessed.
    const fingerprint = JSON.stringify([key, route.method, request.path, input.body ?? null]);
    const before = ports.idempotency.begin(
      actor,
      key,
      ports.sha256(new TextEncoder().encode(fingerprint)),
      ports.unixSeconds(),
    );
    if (before !== undefined) return repeat(before, response);
  }
  try {
    const answer = await recorded(ports, route, request, response, identity, input);
    const kept = await send(route, response, answer);
    if (typeof key === 'string') ports.idempotency.finish(actor, key, kept);
  } catch (error) {
    const undone = error instanceof UserError || error instanceof Unannounced;
    if (typeof key === 'string' && undone) ports.idempotency.abandon(actor, key);
    if (error instanceof Unannounced) throw error.cause;
    throw error;
  }
}

/** Announces the act, does it, records how it ended. What cannot be announced is not done. */
async function recorded(
  ports: ServePorts,
  route: Route,
  request: Request,
  response: Response,
  identity: Identity | undefined,
  input: Input,
): Promise<unknown> {
  let facts: Detail = {};
  const proof = route.act && (await passDoor(ports, route, input.body, sourceOf(request)));
  const call: Parameters<Route['handle']>[0] = {
    ...{ ...callOf(ports, request, response, identity, input), proof },
    record: (detail) => {
      facts = { ...facts, ...detail };
    },
  };
  if (route.act === undefined) return route.handle(call);
  const act = await ports.audit.open(describeAct(ports, route, identity, input, call.source)).catch((cause) => {
    throw new Unannounced(cause);
  });
  let answer: unknown;
  try {
    answer = await route.handle(call);
  } catch (error) {
    const refused = error instanceof UserError;
    const detail = { ...facts, reason: refused ? error.kind : 'internal' };
    await ports.audit.close(act, refused ? 'refused' : 'failed', detail).catch(ports.complain);
    throw error;
  }
  // The act has happened: a log that fails now leaves the record open, and the next start closes it as unknown.
  await ports.audit.close(act, 'done', facts).catch(ports.complain);
  if (identity === undefined && typeof facts['person'] === 'string') attribute(ports, act, facts['person']);
  return answer;
}

function callOf(
  ports: ServePorts,
  request: Request,
  response: Response,
  identity: Identity | undefined,
  input: Input,
): Parameters<Route['handle']>[0] {
  return {
    ...{ identity, ...input, proof: undefined, source: sourceOf(request), record: () => undefined },
    agent: (request.headers['user-agent'] ?? '').slice(0, 200),
    lastEventId: readLastEventId(request.headers['last-event-id']),
    signal: new AbortController().signal,
    setCookie: (name, value, seconds) => response.append('set-cookie', formatCookie(name, value, seconds, ports.tls)),
    readCookie: (name) => findCookie(request.headers.cookie, cookieName(name, ports.tls)),
  };
}

/** A stream lasts as long as the right to it: that is looked at again and again, as a call that never ends would outlive any change. */
async function stream(
  ports: ServePorts,
  route: Route,
  request: Request,
  response: Response,
  identity: Identity | undefined,
  input: Input,
): Promise<void> {
  const controller = new AbortController();
  const recheck = setInterval(() => {
    admit(ports, route, request).catch(() => controller.abort('signed-out'));
  }, recheckSeconds * 1000);
  response.on('close', () => controller.abort('gone'));
  try {
    const call = { ...callOf(ports, request, response, identity, input), signal: controller.signal };
    await sendEvents(response, (await route.handle(call)) as AsyncIterable<StreamEvent>, controller.signal);
  } finally {
    clearInterval(recheck);
    controller.abort('gone');
  }
}

/** Whoever signed in is no stranger any more: where they came from is erased with them. */
function attribute(ports: ServePorts, act: OpenedAct, person: string): void {
  try {
    ports.audit.attribute(act, person);
  } catch (cause) {
    ports.complain(cause); // the values stay a stranger's, which are forgotten after 90 days
  }
}

interface Failed {
  route: Route;
  requestId: string;
  identity: Identity | undefined;
  request: Request;
  response: Response;
}

async function fail(ports: ServePorts, failed: Failed, error: unknown): Promise<void> {
  const { route, requestId, identity, request, response } = failed;
  const { problem, retryAfterSeconds } = toFailure(error, requestId);
  const facts = {
    requestId,
    route: `${route.method} ${apiRoot}${route.path}`,
    status: problem.status,
    actor: actorOf(identity).id,
  };
  if (problem.status >= 500) ports.log.error({ ...facts, err: error }, 'a call failed');
  else ports.log.info({ ...facts, kind: problem.type, source: sourceOf(request) }, 'a call was refused');
  if (problem.status === 403) await noteDenied(ports, route, identity, problem.type);
  if (response.headersSent) {
    response.destroy(); // a stream that breaks off must not look whole
    return;
  }
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function sourceOf(request: Request): string {
  return (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
}

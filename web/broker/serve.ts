// One of the broker's sockets: judges each request, makes the call in its place and passes the answer on. An error here is a refusal.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Log } from '../../core/runtime/log.ts';
import { CutOff, startDeadline } from './deadline.ts';
import type { Engine } from './engine.ts';
import type { Gate } from './gate.ts';
import { BadAnswer } from './json-stream.ts';
import { type Accepted, type Judge, judgeBody, type Refusal } from './judge.ts';
import type { LogBudget } from './log-budget.ts';
import { relay, sendJson } from './relay.ts';
import type { Outcome, SocketName, Tally } from './tally.ts';

export interface ServeOptions {
  socket: SocketName;
  judge: Judge;
  gate: Gate;
  engine: Engine;
  tally: Tally;
  log: Log;
  /** Keeps a client that is refused again and again from filling the log; the counters still see each one. */
  logBudget: LogBudget;
  clock: Clock;
}

/** Answers one request; never rejects. */
export async function serve(options: ServeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = options.clock.monotonicSeconds();
  const method = request.method ?? '';
  const controller = new AbortController();
  response.on('close', () => response.writableFinished || controller.abort(new CutOff('client-gone')));
  response.on('error', () => controller.abort(new CutOff('client-gone')));
  let route = 'none';
  let outcome: Outcome;
  try {
    const judged = options.judge({
      httpVersion: request.httpVersion,
      method,
      target: request.url ?? '',
      rawHeaders: request.rawHeaders,
    });
    if (judged.kind === 'refused') {
      route = judged.route;
      outcome = sayNo(options, request, response, judged);
    } else {
      route = judged.row.call;
      outcome = await pass(options, request, response, judged, controller);
    }
  } catch (error) {
    outcome = failed(options, response, route, error);
  }
  options.tally.ended({
    socket: options.socket,
    method,
    route,
    outcome,
    seconds: options.clock.monotonicSeconds() - started,
  });
}

async function pass(
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
  accepted: Accepted,
  controller: AbortController,
): Promise<Outcome> {
  const { row, path, headers } = accepted;
  const leave = options.gate.enter(row.idleSeconds !== undefined);
  if (leave === undefined) {
    response.setHeader('retry-after', '1');
    sendJson(response, 429, { message: 'Too many calls are open on this socket; try again in a second.' });
    return 'busy';
  }
  const deadline = startDeadline(row.deadlineSeconds, controller);
  try {
    let body: string | undefined;
    if (row.body !== undefined) {
      const judged = judgeBody(row, await readBody(request, accepted.bodyBytes));
      if (judged.kind === 'refused') return sayNo(options, request, response, judged);
      body = judged.text;
    }
    const answer = await options.engine({ method: request.method!, path, headers, body, signal: deadline.signal });
    if (row.idleSeconds !== undefined) deadline.extend(row.idleSeconds);
    return await relay(answer, response, { row, deadline, tellErrors: options.socket === 'write' });
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    deadline.stop();
    leave();
  }
}

async function readBody(request: IncomingMessage, bodyBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytes) throw new Error('the body is longer than announced');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const statusOf: Partial<Record<Refusal['reason'], number>> = { 'body-length': 413 };

function sayNo(options: ServeOptions, request: IncomingMessage, response: ServerResponse, refusal: Refusal): Outcome {
  const { reason, route, detail } = refusal;
  const method = request.method ?? '';
  options.tally.refused({ socket: options.socket, method, route, reason });
  // Only the path, cut short: values of a query or a body are nobody's business.
  const path = (request.url ?? '').split('?', 1)[0]!.slice(0, 200);
  note(options, { method, route, reason, detail, path }, 'refused');
  // What may be left of the request must not be read as the next one.
  response.setHeader('connection', 'close');
  const said = detail === '' ? reason : `${reason} (${detail})`;
  sendJson(response, statusOf[reason] ?? 403, { message: `The broker refuses this call: ${said}` });
  return 'refused';
}

/** Whatever happened, the call is not passed on any further; before the head was sent the client hears why. */
function failed(options: ServeOptions, response: ServerResponse, route: string, error: unknown): Outcome {
  const { outcome, status, message } = explain(error);
  // Only our own errors are quoted: those of a parser repeat what it was given.
  const said =
    error instanceof BadAnswer ? error.message : ((error as NodeJS.ErrnoException).code ?? (error as Error).name);
  note(options, { route, outcome, error: said }, 'not answered');
  if (response.headersSent) response.destroy();
  else if (!response.destroyed) {
    response.setHeader('connection', 'close');
    sendJson(response, status, { message });
  }
  return outcome;
}

function explain(error: unknown): { outcome: Outcome; status: number; message: string } {
  if (error instanceof CutOff) {
    return { outcome: error.how, status: 504, message: 'Docker did not answer in time; look at the engine.' };
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['ENOENT', 'ECONNREFUSED', 'EACCES', 'ECONNRESET', 'EPIPE'].includes(code)) {
    return { outcome: 'unreachable', status: 502, message: `The Docker socket cannot be reached (${code}).` };
  }
  const known = error instanceof BadAnswer;
  return {
    outcome: 'bad-answer',
    status: 502,
    message: known ? error.message : 'The call failed; the reason is in the log.',
  };
}

export function countMalformed(options: ServeOptions, reason: 'malformed' | 'upgrade'): void {
  options.tally.refused({ socket: options.socket, method: 'other', route: 'none', reason });
  note(options, { reason }, 'refused');
}

function note({ log, logBudget, clock, socket }: ServeOptions, fields: Record<string, string>, what: string): void {
  const leave = logBudget(clock.monotonicSeconds());
  if (leave === undefined) return;
  log.warn({ socket, ...fields, ...(leave.unwritten > 0 && { unwritten: leave.unwritten }) }, what);
}

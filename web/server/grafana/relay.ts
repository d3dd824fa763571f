// One exchange with Grafana: a deadline over all of it, and bounds on what goes in and what comes out.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../user-error.ts';
import { headersForBrowser, placeOf, policies } from './headers.ts';

export interface RelayLimits {
  timeoutSeconds: number;
  bodyBytesMax: number;
  answerBytesMax: number;
}

export interface Exchange {
  /** Grafana's own address, without a path. */
  upstream: string;
  path: string;
  headers: Readonly<Record<string, string>>;
}

/** The status that the browser was given. Throws UserError while nothing has been answered; later faults break the answer off. */
export async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  limits: RelayLimits,
): Promise<number> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytesMax) throw tooLarge(limits.bodyBytesMax);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), limits.timeoutSeconds * 1000);
  const gone = () => over.abort();
  response.once('close', gone);
  try {
    const answer = await ask(request, exchange, limits, over.signal);
    return await pass(answer, response, exchange.upstream, limits, over.signal);
  } finally {
    clearTimeout(timer);
    response.off('close', gone);
  }
}

function ask(
  request: IncomingMessage,
  { upstream, path, headers }: Exchange,
  limits: RelayLimits,
  signal: AbortSignal,
) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = httpRequest(new URL(path, upstream), {
      method: request.method,
      // A length that the client promised must hold; without one the body is sent in chunks.
      headers: { ...headers, host: new URL(upstream).host, connection: 'close' },
      signal,
      agent: false,
      insecureHTTPParser: false,
      maxHeaderSize: 32_768,
    });
    const unreachable = (cause: Error) =>
      reject(cause instanceof UserError ? cause : silent(cause, signal.aborted, limits.timeoutSeconds));
    asked.once('error', unreachable);
    asked.once('response', resolve);
    pipeline(request, bounded(limits.bodyBytesMax, tooLarge(limits.bodyBytesMax)), asked).catch(unreachable);
  });
}

async function pass(
  answer: IncomingMessage,
  response: ServerResponse,
  upstream: string,
  limits: RelayLimits,
  signal: AbortSignal,
): Promise<number> {
  const status = answer.statusCode ?? 502;
  const { location } = answer.headers;
  const place = location === undefined ? undefined : placeOf(location, upstream);
  if (location !== undefined && place === undefined) {
    answer.destroy();
    throw new UserError(
      502,
      'grafana-led-away',
      'Grafana answered with a redirect to another place, which is not followed.',
    );
  }
  response.statusCode = status;
  for (const [name, value] of Object.entries(headersForBrowser(answer.headers))) response.setHeader(name, value);
  response.setHeader('content-security-policy', policies(answer.headers));
  if (place !== undefined) response.setHeader('location', place);
  const cut = new Error('Grafana says more than is passed on');
  await pipeline(answer, bounded(limits.answerBytesMax, cut), response, { signal });
  return status;
}

function bounded(bytesMax: number, error: Error): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bytesMax) done(error);
      else done(null, chunk);
    },
  });
}

function tooLarge(bytesMax: number): UserError {
  return new UserError(413, 'too-large', `The body is too large for Grafana; ${bytesMax} bytes are the most.`);
}

function silent(cause: Error, late: boolean, timeoutSeconds: number): UserError {
  const text = late
    ? `Grafana did not answer within ${timeoutSeconds} s. Ask for a shorter time range, or try again.`
    : 'Grafana does not answer. See whether its container runs, then try again.';
  const error = new UserError(late ? 504 : 502, late ? 'grafana-late' : 'grafana-silent', text, 5);
  error.cause = cause;
  return error;
}

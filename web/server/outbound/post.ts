// A POST that leaves this machine: the address is checked after the name was resolved and is the one that is connected to; no redirect is followed.
import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { refuseAddress } from './address.ts';

export interface PostOptions {
  timeoutSeconds: number;
  /** `host:port` pairs that may lie on this machine or its link. */
  listed: ReadonlySet<string>;
  /** Resolves names; Node's own but in tests. */
  resolve?: LookupFunction;
  /** In place of or beside those of plain text. */
  headers?: Readonly<Record<string, string>>;
}

/** A place that calls may not go to, whether it answers or not. */
class RefusedPlace extends Error {}

export function isRefusedPlace(error: unknown): boolean {
  return error instanceof RefusedPlace;
}

/** The status of the answer; its body is thrown away. Rejects for an address that may not be reached, a redirect and a deadline that passes. */
export async function post(url: string, body: string, options: PostOptions): Promise<number> {
  const response = await call(url, 'POST', body, options);
  response.resume();
  return response.statusCode ?? 0;
}

const textBytesMax = 16 * 2 ** 20;

/** Status and text of the answer, of at most 16 MiB. Rejects as `post` does. */
export async function get(url: string, options: PostOptions): Promise<{ status: number; text: string }> {
  const response = await call(url, 'GET', '', options);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > textBytesMax) throw new Error(`${url} answers with more than ${textBytesMax} bytes`);
    pieces.push(piece);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') };
}

function call(url: string, method: 'GET' | 'POST', body: string, options: PostOptions): Promise<IncomingMessage> {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port === '' ? (secure ? '443' : '80') : target.port;
  const listed = options.listed.has(`${host}:${port}`);
  const refusal = isIP(host) ? refuseAddress(host, listed) : undefined;
  if (refusal !== undefined) return Promise.reject(new RefusedPlace(refusal));
  return new Promise((resolve, reject) => {
    const send = secure ? httpsRequest : httpRequest;
    const request = send(
      target,
      {
        method,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          ...options.headers,
          'content-length': Buffer.byteLength(body),
        },
        lookup: checkedLookup(options.resolve ?? (lookup as LookupFunction), listed),
        signal: AbortSignal.timeout(options.timeoutSeconds * 1000),
      },
      (response) => {
        const status = response.statusCode ?? 0;
        if (status < 300 || status >= 400) return resolve(response);
        response.resume();
        reject(new Error(`${host} redirects, which is not followed`));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Checks what a name resolves to right before it is connected to, so that a name cannot change its mind in between. */
function checkedLookup(resolve: LookupFunction, listed: boolean): LookupFunction {
  return (name, lookupOptions, done) =>
    resolve(name, lookupOptions, (error, found, family) => {
      if (error) return done(error, found, family);
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      const refusal = addresses.map((address) => refuseAddress(address, listed)).find((text) => text !== undefined);
      if (refusal !== undefined) return done(new RefusedPlace(`${name}: ${refusal}`), found, family);
      done(null, found, family);
    });
}

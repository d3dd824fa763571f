// A POST that leaves this machine: the address is checked after the name was resolved and is the one that is connected to; no redirect is followed.
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { refuseAddress } from './address.ts';

export interface PostOptions {
  timeoutSeconds: number;
  /** `host:port` pairs that may lie on this machine or its link. */
  listed: ReadonlySet<string>;
  /** Resolves names; Node's own but in tests. */
  resolve?: LookupFunction;
}

/** The status of the answer; its body is thrown away. Rejects for an address that may not be reached, a redirect and a deadline that passes. */
export function post(url: string, body: string, options: PostOptions): Promise<number> {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port === '' ? (secure ? '443' : '80') : target.port;
  const listed = options.listed.has(`${host}:${port}`);
  const refusal = isIP(host) ? refuseAddress(host, listed) : undefined;
  if (refusal !== undefined) return Promise.reject(new Error(refusal));
  return new Promise((resolve, reject) => {
    const send = secure ? httpsRequest : httpRequest;
    const request = send(
      target,
      {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) },
        lookup: checkedLookup(options.resolve ?? (lookup as LookupFunction), listed),
        signal: AbortSignal.timeout(options.timeoutSeconds * 1000),
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 300 && status < 400) reject(new Error(`${host} redirects, which is not followed`));
        else resolve(status);
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
      if (refusal !== undefined) return done(new Error(`${name}: ${refusal}`), found, family);
      done(null, found, family);
    });
}

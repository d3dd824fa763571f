// One GET of our own processes' JSON: with a bearer token, a deadline and a size bound; anything but a whole 200 is an error.
import { readBody } from '../core/lib/body.ts';

export interface FetchPorts {
  fetch: typeof fetch;
  timeoutSeconds: number;
  answerBytesMax: number;
}

/** Parsed JSON of the answer; the caller checks its shape. A redirect is an error: the token goes nowhere else. */
export async function fetchJson(address: string, token: string, ports: FetchPorts): Promise<unknown> {
  const response = await ports.fetch(address, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'error',
    signal: AbortSignal.timeout(ports.timeoutSeconds * 1000),
  });
  const body = await readBody(response, ports.answerBytesMax);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return JSON.parse(body);
}

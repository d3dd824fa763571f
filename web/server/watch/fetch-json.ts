// One call to a process beside us: with a deadline and a size bound; anything but a whole, successful answer is an error.
import { readBody } from '../../../core/lib/body.ts';
import { noAnswer, noSuccess } from '../../../core/lib/no-answer.ts';

export interface FetchPorts {
  fetch: typeof fetch;
  timeoutSeconds: number;
  answerBytesMax: number;
}

/** Parsed JSON of the answer, undefined when it is empty; the caller checks its shape. Rejects with NoAnswer. A redirect is an error: a token goes nowhere else. */
export async function fetchJson(
  address: string,
  ports: FetchPorts,
  { token, method = 'GET', body }: { token?: string | undefined; method?: string; body?: unknown } = {},
): Promise<unknown> {
  try {
    const response = await ports.fetch(address, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ports.timeoutSeconds * 1000),
    });
    const text = await readBody(response, ports.answerBytesMax);
    if (!response.ok) throw noSuccess(response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    throw noAnswer(error);
  }
}

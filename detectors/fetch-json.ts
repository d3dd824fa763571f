// One GET of our own processes' JSON: with a bearer token, a deadline and a size bound; anything but a whole 200 is an error.

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
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let body = '';
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ports.answerBytesMax) throw new Error(`the answer is larger than ${ports.answerBytesMax} bytes`);
    body += decoder.decode(chunk, { stream: true });
  }
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return JSON.parse(body + decoder.decode());
}

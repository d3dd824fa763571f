// The body of an HTTP answer as text: at most so many bytes, and UTF-8 or nothing.

/** Rejects beyond the bound, as soon as it is passed, and for bytes that are no UTF-8. */
export async function readBody(response: Response, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let body = '';
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Error(`the answer is larger than ${bytesMax} bytes`);
    body += decoder.decode(chunk, { stream: true });
  }
  return body + decoder.decode();
}

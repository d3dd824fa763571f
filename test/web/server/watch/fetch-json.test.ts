// Calls to neighbours: whole, successful, small and in time, or an error.
import { expect, test } from 'vitest';
import { fetchJson } from '../../../../web/server/watch/fetch-json.ts';

const ports = (answer: () => Promise<Response>) => ({
  fetch: answer as typeof fetch,
  timeoutSeconds: 0.05,
  answerBytesMax: 20,
});

test.each([
  { given: 'JSON', answer: async () => new Response('{"a":1}'), gives: { a: 1 } },
  { given: 'nothing', answer: async () => new Response(''), gives: undefined },
])('$given is given', async ({ answer, gives }) => {
  expect(await fetchJson('http://h/', ports(answer))).toEqual(gives);
});

test.each([
  { given: 'an error status', answer: async () => new Response('no', { status: 500 }), says: 'answered 500: no' },
  { given: 'a start', answer: async () => new Response('{}', { status: 503 }), says: /^is not ready \(503\)$/ },
  { given: 'half a JSON', answer: async () => new Response('{"a"'), says: 'of another shape' },
  { given: 'too much', answer: async () => new Response(`"${'x'.repeat(30)}"`), says: 'larger than 20 bytes' },
  {
    given: 'bytes that are no UTF-8',
    answer: async () => new Response(Uint8Array.of(0x22, 0xff, 0x22)),
    says: 'gave no usable answer',
  },
  { given: 'nobody', answer: () => Promise.reject(new TypeError('fetch failed')), says: 'does not answer' },
])('$given is an error', async ({ answer, says }) => {
  await expect(fetchJson('http://h/', ports(answer))).rejects.toThrow(says);
});

test('a redirect is not followed and the deadline is set', async () => {
  let seen: RequestInit | undefined;
  const fake = async (_: unknown, init?: RequestInit) => {
    seen = init;
    return new Response('1');
  };
  await fetchJson(
    'http://h/',
    { ...ports(async () => new Response()), fetch: fake as typeof fetch },
    { token: 't', method: 'POST', body: { a: 1 } },
  );
  expect(seen).toMatchObject({ redirect: 'error', method: 'POST', body: '{"a":1}' });
  expect(new Headers(seen!.headers).get('authorization')).toBe('Bearer t');
  expect(seen!.signal).toBeInstanceOf(AbortSignal);
});

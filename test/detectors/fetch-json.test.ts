// A GET between our processes: the token is shown, and anything but a whole 200 is an error.
import { expect, test } from 'vitest';
import { fetchJson } from '../../detectors/fetch-json.ts';
import { fakeHttp } from '../fakes/http.ts';

test('shows the token and follows no redirect', async () => {
  const http = fakeHttp({ 'http://a/': { x: 1 } });
  expect(await fetchJson('http://a/', 'secret', http)).toEqual({ x: 1 });
  expect(http.asked).toEqual([{ address: 'http://a/', authorization: 'Bearer secret', redirect: 'error' }]);
});

test.each([
  { given: '401', answer: 401 },
  { given: '500', answer: 500 },
  { given: 'half of an answer', answer: '{"x":' },
  { given: 'too large an answer', answer: `"${'x'.repeat(200_000)}"` },
  { given: 'nothing', answer: '' },
])('$given is an error', async ({ answer }) => {
  await expect(fetchJson('http://a/', 't', fakeHttp({ 'http://a/': answer }))).rejects.toThrow();
});

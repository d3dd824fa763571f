// The Prometheus client: whole successful answers are read, everything else is an error and never an empty result.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPrometheus } from '../../../core/runtime/prometheus.ts';
import { type AnswerServer, answerServer } from '../../fakes/prometheus.ts';

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer({ status: 200, body: '' });
});
afterAll(() => server.close());

const client = () => createPrometheus({ baseUrl: server.url, fetch, timeoutSeconds: 0.3, answerBytesMax: 2_000 });
const vector = (result: unknown[], more = {}) =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...more });
const matrix = (result: unknown[]) => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
const point = { metric: { a: 'b' }, value: [100, '1.5'] };

describe('an instant query', () => {
  test.each([
    { given: 'two series', body: vector([point, point]), values: [1.5, 1.5] },
    { given: 'no series', body: vector([]), values: [] },
    {
      given: 'what is no number',
      body: vector(['NaN', '+Inf', '-Inf'].map((value) => ({ metric: {}, value: [1, value] }))),
      values: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    },
    { given: 'a remark on a name', body: vector([point], { infos: ['metric might not be a counter'] }), values: [1.5] },
  ])('$given is read', async ({ body, values }) => {
    server.answer = { status: 200, body };
    expect((await client().query('x', 100)).map(({ value }) => value)).toEqual(values);
  });

  test.each([
    { given: '503', answer: { status: 503, body: 'starting' } },
    { given: 'a refused expression', answer: { status: 400, body: '{"status":"error","error":"no such function"}' } },
    { given: '200 with status error', answer: { status: 200, body: '{"status":"error","error":"no"}' } },
    { given: 'a redirect', answer: { status: 302, body: '' } },
    { given: 'no body', answer: { status: 200, body: '' } },
    { given: 'HTML', answer: { status: 200, body: '<html>' } },
    { given: 'truncated JSON', answer: { status: 200, body: vector([point]).slice(0, -9) } },
    { given: 'a connection cut in the body', answer: { status: 200, body: vector([point]), cutAfterBytes: 20 } },
    { given: 'a matrix', answer: { status: 200, body: matrix([]) } },
    {
      given: 'a scalar',
      answer: { status: 200, body: '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}' },
    },
    { given: 'a value that is no text', answer: { status: 200, body: vector([{ metric: {}, value: [1, 1] }]) } },
    {
      given: 'warnings: the answer may be partial',
      answer: { status: 200, body: vector([point], { warnings: ['partial'] }) },
    },
    { given: 'an answer beyond the bound', answer: { status: 200, body: vector(Array(100).fill(point)) } },
    { given: 'broken UTF-8', answer: { status: 200, body: Buffer.from([0x22, 0xff, 0xfe]) } },
    { given: 'silence past the deadline', answer: { status: 200, body: vector([]), delaySeconds: 2 } },
  ])('$given is an error', async ({ answer }) => {
    server.answer = answer;
    await expect(client().query('x', 100)).rejects.toThrow(/^Prometheus [^{<]+$/);
  });

  test('nobody listening is an error', async () => {
    const nobody = createPrometheus({ baseUrl: 'http://127.0.0.1:2', fetch, timeoutSeconds: 1, answerBytesMax: 100 });
    await expect(nobody.query('x', 1)).rejects.toThrow('Prometheus does not answer (ECONNREFUSED)');
  });
});

test('a range query asks for its grid and gives times and values', async () => {
  server.answer = {
    status: 200,
    body: matrix([
      {
        metric: { a: 'b' },
        values: [
          [60, '1'],
          [120, 'NaN'],
        ],
      },
    ]),
  };
  const [series] = await client().queryRange('rate(x[1m])', { startSeconds: 60, endSeconds: 120, stepSeconds: 60 });
  expect(series).toEqual({
    labels: { a: 'b' },
    times: Float64Array.of(60, 120),
    values: Float64Array.of(1, Number.NaN),
  });
  const asked = new URL(server.requests.at(-1)!, server.url);
  expect(asked.pathname).toBe('/api/v1/query_range');
  expect(Object.fromEntries(asked.searchParams)).toEqual({ query: 'rate(x[1m])', start: '60', end: '120', step: '60' });
});

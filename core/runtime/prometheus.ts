// The Prometheus HTTP API, read side: every query has a deadline and a size bound, and bad answers are errors, never empty results.
import { z } from 'zod';
import { readBody } from '../lib/body.ts';
import { NoAnswer, noAnswer, noSuccess } from '../lib/no-answer.ts';

export interface PrometheusPorts {
  baseUrl: string;
  fetch: typeof fetch;
  timeoutSeconds: number;
  answerBytesMax: number;
}

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const answer = z.object({
  status: z.literal('success'),
  /** With warnings an answer may be partial: that is no answer. Remarks (`infos`) do no harm. */
  warnings: z.array(z.string()).max(0).optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: labels, values: z.array(point) })),
    }),
  ]),
});

export interface InstantSeries {
  labels: Record<string, string>;
  timeSeconds: number;
  /** NaN and infinities are passed on as Prometheus says them; the caller decides. */
  value: number;
}

export interface RangeSeries {
  labels: Record<string, string>;
  times: Float64Array;
  values: Float64Array;
}

export interface Prometheus {
  /** Value of an expression at one time; rejects on any answer that is not a whole, successful vector. */
  query(expression: string, timeSeconds: number): Promise<InstantSeries[]>;
  /** Values of an expression from start to end, both included; at most 11,000 points a series, a limit of Prometheus. */
  queryRange(
    expression: string,
    range: { startSeconds: number; endSeconds: number; stepSeconds: number },
  ): Promise<RangeSeries[]>;
  /** Any other GET of the API, as parsed JSON's `data`. */
  get(path: string): Promise<unknown>;
}

/** What it rejects with is NoAnswer, and begins with "Prometheus". */
export function createPrometheus(ports: PrometheusPorts): Prometheus {
  return {
    query: (expression, timeSeconds) => named(() => query(ports, expression, timeSeconds)),
    queryRange: (expression, range) => named(() => queryRange(ports, expression, range)),
    get: (path) =>
      named(async () => {
        const told = z.object({ status: z.literal('success'), data: z.unknown() });
        return told.parse(await getJson(ports, path, {})).data;
      }),
  };
}

async function named<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const { message, status } = noAnswer(cause);
    throw new NoAnswer(`Prometheus ${message}`, { cause, ...(status === undefined ? {} : { status }) });
  }
}

async function query(ports: PrometheusPorts, expression: string, timeSeconds: number): Promise<InstantSeries[]> {
  const { data } = answer.parse(
    await getJson(ports, '/api/v1/query', { query: expression, time: String(timeSeconds) }),
  );
  if (data.resultType !== 'vector') throw new Error(`expected a vector, got a ${data.resultType}: ${expression}`);
  return data.result.map(({ metric, value }) => ({
    labels: metric,
    timeSeconds: value[0],
    value: parseValue(value[1]),
  }));
}

async function queryRange(
  ports: PrometheusPorts,
  expression: string,
  { startSeconds, endSeconds, stepSeconds }: Parameters<Prometheus['queryRange']>[1],
): Promise<RangeSeries[]> {
  const parameters = {
    query: expression,
    start: String(startSeconds),
    end: String(endSeconds),
    step: String(stepSeconds),
  };
  const { data } = answer.parse(await getJson(ports, '/api/v1/query_range', parameters));
  if (data.resultType !== 'matrix') throw new Error(`expected a matrix, got a ${data.resultType}: ${expression}`);
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    times: Float64Array.from(values, ([time]) => time),
    values: Float64Array.from(values, ([, value]) => parseValue(value)),
  }));
}

function parseValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

async function getJson(ports: PrometheusPorts, path: string, parameters: Record<string, string>): Promise<unknown> {
  const address = `${ports.baseUrl}${path}?${new URLSearchParams(parameters)}`;
  const signal = AbortSignal.timeout(ports.timeoutSeconds * 1000);
  const response = await ports.fetch(address, { signal, redirect: 'error' });
  const body = await readBody(response, ports.answerBytesMax);
  if (!response.ok) throw noSuccess(response.status, body);
  return JSON.parse(body);
}

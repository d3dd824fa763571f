// Prometheus in a test's hands: one that answers from functions of time, and a server that answers whatever it is told to.
import { createServer } from 'node:http';
import type { InstantSeries, Prometheus, RangeSeries } from '../../core/runtime/prometheus.ts';

/** One series: its labels and its value at a time; undefined where it is absent. */
export interface FakeSeries {
  labels: Record<string, string>;
  valueAt(timeSeconds: number): number | undefined;
}

export interface FakePrometheus extends Prometheus {
  /** Series by expression; an expression that is not there has none. */
  series: Map<string, FakeSeries[]>;
  /** Thrown by every question while it is set. */
  failure: Error | undefined;
  asked: string[];
  /** What other addresses of its API answer. */
  answers: Record<string, unknown>;
  inFlightMost: number;
}

export function fakePrometheus(series: Record<string, FakeSeries[]> = {}): FakePrometheus {
  let inFlight = 0;
  const fake: FakePrometheus = {
    series: new Map(Object.entries(series)),
    failure: undefined,
    asked: [],
    answers: {},
    inFlightMost: 0,
    query: (expression, timeSeconds) => ask(expression, (found) => found.flatMap(instantAt(timeSeconds))),
    queryRange: (expression, range) => ask(expression, (found) => found.map((each) => rangeOf(each, range))),
    get: (path) => ask(path, () => fake.answers[path]),
  };
  const ask = async <T>(expression: string, answer: (found: FakeSeries[]) => T): Promise<T> => {
    fake.asked.push(expression);
    fake.inFlightMost = Math.max(fake.inFlightMost, ++inFlight);
    await Promise.resolve();
    inFlight--;
    if (fake.failure) throw fake.failure;
    return answer(fake.series.get(expression) ?? []);
  };
  return fake;
}

function instantAt(timeSeconds: number) {
  return ({ labels, valueAt }: FakeSeries): InstantSeries[] => {
    const value = valueAt(timeSeconds);
    return value === undefined ? [] : [{ labels, timeSeconds, value }];
  };
}

function rangeOf(
  { labels, valueAt }: FakeSeries,
  range: { startSeconds: number; endSeconds: number; stepSeconds: number },
): RangeSeries {
  const times: number[] = [];
  const values: number[] = [];
  for (let time = range.startSeconds; time <= range.endSeconds; time += range.stepSeconds) {
    const value = valueAt(time);
    if (value === undefined) continue;
    times.push(time);
    values.push(value);
  }
  return { labels, times: Float64Array.from(times), values: Float64Array.from(values) };
}

export interface AnswerServer {
  url: string;
  /** What every request gets from now on. */
  answer: { status: number; body: string | Uint8Array; delaySeconds?: number; cutAfterBytes?: number };
  requests: string[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that gives one canned answer, slowly or cut off when asked to. */
export async function answerServer(answer: AnswerServer['answer']): Promise<AnswerServer> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    fake.requests.push(request.url ?? '');
    const { status, body, delaySeconds = 0, cutAfterBytes } = fake.answer;
    const bytes = Buffer.from(body);
    const timer = setTimeout(() => {
      timers.delete(timer);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
      if (cutAfterBytes === undefined) response.end(bytes);
      else response.write(bytes.subarray(0, cutAfterBytes), () => response.destroy());
    }, delaySeconds * 1000);
    timers.add(timer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: AnswerServer = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    answer,
    requests: [],
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

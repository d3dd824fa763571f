// What the request log adds up to, by revision: requests, errors, retries and a histogram of their durations.

/** Upper edges in seconds, 1 ms to 60 s, each 1.12 times the one before; durations come in whole milliseconds. */
export const durationEdges: readonly number[] = logSpaced(0.001, 60, 1.12);

export type CodeClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'none';

export interface RevisionFigures {
  environment: string;
  deployment: string;
  revision: string;
  /** `none`: the client was gone before there was an answer. */
  requests: Readonly<Record<CodeClass, number>>;
  /** Status 500 and more, or none. */
  errors: number;
  retries: number;
  /** Requests by duration: `buckets[i]` took at most `durationEdges[i]` and more than the edge before; the last is beyond all edges. */
  buckets: readonly number[];
  durationSeconds: number;
}

/** The last edge is `to` itself. */
function logSpaced(from: number, to: number, ratio: number): number[] {
  const edges: number[] = [];
  for (let edge = from; edge < to; edge *= ratio) edges.push(Number(edge.toPrecision(4)));
  return [...edges, to];
}

// What the request log adds up to, by revision: requests, errors, retries and a histogram of their durations.
import type { LoggedRequest } from './request-log.ts';

/** Upper edges in seconds, 1 ms to 60 s, each 1.12 times the one before; durations come in whole milliseconds. */
export const durationEdges: readonly number[] = logSpaced(0.001, 60, 1.12);

export const codeClasses = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'] as const;
/** `none`: the client was gone before there was an answer. */
type CodeClass = (typeof codeClasses)[number];

export interface RevisionFigures {
  environment: string;
  deployment: string;
  revision: string;
  requests: Readonly<Record<CodeClass, number>>;
  /** Status 500 and more, or none. */
  errors: number;
  retries: number;
  /** Requests by duration: `buckets[i]` took at most `durationEdges[i]` and more than the edge before; the last is beyond all edges. */
  buckets: readonly number[];
  durationSeconds: number;
}

/** Of the last five minutes; null where nothing was asked. */
export interface RecentFigures {
  requests: number;
  errors: number;
  p50Seconds: number | null;
  p95Seconds: number | null;
  p99Seconds: number | null;
}

/** Undefined where the routes have no such revision. */
type EnvironmentOf = (deployment: string, revision: string) => string | undefined;

export interface Figures {
  record(request: LoggedRequest, nowSeconds: number): void;
  /** Told from now on, with zeros until it is asked. */
  include(deployment: string, revision: string, nowSeconds: number): void;
  /** Since this process started. Revisions without an environment, no longer or not yet in the routes, are left out. */
  all(environmentOf: EnvironmentOf): RevisionFigures[];
  /** Forgets revisions that are in no route and were not asked for ten minutes. */
  forget(environmentOf: EnvironmentOf, nowSeconds: number): void;
  recent(deployment: string, revision: string, nowSeconds: number): RecentFigures;
}

const sliceSeconds = 60;
const slices = 5;
/** Each is a hundred series: beyond these the one that was asked longest ago is forgotten. */
export const revisionsMax = 400;
const keepSeconds = 600;

interface Slice {
  /** Which slice of time it holds: the time divided by its length. */
  number: number;
  requests: number;
  errors: number;
  buckets: Uint32Array;
}

interface Tally {
  deployment: string;
  revision: string;
  requests: Record<CodeClass, number>;
  errors: number;
  retries: number;
  buckets: Float64Array;
  durationSeconds: number;
  lastSeconds: number;
  recent: Slice[];
}

const milliseconds = 60_000;
const bucketOf = indexBuckets();

export function createFigures(): Figures {
  const tallies = new Map<string, Tally>();
  return {
    record({ deployment, revision, status, milliseconds: took, retries }, nowSeconds) {
      const tally = tallyOf(tallies, deployment, revision);
      const failed = status >= 500 || status === -1;
      const bucket = took > milliseconds ? durationEdges.length : bucketOf[Math.max(took, 0)]!;
      tally.requests[status === -1 ? 'none' : codeClasses[Math.floor(status / 100) - 1]!] += 1;
      tally.retries += retries;
      tally.buckets[bucket]! += 1;
      tally.durationSeconds += Math.max(took, 0) / 1000;
      tally.lastSeconds = nowSeconds;
      const slice = sliceAt(tally, nowSeconds);
      slice.requests += 1;
      slice.buckets[bucket]! += 1;
      if (!failed) return;
      tally.errors += 1;
      slice.errors += 1;
    },
    include(deployment, revision, nowSeconds) {
      tallyOf(tallies, deployment, revision).lastSeconds = nowSeconds;
    },
    all(environmentOf) {
      return [...tallies.values()].flatMap(({ recent: _, lastSeconds: __, ...tally }) => {
        const environment = environmentOf(tally.deployment, tally.revision);
        if (environment === undefined) return [];
        return [{ ...tally, environment, requests: { ...tally.requests }, buckets: [...tally.buckets] }];
      });
    },
    forget(environmentOf, nowSeconds) {
      for (const [key, { deployment, revision, lastSeconds }] of tallies)
        if (environmentOf(deployment, revision) === undefined && nowSeconds - lastSeconds > keepSeconds)
          tallies.delete(key);
    },
    recent(deployment, revision, nowSeconds) {
      const oldest = Math.floor(nowSeconds / sliceSeconds) - slices + 1;
      const found = tallies.get(`${deployment} ${revision}`)?.recent.filter(({ number }) => number >= oldest) ?? [];
      const buckets = Array.from({ length: durationEdges.length + 1 }, (_, at) =>
        found.reduce((sum, slice) => sum + slice.buckets[at]!, 0),
      );
      return {
        requests: found.reduce((sum, slice) => sum + slice.requests, 0),
        errors: found.reduce((sum, slice) => sum + slice.errors, 0),
        p50Seconds: quantileOf(buckets, 0.5),
        p95Seconds: quantileOf(buckets, 0.95),
        p99Seconds: quantileOf(buckets, 0.99),
      };
    },
  };
}

/**
 * The duration that a share of the requests did not exceed, interpolated within its bucket; null without requests. What is beyond
 * the last edge counts as that edge, as in Prometheus' histogram_quantile.
 */
export function quantileOf(buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [at, count] of buckets.entries()) {
    if (count > 0 && below + count >= share * total) {
      if (at >= durationEdges.length) break;
      const from = at === 0 ? 0 : durationEdges[at - 1]!;
      return from + (durationEdges[at]! - from) * ((share * total - below) / count);
    }
    below += count;
  }
  return durationEdges.at(-1)!;
}

function tallyOf(tallies: Map<string, Tally>, deployment: string, revision: string): Tally {
  const key = `${deployment} ${revision}`;
  const found = tallies.get(key);
  if (found !== undefined) return found;
  if (tallies.size >= revisionsMax) forgetOldest(tallies);
  const tally = emptyTally(deployment, revision);
  tallies.set(key, tally);
  return tally;
}

function sliceAt(tally: Tally, nowSeconds: number): Slice {
  const number = Math.floor(nowSeconds / sliceSeconds);
  const place = number % slices;
  const slice = tally.recent[place]!;
  if (slice.number === number) return slice;
  const fresh = emptySlice(number);
  tally.recent[place] = fresh;
  return fresh;
}

function emptySlice(number: number): Slice {
  return { number, requests: 0, errors: 0, buckets: new Uint32Array(durationEdges.length + 1) };
}

function emptyTally(deployment: string, revision: string): Tally {
  return {
    ...{ deployment, revision, errors: 0, retries: 0, durationSeconds: 0, lastSeconds: 0 },
    requests: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 },
    buckets: new Float64Array(durationEdges.length + 1),
    recent: Array.from({ length: slices }, () => emptySlice(-1)),
  };
}

function forgetOldest(tallies: Map<string, Tally>): void {
  let oldest: [string, Tally] | undefined;
  for (const entry of tallies) if (oldest === undefined || entry[1].lastSeconds < oldest[1].lastSeconds) oldest = entry;
  if (oldest !== undefined) tallies.delete(oldest[0]);
}

/** The bucket of each whole millisecond up to the last edge: looked up, as it happens tens of thousands of times a second. */
function indexBuckets(): Uint8Array {
  const index = new Uint8Array(milliseconds + 1);
  for (let took = 0, bucket = 0; took <= milliseconds; took++) {
    while (took / 1000 > durationEdges[bucket]!) bucket++;
    index[took] = bucket;
  }
  return index;
}

/** The last edge is `to` itself. */
function logSpaced(from: number, to: number, ratio: number): number[] {
  const edges: number[] = [];
  for (let edge = from; edge < to; edge *= ratio) edges.push(Number(edge.toPrecision(4)));
  return [...edges, to];
}

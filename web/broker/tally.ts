// The broker's own figures: what was asked on which socket and how it ended. Labels come from the tables, so their number is bounded.
import { counter, gauge, type Metric, type Sample, sample } from '../../core/contracts/sample.ts';

export type SocketName = 'read' | 'write';

export type Outcome =
  | 'answered'
  | 'engine-error'
  | 'refused'
  | 'busy'
  | 'late'
  | 'idle'
  | 'unreachable'
  | 'bad-answer'
  | 'client-gone'
  | 'client-stalled';

interface Ended {
  socket: SocketName;
  method: string;
  route: string;
  outcome: Outcome;
  seconds: number;
}

interface Refused {
  socket: SocketName;
  method: string;
  route: string;
  reason: string;
}

export const metrics: readonly Metric[] = [
  counter('broker_requests_total', 'Requests on the broker sockets, by how they ended.'),
  counter('broker_request_seconds_total', 'Time from the head of a request to its end, streams included.'),
  counter('broker_refusals_total', 'Requests that were not passed on, by reason.'),
  gauge('broker_calls_open', 'Calls in flight.'),
  gauge('broker_streams_open', 'Streams open, such as events.'),
  gauge('broker_docker_up', 'Whether the engine answered the last ping; absent until it was asked.'),
];

/** Methods are named by whoever calls, so all but the known ones count as one. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT']);

export interface Tally {
  ended(ended: Ended): void;
  refused(refused: Refused): void;
  samples(): Sample[];
}

export function createTally(): Tally {
  const requests = new Map<string, Sample>();
  const seconds = new Map<string, Sample>();
  const refusals = new Map<string, Sample>();
  return {
    ended({ socket, method, route, outcome, seconds: took }) {
      const labels = { socket, method: boundMethod(method), route };
      add(requests, 'broker_requests_total', { ...labels, outcome }, 1);
      add(seconds, 'broker_request_seconds_total', labels, took);
    },
    refused({ socket, method, route, reason }) {
      add(refusals, 'broker_refusals_total', { socket, method: boundMethod(method), route, reason }, 1);
    },
    samples: () => [...requests.values(), ...seconds.values(), ...refusals.values()],
  };
}

function boundMethod(method: string): string {
  return methods.has(method) ? method : 'other';
}

function add(into: Map<string, Sample>, name: string, labels: Record<string, string>, by: number): void {
  const key = Object.values(labels).join('\n');
  const held = into.get(key);
  if (held === undefined) into.set(key, sample(name, by, labels));
  else held.value += by;
}

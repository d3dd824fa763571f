// A browser for tests of the console's state: a clock that the test moves, an address bar, a server that answers as told.
import type { LiveTopic, LiveUpdate } from '../../../core/contracts/live-updates.ts';
import type { Ports, SocketEvents, Stop, StreamEvents } from '../../../web/console/state/ports.ts';

export interface Asked {
  method: string;
  /** Path below /api/v1, with query. */
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What a call is answered with; `silent` never answers, `down` cannot be reached. */
export type Told =
  | { status?: number; body?: unknown; text?: string; headers?: Record<string, string> }
  | 'silent'
  | 'down';

export interface FakePorts extends Ports {
  asked: Asked[];
  /** Lets time pass and everything that is due happen. */
  pass(seconds: number): Promise<void>;
  /** The address bar, with every entry of its history. */
  visited: string[];
  back(): void;
  socket: FakeSocket;
  /** Streams that are open, by path. */
  streams: Map<string, StreamEvents>;
}

/** The other end of the live connection. */
interface FakeSocket {
  events: SocketEvents | undefined;
  watched: (readonly LiveTopic[])[];
  /** Whether `watch` is answered. */
  answering: boolean;
  reconnects: number;
  closed: boolean;
  send(batch: readonly LiveUpdate[]): void;
}

export function fakePorts(server: (asked: Asked) => Told = () => 'down', address = '/'): FakePorts {
  let now = 1_800_000_000;
  const timers = new Set<{ due: number; again: number | undefined; act: () => void }>();
  const plan = (seconds: number, again: number | undefined, act: () => void): Stop => {
    const timer = { due: now + seconds, again, act };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const asked: Asked[] = [];
  const kept = new Map<string, string>();
  const visited = [address];
  const movers = new Set<() => void>();
  const socket = fakeSocket();
  const streams = new Map<string, StreamEvents>();
  let keys = 0;
  return {
    ...{ asked, visited, socket, streams },
    unixSeconds: () => now,
    after: (seconds, act) => plan(seconds, undefined, act),
    every: (seconds, act) => plan(seconds, seconds, act),
    randomKey: () => `key-${++keys}`,
    alone: (_, act) => act(true),
    storage: {
      read: (name) => kept.get(name),
      write: (name, value) => void (value === undefined ? kept.delete(name) : kept.set(name, value)),
    },
    address: {
      read: () => visited.at(-1)!,
      push: (url) => void visited.push(url),
      replace: (url) => void visited.splice(-1, 1, url),
      onMove(act) {
        movers.add(act);
        return () => void movers.delete(act);
      },
    },
    back() {
      visited.pop();
      for (const act of movers) act();
    },
    async pass(seconds) {
      const end = now + seconds;
      for (;;) {
        await settle();
        const next = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        now = next.due;
        if (next.again === undefined) timers.delete(next);
        else next.due += next.again;
        next.act();
      }
      now = end;
      await settle();
    },
    openEvents(path, _, events) {
      streams.set(path, events);
      return () => void streams.delete(path);
    },
    fetch: (path, init) => answer(server, asked, path, init),
    openSocket(events) {
      socket.events = events;
      socket.closed = false;
      return Promise.resolve({
        watch(topics, seconds) {
          socket.watched.push(topics);
          if (socket.answering) return Promise.resolve({ watching: [...topics], refused: [] });
          return new Promise((_, reject) => void plan(seconds, undefined, () => reject(new Error('no answer'))));
        },
        reconnect: () => void socket.reconnects++,
        close: () => {
          socket.closed = true;
        },
      });
    },
  };
}

function fakeSocket(): FakeSocket {
  const socket: FakeSocket = {
    ...{ events: undefined, watched: [], answering: true, reconnects: 0, closed: false },
    send: (batch) => socket.events?.updates(batch),
  };
  return socket;
}

async function answer(
  server: (asked: Asked) => Told,
  asked: Asked[],
  path: string,
  init: RequestInit,
): Promise<Response> {
  const call = {
    method: init.method ?? 'GET',
    path: path.replace('/api/v1', ''),
    headers: { ...(init.headers as Record<string, string>) },
    body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
  };
  asked.push(call);
  const told = server(call);
  if (told === 'down') throw new TypeError('fetch failed');
  if (told === 'silent')
    return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  const { status = 200, body, text, headers = {} } = told;
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return new Response(text ?? JSON.stringify(body ?? {}), { status, headers: { 'content-type': type, ...headers } });
}

/** A server of routes: `GET /overview` → what it answers; anything else is 404. */
export function fakeServer(routes: Readonly<Record<string, Told | ((asked: Asked) => Told)>>): (asked: Asked) => Told {
  return (asked) => {
    const told = routes[`${asked.method} ${asked.path.split('?')[0]}`];
    if (told === undefined) return problem(404, 'not-found');
    return typeof told === 'function' ? told(asked) : told;
  };
}

export function problem(status: number, kind: string, more: { detail?: string; errors?: unknown } = {}): Told {
  const { detail = `It is ${kind}.`, ...rest } = more;
  return {
    status,
    body: { type: `urn:odyssey:problem:${kind}`, title: 'Refused', status, detail, requestId: 'r-1', ...rest },
  };
}

/** Lets promises run until nothing follows from them. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

export const adminSession = {
  person: { id: '0123456789abcdef', name: 'ada' },
  grants: [{ environment: '*', role: 'admin' }],
  permissions: ['watch:read', 'anomaly:judge', 'silence:write', 'environment:read', 'environment:write', 'audit:read'],
  csrf: 'csrf-1',
  secondFactor: false,
  secondFactorMissing: false,
};

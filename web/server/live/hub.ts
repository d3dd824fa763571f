// Live updates: sockets that belong to a session, watch what their person may see, and are cut when either ends or when they do not keep up.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import {
  type LiveTopic,
  type LiveUpdate,
  liveTopics,
  type WatchAnswer,
  watchMessage,
} from '../../../core/contracts/live-updates.ts';
import { cookieName, findCookie } from '../http/cookies.ts';
import { holds, type Identity } from '../identity.ts';
import { Knocks } from './knocks.ts';
import { LatestQueue } from './latest-queue.ts';

export interface Feed {
  topic: LiveTopic;
  everySeconds: number;
  /** A value is sent only where it differs from the last one; whoever begins to watch is told that one. */
  onChange?: boolean;
  /** The newest value. What rejects is told as unknown. */
  read(): Promise<unknown>;
}

export interface HubOptions {
  tls: boolean;
  identify(cookie: string): Promise<Identity | undefined>;
  feeds: readonly Feed[];
  /** How long a batch may wait for its acknowledgement before the reader is cut. */
  slowSeconds: number;
  /** How often each socket's right to be there is looked at again. */
  recheckSeconds: number;
  socketsMax: number;
  /** Of one person: pages that are open, and a bound on what one stolen session can hold. */
  socketsPerPersonMax: number;
  /** Handshakes that one address may begin in a minute. */
  knocksPerMinute: number;
}

type CutReason = 'too-slow' | 'signed-out' | 'bad-message' | 'too-many';

interface HubFigures {
  sockets: number;
  droppedTotal: number;
  cutTotal: Record<CutReason, number>;
}

export interface Hub {
  /** Looks at once whether this person's sockets may stay. */
  recheck(person: string): void;
  figures(): HubFigures;
  close(): Promise<void>;
}

interface Client {
  socket: Socket;
  cookie: string;
  identity: Identity;
  topics: Set<LiveTopic>;
  queue: LatestQueue;
  sending: boolean;
}

interface State {
  options: HubOptions;
  clients: Map<string, Client>;
  figures: HubFigures;
  /** Feeds that beat, each with the wait for its next beat; undefined while it reads. */
  beating: Map<LiveTopic, NodeJS.Timeout | undefined>;
  /** The last value of each feed that beats. */
  last: Map<LiveTopic, unknown>;
  knocks: Knocks;
}

/** Attaches the hub to a server that listens for people. */
export function openHub(server: HttpServer, options: HubOptions): Hub {
  const cutTotal = { 'too-slow': 0, 'signed-out': 0, 'bad-message': 0, 'too-many': 0 };
  const figures = { sockets: 0, droppedTotal: 0, cutTotal };
  const knocks = new Knocks(options.knocksPerMinute);
  const state: State = { options, clients: new Map(), figures, beating: new Map(), last: new Map(), knocks };
  const io = new Server(server, {
    ...{ path: '/live', serveClient: false, transports: ['websocket'], maxHttpBufferSize: 16_384 },
    ...{ pingInterval: 20_000, pingTimeout: 10_000, connectTimeout: 5_000, httpCompression: false },
    // Counted with those that are still being let in: a slow handshake takes a place as well.
    allowRequest: (request, answer) =>
      answer(null, io.engine.clientsCount < options.socketsMax && mayKnock(state, request)),
  });
  io.use((socket, next) => {
    void admit(state, socket).then((client) => {
      if (client === undefined) return next(new Error('signed-out'));
      socket.data = client;
      next();
    }, next);
  });
  io.on('connection', (socket) => welcome(state, socket));
  const rechecking = setInterval(() => recheck(state, () => true), options.recheckSeconds * 1000);
  return {
    recheck: (person) => recheck(state, ({ identity }) => identity.person === person),
    figures: () => ({ ...figures, sockets: state.clients.size }),
    async close() {
      clearInterval(rechecking);
      for (const wait of state.beating.values()) clearTimeout(wait);
      state.beating.clear();
      await io.close();
    },
  };
}

/** Only pages of this very server, and only so often: browsers do not apply CORS to upgrades. */
function mayKnock({ knocks, options }: State, request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (!knocks.allow(request.socket.remoteAddress ?? 'unknown', performance.now() / 1000)) return false;
  return origin === `${options.tls ? 'https' : 'http'}://${host}`;
}

/** The session cookie alone says who it is; a token in the address or the handshake counts for nothing. */
async function admit({ options }: State, socket: Socket): Promise<Client | undefined> {
  const cookie = findCookie(socket.handshake.headers.cookie, cookieName('access', options.tls));
  const identity = cookie === undefined ? undefined : await options.identify(cookie);
  if (cookie === undefined || identity === undefined || identity.lacksSecondFactor) return undefined;
  return { socket, cookie, identity, topics: new Set(), queue: new LatestQueue(), sending: false };
}

function welcome(state: State, socket: Socket): void {
  const client = socket.data as Client;
  state.clients.set(socket.id, client);
  cutOldest(state, client.identity.person);
  socket.on('disconnect', () => state.clients.delete(socket.id));
  socket.onAny((event) => {
    if (event !== 'watch') cut(state, client, 'bad-message');
  });
  socket.on('watch', (message: unknown, answer: unknown) => {
    const parsed = watchMessage.safeParse(message);
    if (!parsed.success || typeof answer !== 'function') return cut(state, client, 'bad-message');
    answer(watch(state, client, parsed.data.topics));
  });
}

/** A new page of somebody with too many of them takes the place of the oldest. */
function cutOldest(state: State, person: string): void {
  const theirs = [...state.clients.values()].filter(({ identity }) => identity.person === person);
  for (const client of theirs.slice(0, Math.max(0, theirs.length - state.options.socketsPerPersonMax)))
    cut(state, client, 'too-many');
}

function watch(state: State, client: Client, wanted: readonly string[]): WatchAnswer {
  const allowed = (topic: string): topic is LiveTopic =>
    Object.hasOwn(liveTopics, topic) && holds(client.identity, liveTopics[topic as LiveTopic]);
  const watching = wanted.filter(allowed);
  const before = client.topics;
  client.topics = new Set(watching);
  client.queue.keep(client.topics);
  for (const topic of client.topics) if (!before.has(topic) && state.last.has(topic)) hand(state, client, topic);
  for (const feed of state.options.feeds) {
    if (client.topics.has(feed.topic) && !state.beating.has(feed.topic)) void beat(state, feed);
  }
  return { watching, refused: wanted.filter((topic) => !allowed(topic)) };
}

/** One beat of a feed: reads and hands out, and beats again only while somebody watches. */
async function beat(state: State, feed: Feed): Promise<void> {
  state.beating.set(feed.topic, undefined);
  const value = await feed.read().catch((error: Error) => ({ state: 'unknown', reason: error.message.slice(0, 300) }));
  if (!state.beating.has(feed.topic)) return; // closed meanwhile
  const isOld = feed.onChange && JSON.stringify(value) === JSON.stringify(state.last.get(feed.topic));
  state.last.set(feed.topic, value);
  if (!isOld) publish(state, feed.topic);
  const watched = [...state.clients.values()].some(({ topics }) => topics.has(feed.topic));
  if (!watched) {
    state.beating.delete(feed.topic);
    state.last.delete(feed.topic); // by the time that somebody watches again it is of the past
  } else
    state.beating.set(
      feed.topic,
      setTimeout(() => void beat(state, feed), feed.everySeconds * 1000),
    );
}

function publish(state: State, topic: LiveTopic): void {
  for (const client of state.clients.values()) if (client.topics.has(topic)) hand(state, client, topic);
}

function hand(state: State, client: Client, topic: LiveTopic): void {
  if (client.queue.offer(topic, state.last.get(topic))) state.figures.droppedTotal += 1;
  void drain(state, client);
}

/** One batch is on its way at a time; what comes meanwhile waits as the latest value, so a stalled reader holds one batch and no more. */
async function drain(state: State, client: Client): Promise<void> {
  if (client.sending) return;
  client.sending = true;
  try {
    for (let batch: LiveUpdate[] = client.queue.take(); batch.length > 0; batch = client.queue.take())
      await client.socket.timeout(state.options.slowSeconds * 1000).emitWithAck('updates', batch);
  } catch {
    cut(state, client, 'too-slow'); // the only rejection is the missing acknowledgement
  } finally {
    client.sending = false;
  }
}

function recheck(state: State, whose: (client: Client) => boolean): void {
  for (const client of state.clients.values()) {
    if (whose(client)) void stay(state, client);
  }
}

async function stay(state: State, client: Client): Promise<void> {
  const identity = await state.options.identify(client.cookie).catch(() => undefined); // in doubt, out
  if (identity === undefined || identity.lacksSecondFactor) return cut(state, client, 'signed-out');
  client.identity = identity;
  for (const topic of client.topics) if (!holds(identity, liveTopics[topic])) client.topics.delete(topic);
  client.queue.keep(client.topics);
}

function cut(state: State, client: Client, reason: CutReason): void {
  if (!state.clients.delete(client.socket.id)) return;
  state.figures.cutTotal[reason] += 1;
  client.socket.emit('cut', reason);
  client.socket.disconnect(true);
}

// S1, S2, F10, bar 17: who may open a socket, what it is sent, when it is cut, and what a stalled reader costs.
import { connect } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LiveTopic, LiveUpdate } from '../../../../core/contracts/live-updates.ts';
import type { Feed, HubOptions } from '../../../../web/server/live/hub.ts';
import { type Caller, openPlane, type TestPlane } from '../plane.ts';
import { measureLateness } from './lateness.ts';
import { headersFor, type LoneHub, openLoneHub } from './lone-hub.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

function open(url: string, headers: Record<string, string>, more: object = {}): Socket {
  const socket = io(url, {
    path: '/live',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
    ...more,
  });
  sockets.push(socket);
  return socket;
}

/** How the handshake ends: `open`, or the words with which it is refused. */
function outcome(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('open'));
    socket.once('connect_error', (error) => resolve(error.message));
  });
}

function ended(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('cut', (reason) => resolve(reason));
  });
}

describe('with the real server', () => {
  let it: TestPlane;
  beforeAll(async () => {
    it = await openPlane();
  });
  afterAll(() => it.close());
  const cookieOf = (caller: Caller) => [...caller.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const as = (caller: Caller) => ({ origin: it.url, cookie: cookieOf(caller) });

  test.each([
    { given: 'its page and its session', headers: () => as(it.admin), gives: 'open' },
    {
      given: 'a foreign origin',
      headers: () => ({ ...as(it.admin), origin: 'https://evil.test' }),
      gives: 'websocket error',
    },
    { given: 'no origin', headers: () => ({ cookie: cookieOf(it.admin) }), gives: 'websocket error' },
    { given: 'no session', headers: () => ({ origin: it.url }), gives: 'signed-out' },
    {
      given: 'a made-up session',
      headers: () => ({ origin: it.url, cookie: 'odyssey-access=a.b.c' }),
      gives: 'signed-out',
    },
  ])('$given → $gives', async ({ headers, gives }) => {
    expect(await outcome(open(it.url, headers()))).toBe(gives);
  });

  test('a token in the address or in the handshake counts for nothing', async () => {
    const token = it.admin.cookies.get('odyssey-access')!;
    expect(await outcome(open(it.url, { origin: it.url }, { query: { token }, auth: { token } }))).toBe('signed-out');
  });

  test('topics are given by permission, and nothing leaks from those that are not', async () => {
    const reader = await it.withRole('read-only');
    const socket = open(it.url, as(reader));
    await outcome(socket);
    const topics = new Set<string>();
    socket.on('updates', (updates: LiveUpdate[], acknowledge: () => void) => {
      for (const { topic } of updates) topics.add(topic);
      acknowledge();
    });
    const answer = await socket.emitWithAck('watch', { topics: ['overview', 'audit', '__proto__'] });
    expect(answer).toEqual({ watching: ['overview'], refused: ['audit', '__proto__'] });
    await it.admin.signIn('root-admin');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([...topics]).toEqual(['overview']);
  });

  test.each([
    { act: 'signing out', does: (caller: Caller) => caller.call('DELETE', '/session') },
    {
      act: 'being disabled',
      does: (caller: Caller) => it.admin.call('PUT', `/people/${caller.id}/disabled`, { disabled: true }),
    },
    {
      act: 'another role',
      does: (caller: Caller) => it.admin.call('PUT', `/people/${caller.id}/grants`, { grants: [] }),
    },
    { act: 'being erased', does: (caller: Caller) => it.admin.call('DELETE', `/people/${caller.id}`) },
  ])('$act cuts open sockets at once', async ({ act, does }) => {
    const caller = await it.person(`socket ${act}`, [{ environment: '*', role: 'operator' }]);
    const socket = open(it.url, as(caller));
    expect(await outcome(socket)).toBe('open');
    const started = performance.now();
    const cut = ended(socket);
    expect((await does(caller)).status).toBe(200);
    expect(await cut).toBe('signed-out');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('an access token that expires cuts within 5 s', async () => {
    const caller = await it.person('expires', []);
    const socket = open(it.url, as(caller));
    await outcome(socket);
    const cut = ended(socket);
    const started = performance.now();
    it.pass(601);
    expect(await cut).toBe('signed-out');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    { given: 'an unknown event', send: (socket: Socket) => socket.emit('join', 'admins') },
    {
      given: 'a message of another shape',
      send: (socket: Socket) => socket.emit('watch', { topics: 'all' }, () => {}),
    },
  ])('$given cuts', async ({ send }) => {
    await it.admin.signIn('root-admin');
    const socket = open(it.url, as(it.admin));
    await outcome(socket);
    const cut = ended(socket);
    send(socket);
    expect(await cut).toBe('bad-message');
  });

  test('a frame of 64 MB is not taken in', async () => {
    await it.admin.signIn('root-admin');
    const socket = open(it.url, as(it.admin));
    await outcome(socket);
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    const before = process.memoryUsage().arrayBuffers;
    socket.emit('watch', { topics: ['x'.repeat(64 << 20)] }, () => {});
    await closed;
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 << 20);
  });
});

test('200 readers in another process at one update a second: 99 of 100 arrive within 100 ms of work and waiting of our own', async () => {
  const { received, ownP99Milliseconds } = await measureLateness(200, 6);
  expect(received).toBeGreaterThan(600);
  expect(ownP99Milliseconds).toBeLessThan(100);
}, 40_000);

describe('with a feed of our own', () => {
  let it: LoneHub;
  let reads = 0;
  const feed = (topic: LiveTopic, everySeconds: number, size: number): Feed => ({
    ...{ topic, everySeconds },
    async read() {
      reads += 1;
      return { pad: 'x'.repeat(size) };
    },
  });
  const start = async (feeds: Feed[], more: Partial<HubOptions> = {}) => {
    it = await openLoneHub(feeds, more);
  };
  const enter = () => open(it.url, headersFor(it.url));
  beforeEach(() => {
    reads = 0;
  });
  afterEach(() => it.close());

  test('a feed is read only while somebody watches', async () => {
    await start([feed('live', 0.02, 1)]);
    expect(reads).toBe(0);
    const socket = enter();
    await outcome(socket);
    socket.on('updates', (_: unknown, acknowledge: () => void) => acknowledge());
    await socket.emitWithAck('watch', { topics: ['live'] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reads).toBeGreaterThan(3);
    await socket.emitWithAck('watch', { topics: [] });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const then = reads;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reads).toBe(then);
  });

  test('a reader that never acknowledges is cut with a reason, costs little, and others go on', async () => {
    await start([feed('live', 0.01, 1_000_000)], { slowSeconds: 1 });
    const stalled = enter();
    const good = enter();
    await Promise.all([outcome(stalled), outcome(good)]);
    let received = 0;
    good.on('updates', (_: unknown, acknowledge: () => void) => {
      received += 1;
      acknowledge();
    });
    const cut = ended(stalled);
    const before = process.memoryUsage().rss;
    await Promise.all([stalled, good].map((socket) => socket.emitWithAck('watch', { topics: ['live'] })));
    expect(await cut).toBe('too-slow');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150);
    expect(received).toBeGreaterThan(5);
    expect(it.hub.figures()).toMatchObject({ sockets: 1, cutTotal: { 'too-slow': 1 } });
    expect(it.hub.figures().droppedTotal).toBeGreaterThan(5);
  }, 20_000);

  test('somebody with too many pages loses the oldest', async () => {
    await start([], { socketsPerPersonMax: 2 });
    const pages = [enter()];
    await outcome(pages[0]!);
    const lost = ended(pages[0]!);
    for (let i = 0; i < 2; i++) {
      pages.push(enter());
      await outcome(pages.at(-1)!);
    }
    expect(await lost).toBe('too-many');
    expect(it.hub.figures()).toMatchObject({ sockets: 2, cutTotal: { 'too-many': 1 } });
  });

  test('a feed that tells changes only: whoever comes later is told the last one, nobody is told it twice', async () => {
    let value = 1;
    await start([{ topic: 'audit', everySeconds: 0.01, onChange: true, read: async () => ({ size: value }) }]);
    const received: number[][] = [];
    const watcher = async () => {
      const socket = enter();
      const mine: number[] = [];
      received.push(mine);
      socket.on('updates', (updates: LiveUpdate[], acknowledge: () => void) => {
        for (const update of updates) mine.push((update.value as { size: number }).size);
        acknowledge();
      });
      await outcome(socket);
      await socket.emitWithAck('watch', { topics: ['audit'] });
      await new Promise((resolve) => setTimeout(resolve, 150));
    };
    await watcher();
    await watcher();
    value = 2;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(received).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('a raw connection that says nothing does not stay', async () => {
    await start([]);
    const raw = connect(Number(new URL(it.url).port), '127.0.0.1');
    await new Promise((resolve) => raw.once('connect', resolve));
    expect(it.hub.figures().sockets).toBe(0);
    raw.destroy();
  });
});

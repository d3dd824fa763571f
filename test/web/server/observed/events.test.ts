// Events: the newest so many, whose they are, and what is known of memory: a silence that was not listened to says nothing.
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../../web/server/engine/objects.ts';
import { EventRing, listenForEvents } from '../../../../web/server/observed/events.ts';

const event = (
  seconds: number,
  Action: string,
  more: Partial<EngineEvent> & { attributes?: Record<string, string> } = {},
): EngineEvent => ({
  ...{
    Type: 'container',
    Action,
    timeNano: seconds * 1e9,
    Actor: { ID: 'c1', Attributes: { name: 'shop-r1.1', ...more.attributes } },
  },
  ...more,
});
const shop = { odyssey_environment: 'e1', odyssey_deployment: 'shop', odyssey_revision: 'r1' };

test('newest first, of one deployment or of all, without what health checks do', () => {
  const ring = new EventRing();
  ring.add(event(1, 'start', { attributes: shop }));
  ring.add(event(2, 'exec_start', { attributes: shop }));
  ring.add(event(3, 'die', { attributes: { ...shop, exitCode: '137' } }));
  ring.add(event(4, 'start', { attributes: { odyssey_environment: 'e2', odyssey_deployment: 'shop' } }));
  ring.add(event(5, 'update', { Type: 'service', Actor: { ID: 's1', Attributes: { name: 'shop-r1' } } }));
  ring.add(event(6, 'pull', { Type: 'image' }));
  expect(ring.list(10).map(({ time, action }) => [time, action])).toEqual([
    ...[
      [5, 'update'],
      [4, 'start'],
      [3, 'die'],
      [1, 'start'],
    ],
  ]);
  expect(ring.list(10, { environment: 'e1', deployment: 'shop' }).map(({ time }) => time)).toEqual([5, 3, 1]);
  expect(ring.list(1)).toHaveLength(1);
  expect(ring.list(10)[2]).toEqual({
    ...{ time: 3, kind: 'container', action: 'die', name: 'shop-r1.1' },
    ...{ deployment: 'shop', revision: 'r1', exitCode: 137 },
  });
});

test('the ring is bounded and says from when on it is whole', () => {
  const ring = new EventRing();
  ring.since = 0;
  for (let i = 1; i <= 6_000; i++) ring.add(event(i, 'start'));
  expect(ring.list(10_000)).toHaveLength(5_000);
  expect(ring.since).toBe(1_000);
});

test.each([
  { given: 'an oom event of this container', listening: false, since: undefined, oom: 'c1', ran: true },
  { given: 'one of another', listening: true, since: 10, oom: 'c2', ran: false },
  { given: 'events from after its start only', listening: true, since: 30, oom: 'c2', ran: undefined },
  { given: 'nobody listening', listening: false, since: 10, oom: 'c2', ran: undefined },
])('$given → $ran', ({ listening, since, oom, ran }) => {
  const ring = new EventRing();
  Object.assign(ring, { listening, since });
  ring.add(event(40, 'oom', { Actor: { ID: oom } }));
  expect(ring.ranOutOfMemory('c1', 20)).toBe(ran);
});

test('a stream that ends is opened again where it ended; one that breaks leaves a gap that is told', async () => {
  const ring = new EventRing();
  const stop = new AbortController();
  const asked: (number | undefined)[] = [];
  const streams = [
    async function* () {
      yield event(101, 'start');
      yield event(102, 'die');
    },
    async function* () {
      yield event(102, 'die');
      yield event(103, 'start');
      throw new Error('broken');
    },
    async function* () {
      yield event(104, 'oom');
      stop.abort();
    },
  ];
  let now = 100;
  const sinces: (number | undefined)[] = [];
  await listenForEvents(
    ring,
    {
      engine: {
        ping: () => Promise.resolve({ ok: true, value: undefined }),
        events: ({ since }) => {
          asked.push(since);
          return streams.shift()!();
        },
      },
      unixSeconds: () => now++,
      sleep: () => {
        sinces.push(ring.since);
        return Promise.resolve();
      },
    },
    stop.signal,
  );
  expect(asked).toEqual([100, 102, 103]);
  expect(ring.list(10).map(({ time }) => time)).toEqual([104, 103, 102, 101]);
  expect(sinces).toEqual([100, undefined, 102]);
  expect(ring.listening).toBe(false);
});

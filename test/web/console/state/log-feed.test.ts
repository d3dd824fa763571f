// A live log: follows, holds, counts what came meanwhile, and comes back after a loss.
import { describe, expect, test } from 'vitest';
import type { LogLine, LogPage } from '../../../../core/contracts/logs.ts';
import { LogFeed, momentOf } from '../../../../web/console/state/log-feed.svelte.ts';
import { fakePorts, settle } from '../ports.ts';

const lines = (count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ time: `t${index}`, replica: 'api.1', stream: 'stdout' as const, level: 'info' as const, cut: false },
    text: `line ${index}`,
  }));

async function opened(renewed = true) {
  const ports = fakePorts();
  const feed = new LogFeed(ports, {
    refresh: () => Promise.resolve(renewed),
    get: () => Promise.reject(new Error('no past')),
  });
  const stop = feed.open('/logs');
  const stream = () => ports.streams.get('/logs')!;
  stream().opened();
  return { ports, feed, stop, stream };
}

describe('lines', () => {
  test('that come together are drawn together', async () => {
    const { ports, feed, stream } = await opened();
    stream().event('lines', lines(2));
    stream().event('lines', lines(3));
    expect(feed.entries).toHaveLength(0);
    await ports.pass(0.2);
    expect(feed.entries).toHaveLength(5);
  });

  test('the newest 10,000 are kept', async () => {
    const { ports, feed, stream } = await opened();
    stream().event('lines', lines(9_000));
    stream().event('lines', lines(9_000));
    await ports.pass(0.2);
    expect([feed.entries.length, feed.entries.at(-1)!.line.text]).toEqual([10_000, 'line 8999']);
  });

  test('that come while it is held are counted until it follows again', async () => {
    const { feed, stream } = await opened();
    feed.hold();
    stream().event('lines', lines(12));
    expect([feed.unseen, feed.following]).toEqual([12, false]);
    feed.follow();
    expect([feed.unseen, feed.following]).toEqual([0, true]);
  });

  test('that are missing are told, and notes with them', async () => {
    const { feed, stream } = await opened();
    stream().event('dropped', { lines: 7 });
    stream().event('dropped', { lines: 5 });
    stream().event('note', { text: 'replica 2 cannot be read' });
    expect([feed.dropped, feed.notes]).toEqual([12, ['replica 2 cannot be read']]);
  });
});

describe('a stream that ends', () => {
  test('by itself says why and stays as it is', async () => {
    const { ports, feed, stream } = await opened();
    stream().event('lines', lines(1));
    stream().event('end', { reason: 'finished' });
    await ports.pass(10);
    expect([feed.state, feed.endedBecause, feed.entries.length, ports.streams.size]).toEqual([
      'ended',
      'finished',
      1,
      0,
    ]);
  });

  test('because the session ran out is opened again once that is renewed', async () => {
    const { ports, feed, stream } = await opened();
    ports.streams.get('/logs')!.failed(true);
    ports.streams.delete('/logs');
    await ports.pass(3);
    stream().opened();
    expect(feed.state).toBe('open');
  });

  test('because its access token ran out goes on behind its last line, and shows none twice', async () => {
    const { ports, feed, stream } = await opened();
    const [line] = lines(1);
    stream().event('lines', [line]);
    stream().event('end', { reason: 'signed-out' });
    expect([...ports.streams.keys()]).toEqual([]);
    await ports.pass(3);
    expect([...ports.streams.keys()]).toEqual([`/logs?resume=${line!.time}`]);
    ports.streams.get(`/logs?resume=${line!.time}`)!.event('lines', [{ ...line!, time: '2030-01-01T00:00:00Z' }]);
    await ports.pass(0.2);
    expect([feed.entries.length, feed.state, feed.endedBecause]).toEqual([2, 'open', undefined]);
  });

  test('and whose session is over has ended', async () => {
    const { ports, feed } = await opened(false);
    ports.streams.get('/logs')!.failed(true);
    ports.streams.delete('/logs');
    await ports.pass(10);
    expect([feed.state, feed.endedBecause, ports.streams.size]).toEqual(['ended', 'signed-out', 0]);
  });

  test('because the page went is not opened again', async () => {
    const { ports, stop, stream } = await opened();
    stream().failed(true);
    stop();
    await ports.pass(10);
    await settle();
    expect(ports.streams.size).toBe(0);
  });
});

describe('two streams', () => {
  const line = (time: string, replica: string): LogLine => ({ ...lines(1)[0]!, time, replica, text: time });
  function openBoth() {
    const ports = fakePorts();
    const feed = new LogFeed(ports, {
      refresh: () => Promise.resolve(true),
      get: () => Promise.reject(new Error('no past')),
    });
    feed.open(['/a', '/b']);
    const say = (path: string, ...told: LogLine[]) => ports.streams.get(path)!.event('lines', told);
    const texts = () => feed.entries.map(({ line: { text } }) => text);
    return { ports, feed, say, texts };
  }

  test('wait for each other at first, and stand in the order of their times', async () => {
    const { ports, say, texts } = openBoth();
    say('/a', line('t1', 'a'), line('t4', 'a'));
    await ports.pass(1);
    expect(texts()).toEqual([]);
    say('/b', line('t2', 'b'));
    await ports.pass(0.5);
    expect(texts()).toEqual(['t1', 't2', 't4']);
  });

  test('of which one is silent go on without it', async () => {
    const { ports, say, texts } = openBoth();
    say('/a', line('t1', 'a'));
    await ports.pass(2.5);
    expect(texts()).toEqual(['t1']);
  });

  test('end with the last of them', () => {
    const { ports, feed } = openBoth();
    ports.streams.get('/a')!.event('end', { reason: 'finished' });
    expect(feed.state).not.toBe('ended');
    ports.streams.get('/b')!.event('end', { reason: 'finished' });
    expect([feed.state, feed.endedBecause]).toEqual(['ended', 'finished']);
  });
});

describe('the past', () => {
  const time = (second: number) =>
    `2027-01-15T08:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000000Z`;
  const line = (second: number): LogLine => ({ ...lines(1)[0]!, time: time(second), text: String(second) });
  const page = (seconds: readonly number[], more: Partial<LogPage> = {}): LogPage => ({
    ...{ items: seconds.map(line), older: 'more', newer: true, completeFrom: null, notes: [] },
    ...more,
  });
  function rig() {
    const ports = fakePorts();
    const asked: object[] = [];
    const pages: (LogPage | Error)[] = [];
    const get = (path: string, query: object = {}) => {
      asked.push({ path, ...query });
      const next = pages.shift() ?? page([]);
      return (next instanceof Error ? Promise.reject(next) : Promise.resolve(next)) as never;
    };
    const feed = new LogFeed(ports, { refresh: () => Promise.resolve(true), get });
    const texts = () => feed.entries.map(({ line: { text } }) => text);
    async function live(seconds: readonly number[]) {
      const stop = feed.open('/logs?tail=500');
      ports.streams.get('/logs?tail=500')!.event('lines', seconds.map(line));
      await ports.pass(0.2);
      return stop;
    }
    return { ports, feed, asked, pages, texts, live };
  }

  test('older lines come before those that are there, which are held, and new ones still arrive', async () => {
    const { ports, feed, asked, pages, texts, live } = rig();
    await live([10, 11]);
    pages.push(page([8, 9], { older: 'none' }));
    await feed.loadOlder();
    expect(asked).toEqual([{ path: '/logs/past', tail: 500, before: time(10) }]);
    expect([texts(), feed.following, feed.past, feed.older]).toEqual([['8', '9', '10', '11'], false, false, 'none']);
    ports.streams.get('/logs?tail=500')!.event('lines', [line(12)]);
    await ports.pass(0.2);
    expect([texts().at(-1), feed.unseen]).toEqual(['12', 1]);
  });

  test('with 10,000 lines the newest go, and the log is in the past', async () => {
    const { ports, feed, pages, texts, live } = rig();
    await live(Array.from({ length: 9_999 }, (_, at) => at + 1_000));
    pages.push(page([1, 2, 3]));
    await feed.loadOlder();
    expect([feed.entries.length, texts()[0], texts().at(-1)]).toEqual([10_000, '1', '10996']);
    expect([feed.past, feed.newer, ports.streams.size]).toEqual([true, true, 0]);
  });

  test('a moment is gone to, held, without a stream; the line is marked', async () => {
    const { ports, feed, asked, pages, texts } = rig();
    pages.push(page([1, 2, 3]));
    feed.open('/logs?tail=500', { time: time(2), linked: true });
    await settle();
    expect(asked).toEqual([{ path: '/logs/past', tail: 500, at: time(2) }]);
    expect([texts(), ports.streams.size, feed.following, feed.past]).toEqual([['1', '2', '3'], 0, false, true]);
    expect(feed.landed).toEqual({ id: 2, missed: undefined });
  });

  test('a line that is gone is told of, and what is left is shown', async () => {
    const { feed, pages, texts } = rig();
    pages.push(page([50, 51], { older: 'none' }));
    feed.open('/logs', { time: time(2), linked: true });
    await settle();
    expect([texts(), feed.landed?.id]).toEqual([['50', '51'], 1]);
    expect(feed.landed?.missed).toContain('no longer has this line');
  });

  test('a time after the last line leads to it', async () => {
    const { feed, pages } = rig();
    pages.push(page([1, 2], { newer: false }));
    feed.open('/logs', { time: '2027-01-15T09:00:00Z', linked: false });
    await settle();
    expect([feed.landed, feed.newer]).toEqual([{ id: 2, missed: undefined }, false]);
  });

  test('is read on towards now, behind the last line of the last entry', async () => {
    const { feed, asked, pages, texts } = rig();
    pages.push(page([1]), page([3, 4], { newer: false }));
    pages[0] = page([], { items: [line(1), { ...line(2), text: '    at x' }] });
    feed.open('/logs', { time: time(1), linked: true });
    await settle();
    await feed.loadNewer();
    expect(asked.at(-1)).toEqual({ path: '/logs/past', tail: 500, after: time(2) });
    expect([texts(), feed.newer]).toEqual([['1', '3', '4'], false]);
  });

  test('to follow opens the newest lines', async () => {
    const { ports, feed, pages, texts } = rig();
    pages.push(page([1]));
    feed.open('/logs', { time: time(1), linked: true });
    await settle();
    feed.follow();
    ports.streams.get('/logs')!.event('lines', [line(99)]);
    await ports.pass(0.2);
    expect([texts(), feed.past, feed.following]).toEqual([['99'], false, true]);
  });

  test('that cannot be read is told, and can be asked for again', async () => {
    const { feed, pages, texts, live } = rig();
    await live([10]);
    pages.push(new Error('The server took too long.'), page([9]));
    await feed.loadOlder();
    expect([feed.trouble, feed.loading, texts()]).toEqual(['The server took too long.', undefined, ['10']]);
    await feed.loadOlder();
    expect([feed.trouble, texts()]).toEqual([undefined, ['9', '10']]);
  });

  test('of a log that was closed meanwhile is not shown', async () => {
    const { feed, pages, texts, live } = rig();
    const stop = await live([10]);
    pages.push(page([9]));
    const reading = feed.loadOlder();
    stop();
    await reading;
    expect(texts()).toEqual(['10']);
  });

  test('is asked for by an address alone that names a time', () => {
    expect(momentOf({ line: time(1), at: time(2) })).toEqual({ time: time(1), linked: true });
    expect(momentOf({ line: 't1', at: time(2) })).toEqual({ time: time(2), linked: false });
    expect(momentOf({ at: 'now' })).toBeUndefined();
  });
});

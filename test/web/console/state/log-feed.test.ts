// A live log: follows, holds, counts what came meanwhile, and comes back after a loss.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { LogFeed } from '../../../../web/console/state/log-feed.svelte.ts';
import { fakePorts, settle } from '../ports.ts';

const lines = (count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ time: `t${index}`, replica: 'api.1', stream: 'stdout' as const, level: 'info' as const, cut: false },
    text: `line ${index}`,
  }));

async function opened(renewed = true) {
  const ports = fakePorts();
  const feed = new LogFeed(ports, () => Promise.resolve(renewed));
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

  test('and whose session is over stays lost', async () => {
    const { ports, feed } = await opened(false);
    ports.streams.get('/logs')!.failed(true);
    ports.streams.delete('/logs');
    await ports.pass(10);
    expect([feed.state, ports.streams.size]).toEqual(['lost', 0]);
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
    const feed = new LogFeed(ports, () => Promise.resolve(true));
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

// A live log as its reader sees it: past and present without a gap or a repetition, merged by time, with what went wrong told in it.
import { expect, test } from 'vitest';
import type { LogEvent, LogQuery } from '../../../../core/contracts/logs.ts';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { followLogs } from '../../../../web/server/logs/follow.ts';
import type { LogSource } from '../../../../web/server/logs/source.ts';
import { type WrittenSource, writtenSource } from '../../../fakes/log-source.ts';

const start = Date.parse('2026-11-21T13:00:00Z');

interface Reader {
  events: LogEvent[];
  texts(): string[];
  until(met: () => boolean): Promise<void>;
  cut(reason: string): Promise<void>;
}

function read(sources: () => Promise<readonly LogSource[]>, given: Partial<LogQuery> = {}, after?: string): Reader {
  const controller = new AbortController();
  const query: LogQuery = { tail: 100, follow: 'true', ...given };
  const events: LogEvent[] = [];
  const done = (async () => {
    for await (const event of followLogs({ query, after, sources, signal: controller.signal }, systemClock))
      events.push(event);
  })();
  const reader: Reader = {
    events,
    texts: () => events.flatMap((event) => (event.event === 'lines' ? event.data.map(({ text }) => text) : [])),
    async until(met) {
      for (let tries = 0; !met(); tries++) {
        if (tries === 400) throw new Error(`not met: ${JSON.stringify(events).slice(0, 1_000)}`);
        await systemClock.sleep(0.02);
      }
    },
    async cut(reason) {
      controller.abort(reason);
      await done;
    },
  };
  return reader;
}

const always =
  (...sources: WrittenSource[]) =>
  () =>
    Promise.resolve(sources);

test('the past of two replicas is merged by time and is no longer than asked for', async () => {
  const [a, b] = [writtenSource('shop-r1'), writtenSource('shop-r2')];
  for (let i = 0; i < 10; i++) (i % 2 ? a : b).print(start + i, `line ${i}`);
  const reader = read(always(a, b), { tail: 4, follow: 'false' });
  await reader.until(() => reader.events.at(-1)?.event === 'end');
  expect(reader.texts()).toEqual(['line 6', 'line 7', 'line 8', 'line 9']);
  expect(reader.events.at(-1)).toEqual({ event: 'end', data: { reason: 'finished' } });
  expect(a.opened.every(({ follow }) => !follow)).toBe(true);
});

test('what is printed from then on follows, once, in order', async () => {
  const [a, b] = [writtenSource('a'), writtenSource('b')];
  a.print(start, 'before');
  const reader = read(always(a, b));
  await reader.until(() => reader.texts().length === 1 && a.opened.length + b.opened.length === 4);
  b.print(start + 20, 'second');
  a.print(start + 10, 'first');
  await reader.until(() => reader.texts().length === 3);
  expect(reader.texts()).toEqual(['before', 'first', 'second']);
  await reader.cut('gone');
});

test('a stream that breaks is told, opened anew, and nothing comes twice or is missing', async () => {
  const a = writtenSource('a');
  a.print(start, 'one');
  const reader = read(always(a));
  await reader.until(() => a.opened.length === 2);
  a.breakStreams();
  a.print(start + 500, 'two');
  await reader.until(() => reader.texts().includes('two'));
  a.print(start + 600, 'three');
  await reader.until(() => reader.texts().includes('three'));
  expect(reader.texts()).toEqual(['one', 'two', 'three']);
  expect(reader.events).toContainEqual({ event: 'note', data: { text: 'a: the stream broke' } });
  await reader.cut('gone');
}, 15_000);

test('a reader that was cut off goes on after the last line that it had', async () => {
  const a = writtenSource('a');
  for (let i = 0; i < 5; i++) a.print(start + i, `line ${i}`);
  const first = read(always(a), { follow: 'false' });
  await first.until(() => first.events.at(-1)?.event === 'end');
  const had = first.events.find(({ event }) => event === 'lines')!.id!;
  a.print(start + 10, 'meanwhile');
  const second = read(always(a), { follow: 'false' }, had);
  await second.until(() => second.events.at(-1)?.event === 'end');
  expect(second.texts()).toEqual(['meanwhile']);
});

test('a revision that comes is read from its first line on', async () => {
  const [old, fresh] = [writtenSource('shop-r1'), writtenSource('shop-r2')];
  const sources = [old];
  const reader = read(() => Promise.resolve(sources), { tail: 0 });
  await reader.until(() => old.opened.length === 1);
  fresh.print(start, 'its first');
  sources.push(fresh);
  await reader.until(() => reader.texts().includes('its first'));
  await reader.cut('gone');
}, 15_000);

test('only what is looked for, also of the past behind the last lines', async () => {
  const a = writtenSource('a');
  a.print(start, 'ERROR: rare');
  for (let i = 1; i < 50; i++) a.print(start + i, 'usual');
  const reader = read(always(a), { tail: 3, search: 'RARE', levels: 'error', follow: 'false' });
  await reader.until(() => reader.events.at(-1)?.event === 'end');
  expect(reader.texts()).toEqual(['ERROR: rare']);
});

test('a flood is bounded and what was dropped is told', async () => {
  const a = writtenSource('a');
  const reader = read(always(a), { tail: 0 });
  await reader.until(() => a.opened.length === 1);
  for (let i = 0; i < 400; i++) a.print(start + i, 'x'.repeat(65_536));
  await reader.until(() => reader.events.some(({ event }) => event === 'dropped'));
  const dropped = reader.events.reduce((sum, event) => sum + (event.event === 'dropped' ? event.data.lines : 0), 0);
  expect(dropped).toBeGreaterThan(100);
  await reader.cut('gone');
}, 15_000);

test('the end of a session is the end of the log', async () => {
  const reader = read(always(writtenSource('a')));
  await systemClock.sleep(0.3);
  const cut = performance.now();
  await reader.cut('signed-out');
  expect(performance.now() - cut).toBeLessThan(1_000);
  expect(reader.events.at(-1)).toEqual({ event: 'end', data: { reason: 'signed-out' } });
});

test('what cannot be read is told, and the others are', async () => {
  const [a, b] = [writtenSource('a'), writtenSource('b')];
  b.print(start, 'there');
  a.open = () => {
    throw new Error('no such driver');
  };
  const reader = read(always(a, b), { follow: 'false' });
  await reader.until(() => reader.events.at(-1)?.event === 'end');
  expect(reader.texts()).toEqual(['there']);
  expect(reader.events).toContainEqual({ event: 'note', data: { text: 'a: no such driver' } });
});

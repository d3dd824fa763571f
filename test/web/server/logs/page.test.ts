// Lines around a past time: what the engine can still give of them, what lies further back, and what such a reading may cost.
import { describe, expect, test } from 'vitest';
import type { LogPage, PageQuery } from '../../../../core/contracts/logs.ts';
import type { LogRecord } from '../../../../web/server/engine/objects.ts';
import { ReplicaChoice } from '../../../../web/server/logs/choose.ts';
import { readPage } from '../../../../web/server/logs/page.ts';
import type { LogSource } from '../../../../web/server/logs/source.ts';

const start = Date.parse('2026-11-21T13:00:00Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();

interface Written extends LogSource {
  /** The bound of each reading. */
  tails: number[];
}

/** Lines of a task at these seconds, `task second`; the engine's bound counts for each task from its newest line. */
function written(
  name: string,
  tasks: Record<string, readonly number[]>,
  text = (task: string, second: number) => `${task} ${second}`,
): Written {
  const tails: number[] = [];
  return {
    ...{ name, tails, replicaOf: (task) => `${name}.${task}` },
    async *open({ tail }) {
      tails.push(tail);
      for (const [task, seconds] of Object.entries(tasks))
        for (const second of seconds.slice(-tail)) yield recordOf(task, second, text(task, second));
    },
  };
}

function recordOf(task: string, second: number, text: string): LogRecord {
  const time = `${at(second).slice(0, -1)}000000Z`;
  return { stream: 'stdout', time, task, text, ends: true, cut: false };
}

const upTo = (count: number) => Array.from({ length: count }, (_, second) => second);
const texts = ({ items }: LogPage) => items.map(({ text }) => text);

function page(query: Partial<PageQuery>, ...sources: LogSource[]): Promise<LogPage> {
  return readPage({ query: { tail: 4, ...query }, sources, signal: new AbortController().signal }, () =>
    Promise.resolve(),
  );
}

describe('one replica', () => {
  const whole = () => written('shop-r1', { 1: upTo(20) });
  test.each([
    {
      given: 'before a time',
      query: { before: at(10) },
      found: ['1 6', '1 7', '1 8', '1 9'],
      older: 'more',
      newer: true,
    },
    {
      given: 'around a time',
      query: { at: at(10) },
      found: ['1 8', '1 9', '1 10', '1 11'],
      older: 'more',
      newer: true,
    },
    {
      given: 'after a time',
      query: { after: at(10) },
      found: ['1 11', '1 12', '1 13', '1 14'],
      older: 'more',
      newer: true,
    },
    {
      given: 'between two lines',
      query: { at: at(9.5) },
      found: ['1 8', '1 9', '1 10', '1 11'],
      older: 'more',
      newer: true,
    },
    { given: 'before the first lines', query: { before: at(2) }, found: ['1 0', '1 1'], older: 'none', newer: true },
    { given: 'before its beginning', query: { before: at(-5) }, found: [], older: 'none', newer: true },
    { given: 'after its last lines', query: { after: at(17) }, found: ['1 18', '1 19'], older: 'more', newer: false },
    { given: 'after its end', query: { at: at(99) }, found: ['1 18', '1 19'], older: 'more', newer: false },
  ])('$given', async ({ query, found, older, newer }) => {
    const read = await page(query, whole());
    expect([texts(read), read.older, read.newer]).toEqual([found, older, newer]);
    expect([read.completeFrom, read.notes]).toEqual([null, []]);
  });

  test('a time with fewer digits than the engine writes is the same time', async () => {
    const exact = {
      ...written('a', {}),
      open: () =>
        several(recordOf('1', 1, 'before'), { ...recordOf('1', 2, 'then'), time: '2026-11-21T13:00:02.000000001Z' }),
    };
    expect(texts(await page({ before: '2026-11-21T13:00:02Z' }, exact))).toEqual(['before']);
    expect(texts(await page({ at: '2026-11-21T13:00:02.000000001Z', tail: 2 }, exact))).toEqual(['before', 'then']);
  });

  test('lines of one time stay together', async () => {
    const read = await page({ before: at(3), tail: 2 }, written('a', { 1: [0, 1, 1, 1, 2] }));
    expect(texts(read)).toEqual(['1 1', '1 1', '1 1', '1 2']);
  });
});

async function* several(...records: LogRecord[]): AsyncGenerator<LogRecord, void> {
  yield* records;
}

describe('how far back is read', () => {
  test('no further than is needed', async () => {
    const source = written('a', { 1: upTo(50_000) });
    expect(texts(await page({ before: at(49_990) }, source))).toHaveLength(4);
    expect(source.tails).toEqual([100]);
    expect(texts(await page({ before: at(49_500) }, source)).at(-1)).toBe('1 49499');
    expect(source.tails).toEqual([100, 100, 1_000]);
  });

  test('until every replica reaches as far: one writes much, another little', async () => {
    const source = written('a', { 1: upTo(900), 2: [3, 400, 410] });
    const read = await page({ before: at(420), tail: 3 }, source);
    expect(texts(read)).toEqual(['1 417', '1 418', '1 419']);
    const quiet = await page({ before: at(412), tail: 6 }, source);
    expect(texts(quiet)).toEqual(['1 407', '1 408', '1 409', '1 410', '2 410', '1 411']);
    expect(quiet.completeFrom).toBeNull();
  });

  test('what lies behind the newest 10,000 lines is out of reach, and it is said from when on nothing is missing', async () => {
    const source = written('a', { 1: upTo(30_000), 2: [5, 6] });
    const read = await page({ at: at(10), tail: 4 }, source);
    expect([texts(read), read.older]).toEqual([['2 5', '2 6', '1 20000', '1 20001'], 'beyond']);
    expect(read.completeFrom).toBe(recordOf('', 20_000, '').time);
    expect(source.tails).toEqual([100, 1_000, 10_000]);
  });

  test('a search looks through all that can be reached', async () => {
    const source = written('a', { 1: upTo(9_000) });
    expect(texts(await page({ before: at(9_000), search: '1 77', tail: 1_000 }, source)).slice(0, 2)).toEqual([
      '1 77',
      '1 770',
    ]);
  });

  test('lines of 64 KB end it: what was read less far counts, and it is said', async () => {
    const wide = written('a', { 1: upTo(2_000) }, (task, second) => `${task} ${second} ${'x'.repeat(65_000)}`);
    const read = await page({ before: at(1_950), tail: 1_000 }, wide);
    expect(read.items.at(-1)!.text.slice(0, 6)).toBe('1 1949');
    expect(read.items.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(4_000_000);
    expect(read.older).toBe('beyond');
    expect(read.notes.join()).toContain('not read further back');
  }, 30_000);

  test('a source that hangs ends with its reader', async () => {
    const leaving = new AbortController();
    const hanging = { ...written('a', {}), open: hang };
    const reading = readPage({ query: { before: at(1), tail: 4 }, sources: [hanging], signal: leaving.signal }, () =>
      Promise.resolve(),
    );
    leaving.abort('gone');
    expect(await reading).toMatchObject({ items: [], older: 'beyond' });
  });
});

async function* hang(_: object, signal: AbortSignal): AsyncGenerator<LogRecord, void> {
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  yield recordOf('1', 0, '');
}

test('one that cannot be read is told, and the others are read', async () => {
  const broken = { ...written('b', {}), open: () => refuse() };
  const read = await page({ before: at(9) }, written('a', { 1: [1, 2] }), broken);
  expect([texts(read), read.notes]).toEqual([['1 1', '1 2'], ['b: no such driver']]);
});

async function* refuse(): AsyncGenerator<LogRecord, void> {
  await Promise.reject(new Error('no such driver'));
  yield recordOf('1', 0, '');
}

test('more sources than are read at once are told', async () => {
  const many = upTo(17).map((place) => written(`shop-r${place}`, { 1: [5] }));
  const { items, notes } = await page({ before: at(10), tail: 50 }, ...many);
  expect([items.length, notes]).toEqual([16, [expect.stringMatching(/^16 of 17 /)]]);
});

test('chosen replicas alone, by the names that tasks turn out to have; of one that is not there it is said', async () => {
  const met: string[] = [];
  const source = { ...written('shop-r1', { 1: [1, 3], 2: [2, 4] }), meet: async (task: string) => void met.push(task) };
  const choice = new ReplicaChoice('shop-r1.2,shop-r1.7', ['shop']);
  const read = await readPage(
    {
      query: { before: at(9), tail: 4 },
      sources: [source],
      choice,
      missing: ['shop-r1.7'],
      signal: new AbortController().signal,
    },
    () => Promise.resolve(),
  );
  expect([texts(read), new Set(met)]).toEqual([['2 2', '2 4'], new Set(['1', '2'])]);
  expect(read.notes).toEqual(['shop-r1.7: not there now; lines come once something runs under that name.']);
});

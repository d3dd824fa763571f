// One thing read: what was there stays, its age is known, and each way to fail has its face.
import { describe, expect, test } from 'vitest';
import { ApiError, silenceError } from '../../../../web/console/state/api-error.ts';
import { Queries, Query } from '../../../../web/console/state/query.svelte.ts';
import { fakePorts, settle } from '../ports.ts';

const refusal = new ApiError({
  type: 'urn:odyssey:problem:not-allowed',
  title: 'Not allowed',
  status: 403,
  detail: 'No.',
});

describe('faces', () => {
  test.each([
    { given: 'nothing yet', answers: [], face: 'loading', stale: false },
    { given: 'data', answers: [1], face: 'ready', stale: false },
    { given: 'a failure', answers: [silenceError('unreachable')], face: 'failed', stale: false },
    { given: 'data and then a failure', answers: [1, silenceError('late')], face: 'ready', stale: true },
    { given: 'a failure and then data', answers: [silenceError('late'), 1], face: 'ready', stale: false },
    { given: 'a refusal', answers: [refusal], face: 'refused', stale: false },
    { given: 'data and then a refusal', answers: [1, refusal], face: 'refused', stale: true },
  ])('$given: $face', async ({ answers, face, stale }) => {
    const left: unknown[] = [...answers];
    const query = new Query<number>(() => {
      const next = left.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next as number);
    }, fakePorts());
    for (const _ of answers) await query.refresh();
    expect([query.face, query.stale]).toEqual([face, stale]);
  });

  test('data has the time at which it came', async () => {
    const ports = fakePorts();
    const query = new Query(() => Promise.resolve(1), ports);
    expect(query.at).toBeUndefined();
    await query.refresh();
    const { at } = query;
    await ports.pass(12);
    expect(ports.unixSeconds() - at!).toBe(12);
  });

  test('an answer that was overtaken does not count', async () => {
    const waiting: ((value: string) => void)[] = [];
    const query = new Query<string>(() => new Promise((resolve) => waiting.push(resolve)), fakePorts());
    const both = [query.refresh(), query.refresh()];
    waiting[1]!('new');
    waiting[0]!('old');
    await Promise.all(both);
    expect(query.data).toBe('new');
  });
});

describe('following', () => {
  test('a second part that follows the same waits for the answer that is on its way', async () => {
    let reads = 0;
    const query = new Query(() => Promise.resolve(++reads), fakePorts());
    const stops = [query.follow(30), query.follow(15)];
    await settle();
    expect([reads, query.data]).toEqual([1, 1]);
    for (const stop of stops) stop();
  });

  test('who stops takes the answer from nobody who follows the same', async () => {
    let tell: (value: number) => void = () => {};
    let given: AbortSignal | undefined;
    const query = new Query<number>((signal) => {
      given = signal;
      return new Promise((resolve) => (tell = resolve));
    }, fakePorts());
    const [rail, page] = [query.follow(30), query.follow(15)];
    page();
    expect(given?.aborted).toBe(false);
    tell(1);
    await settle();
    expect(query.data).toBe(1);
    void query.refresh();
    rail();
    expect([given?.aborted, query.loading]).toEqual([true, false]);
  });

  test('reads at once and again, not while it stands still, and not after it was stopped', async () => {
    const ports = fakePorts();
    let reads = 0;
    let paused = false;
    const query = new Query(() => Promise.resolve(++reads), ports);
    const stop = query.follow(10, () => !paused);
    await ports.pass(25);
    expect(reads).toBe(3);
    paused = true;
    await ports.pass(30);
    expect(reads).toBe(3);
    paused = false;
    await ports.pass(10);
    stop();
    await ports.pass(60);
    expect(reads).toBe(4);
  });

  test('what got too old while nothing moved is read soon after: a pause that ended, a machine that woke', async () => {
    const ports = fakePorts();
    let reads = 0;
    let paused = true;
    let asleep = 0;
    const clock = { every: ports.every, unixSeconds: () => ports.unixSeconds() + asleep };
    const query = new Query(() => Promise.resolve(++reads), clock);
    query.follow(60, () => !paused);
    await ports.pass(300);
    expect(reads).toBe(1);
    paused = false;
    await ports.pass(6);
    expect(reads).toBe(2);
    await ports.pass(50);
    expect(reads).toBe(2);
    asleep = 8 * 3_600; // its timers stood still, the clock did not
    await ports.pass(6);
    expect(reads).toBe(3);
    asleep = 0; // and a clock that is set back keeps nobody from asking
    await ports.pass(6);
    expect(reads).toBe(4);
  });

  test('who follows the same less often does not ask on top of it', async () => {
    const ports = fakePorts();
    let reads = 0;
    const query = new Query(() => Promise.resolve(++reads), ports);
    query.follow(15);
    query.follow(30);
    await ports.pass(61);
    expect(reads).toBe(1 + 4);
  });

  test('does not pile up on a server that is slow', async () => {
    const ports = fakePorts();
    let reads = 0;
    const query = new Query(() => new Promise(() => reads++), ports);
    query.follow(1);
    await ports.pass(10);
    expect(reads).toBe(1);
  });

  test('stopping gives the call up', async () => {
    let given: AbortSignal | undefined;
    const query = new Query((signal) => new Promise(() => (given = signal)), fakePorts());
    query.follow(1)();
    await settle();
    expect([given?.aborted, query.loading]).toEqual([true, false]);
  });
});

describe('queries by name', () => {
  test('the same name is the same query, with what it read last', () => {
    const queries = new Queries(fakePorts());
    const first = queries.get('a', () => Promise.resolve(1));
    expect(queries.get('a', () => Promise.resolve(2))).toBe(first);
    queries.forget();
    expect(queries.get('a', () => Promise.resolve(3))).not.toBe(first);
  });

  test('a server that is there again is asked at once for what failed and is still looked at', async () => {
    const queries = new Queries(fakePorts());
    const asked: string[] = [];
    const make = (name: string, error?: ApiError) =>
      queries.get(name, () => {
        asked.push(name);
        return error === undefined ? Promise.resolve(1) : Promise.reject(error);
      });
    const away = silenceError('unreachable');
    for (const query of [make('failed', away), make('refused', refusal), make('fine')]) query.follow(60);
    await make('left', away).refresh();
    asked.length = 0;
    queries.retry();
    expect(asked).toEqual(['failed']);
  });

  test('sixty are kept, the least used goes first', () => {
    const queries = new Queries(fakePorts());
    const [old, used] = ['old', 'used'].map((name) => queries.get(name, () => Promise.resolve(0)));
    for (let index = 0; index < 59; index++) {
      queries.get(`other-${index}`, () => Promise.resolve(0));
      queries.get('used', () => Promise.resolve(0));
    }
    expect(queries.get('used', () => Promise.resolve(0))).toBe(used);
    expect(queries.get('old', () => Promise.resolve(0))).not.toBe(old);
  });
});

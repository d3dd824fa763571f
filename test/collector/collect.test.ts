// The loop around the sources: whatever one of them does, the scrape answers in time and the others are whole.
import { describe, expect, test } from 'vitest';
import { createCollector } from '../../collector/collect.ts';
import type { Source } from '../../collector/source.ts';
import { runAtOnce } from '../../collector/steps.ts';
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { fakeMachine } from '../fakes/machine.ts';

const source = (name: string, read: Source['read'], more: Partial<Source> = {}): Source => ({
  name,
  metrics: [gauge(`${name}_value`, 'A value.')],
  read,
  ...more,
});
const good = source('good', () => [sample('good_value', 1)]);
const never = () => new Promise<Sample[]>(() => undefined);

function collectorOf(...sources: Source[]) {
  const changes: [string, string | undefined][] = [];
  const onChange = (name: string, problem: string | undefined) => void changes.push([name, problem]);
  const collector = createCollector(sources, { machine: fakeMachine({}), clock: systemClock, onChange });
  const values = async (only?: ReadonlySet<string>) => {
    const { samples } = await collector.scrape(only);
    return new Map(
      samples.map(({ name, labels, value }) => [labels['collector'] ? `${name} ${labels['collector']}` : name, value]),
    );
  };
  return { collector, values, changes };
}

describe('a source that fails costs only itself', () => {
  test.each<{ given: string; read: Source['read']; gives: string }>([
    {
      given: 'throws',
      read: () => {
        throw new Error('no such file');
      },
      gives: 'no such file',
    },
    { given: 'rejects', read: () => Promise.reject(new Error('refused')), gives: 'refused' },
    { given: 'never answers', read: never, gives: 'no answer within 0.1 s' },
    { given: 'emits NaN', read: () => [sample('bad_value', Number.NaN)], gives: 'NaN' },
    { given: 'emits what it does not declare', read: () => [sample('other', 1)], gives: 'does not declare' },
  ])('$given', async ({ read, gives }) => {
    const { values, changes } = collectorOf(good, source('bad', read, { deadlineSeconds: 0.1 }));
    const found = await values();
    expect(found.get('good_value')).toBe(1);
    expect(found.has('bad_value')).toBe(false);
    expect(found.get('node_scrape_collector_success good')).toBe(1);
    expect(found.get('node_scrape_collector_success bad')).toBe(0);
    expect(found.has('collector_source_last_success_timestamp_seconds bad')).toBe(false);
    expect(changes).toHaveLength(1);
    expect(changes[0]![1]).toContain(gives);
  });

  test('it is told once, and once more when it works again', async () => {
    let broken = true;
    const { values, changes } = collectorOf(
      source('bad', () => {
        if (broken) throw new Error('broken');
        return [sample('bad_value', 2)];
      }),
    );
    await values();
    await values();
    broken = false;
    const found = await values();
    expect(found.get('bad_value')).toBe(2);
    expect(found.get('collector_source_last_success_timestamp_seconds bad')).toBe(1_700_000_000);
    expect(changes).toEqual([
      ['bad', 'broken'],
      ['bad', undefined],
    ]);
  });
});

describe('in time', () => {
  test('twenty hung sources, whatever deadline they ask for, hold a scrape for less than a second', async () => {
    const hung = Array.from({ length: 20 }, (_, at) => source(`hung${at}`, never, { deadlineSeconds: 60 }));
    const { values } = collectorOf(good, ...hung);
    const started = performance.now();
    expect((await values()).get('good_value')).toBe(1);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('while a read hangs there is no second one, and the next scrape does not wait for it', async () => {
    let reads = 0;
    const { values } = collectorOf(
      source(
        'slow',
        () => {
          reads += 1;
          return never();
        },
        { deadlineSeconds: 0.1 },
      ),
    );
    await values();
    const started = performance.now();
    expect((await values()).get('node_scrape_collector_success slow')).toBe(0);
    expect(performance.now() - started).toBeLessThan(50);
    expect(reads).toBe(1);
  });

  test('two scrapes at once share one read', async () => {
    let reads = 0;
    const { values } = collectorOf(
      source('slow', async () => {
        reads += 1;
        await systemClock.sleep(0.05);
        return [sample('slow_value', reads)];
      }),
    );
    const [first, second] = await Promise.all([values(), values()]);
    expect([first.get('slow_value'), second.get('slow_value'), reads]).toEqual([1, 1, 1]);
  });

  test('a late answer is dropped, and the next read starts anew', async () => {
    let reads = 0;
    const { values } = collectorOf(
      source(
        'late',
        async () => {
          reads += 1;
          if (reads === 1) await systemClock.sleep(0.15);
          return [sample('late_value', reads)];
        },
        { deadlineSeconds: 0.05 },
      ),
    );
    expect((await values()).has('late_value')).toBe(false);
    await systemClock.sleep(0.2);
    expect((await values()).get('late_value')).toBe(2);
  });
});

describe('sources with an interval', () => {
  const start = async (read: Source['read'], intervalSeconds: number) => {
    const made = collectorOf(source('slow', read, { intervalSeconds, deadlineSeconds: 0.05 }));
    const stop = new AbortController();
    await made.collector.start(stop.signal);
    return { ...made, stop: () => stop.abort() };
  };

  test('are not read by a scrape, which serves what they said last', async () => {
    let reads = 0;
    const { values, stop } = await start(() => {
      reads += 1;
      return [sample('slow_value', reads)];
    }, 60);
    expect((await values()).get('slow_value')).toBe(1);
    expect((await values()).get('slow_value')).toBe(1);
    stop();
  });

  test('are read again and again until the signal', async () => {
    let reads = 0;
    const { stop } = await start(() => {
      reads += 1;
      return [];
    }, 0.02);
    await systemClock.sleep(0.3);
    stop();
    const after = reads;
    expect(after).toBeGreaterThan(3);
    await systemClock.sleep(0.1);
    expect(reads).toBe(after);
  });

  test('lose their series at once when a read fails', async () => {
    let broken = false;
    const { values, stop } = await start(() => {
      if (broken) throw new Error('broken');
      return [sample('slow_value', 1)];
    }, 0.02);
    expect((await values()).has('slow_value')).toBe(true);
    broken = true;
    await systemClock.sleep(0.1);
    expect((await values()).has('slow_value')).toBe(false);
    stop();
  });

  test('serve a value until it is two intervals old, then nothing', async () => {
    const { values, stop } = await start(() => [sample('slow_value', 1)], 0.2);
    stop();
    expect((await values()).has('slow_value')).toBe(true);
    await systemClock.sleep(0.5);
    expect((await values()).has('slow_value')).toBe(false);
  });

  test('that hang are tried once an interval, not in a hurry', async () => {
    let reads = 0;
    const { changes, values, stop } = await start(() => {
      reads += 1;
      return never();
    }, 0.05);
    await systemClock.sleep(0.3);
    stop();
    expect(reads).toBe(1);
    expect(changes).toHaveLength(1);
    expect((await values()).get('node_scrape_collector_success slow')).toBe(0);
  });
});

describe('a source that takes long', () => {
  /** Pauses are real, waits are short: the pace of the background is seconds. */
  const hurried = {
    ...systemClock,
    sleep: (seconds: number, signal?: AbortSignal) => systemClock.sleep(Math.min(seconds, 0.05), signal),
  };
  const spin = (seconds: number) => {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; );
  };

  async function start(state: { busySeconds: number; value: number }) {
    const read = function* () {
      spin(state.busySeconds);
      yield;
      return [sample('big_value', state.value)];
    };
    const big = source('big', () => runAtOnce(read()), { readInSteps: read });
    const ports = { machine: fakeMachine({}), clock: hurried, onChange: () => undefined };
    const collector = createCollector([good, big], ports);
    const stopping = new AbortController();
    await collector.start(stopping.signal);
    const look = async () => {
      const began = performance.now();
      const { samples, rendered } = await collector.scrape();
      const value = samples.find(({ name }) => name === 'big_value')?.value;
      const isGood = samples.some(({ name }) => name === 'good_value');
      return { milliseconds: performance.now() - began, value, rendered: rendered.join(''), isGood };
    };
    return { look, stop: () => stopping.abort() };
  }

  test('is read in the background from then on, and its text is there at once', async () => {
    const state = { busySeconds: 0.3, value: 1 };
    const { look, stop } = await start(state);
    expect(await look()).toMatchObject({ value: 1, rendered: '' });
    await systemClock.sleep(1);
    const second = await look();
    stop();
    expect(second).toMatchObject({ value: undefined, isGood: true });
    expect(second.rendered).toContain('# TYPE big_value gauge\nbig_value 1\n');
    expect(second.milliseconds).toBeLessThan(250);
  });

  test('comes back once it is quick again, and then each scrape reads it', async () => {
    const state = { busySeconds: 0.3, value: 1 };
    const { look, stop } = await start(state);
    await look();
    await systemClock.sleep(0.5);
    state.busySeconds = 0;
    await systemClock.sleep(0.8);
    state.value = 2;
    expect(await look()).toMatchObject({ value: 2, rendered: '' });
    stop();
  });

  test('loses its series when it fails there', async () => {
    const state = { busySeconds: 0.3, value: 1 };
    const { look, stop } = await start(state);
    await look();
    state.value = Number.NaN;
    await systemClock.sleep(1.5);
    expect(await look()).toMatchObject({ value: undefined, rendered: '' });
    stop();
  });
});

test('a scrape may ask for some sources by name', async () => {
  const { values } = collectorOf(
    good,
    source('other', () => [sample('other_value', 1)]),
  );
  const found = await values(new Set(['other']));
  expect([...found.keys()].filter((name) => name.includes('good'))).toEqual([]);
  expect(found.get('other_value')).toBe(1);
});

test('samples beyond the cap are counted, scrape by scrape', async () => {
  const many = Array.from({ length: 10_003 }, (_, at) => sample('many_value', at, { at: String(at) }));
  const { values } = collectorOf(
    source('many', () => many),
    good,
  );
  await values();
  const found = await values();
  expect(found.get('collector_series_dropped_total many')).toBe(6);
  expect(found.get('collector_series_dropped_total good')).toBe(0);
});

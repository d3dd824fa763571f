// A tick: what Prometheus answers becomes scores, what it does not answer becomes unknown; nothing it may say can stop the loop.
import { beforeEach, describe, expect, test } from 'vitest';
import { createLimit } from '../../detectors/limit.ts';
import { tick, type Watched } from '../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
beforeEach(() => {
  watched = watching();
  ports = fakePorts({ load: [wave('a'), wave('b')], depth: [wave('a')] }, start);
});
const at = (time: number, more: Partial<typeof settings> = {}) => {
  ports.clock.now = time + 1;
  return tick(watched, time, ports, { ...settings, ...more }, createLimit(2, 100));
};
const modes = () =>
  Object.fromEntries([...watched.state.tracks].map(([key, { series }]) => [key, series.map((each) => each?.mode)]));
const scores = () =>
  [...watched.state.tracks.values()].flatMap(({ series, all }) => [...series, all].map((each) => each?.score.score));

describe('an answer', () => {
  test('entities come in with their history read back, and are scored in the same tick', async () => {
    await at(start);
    await at(start + 15);
    expect(modes()).toEqual({ a: ['statistical', 'statistical'], b: ['statistical', undefined] });
    expect([watched.state.answering, watched.state.lastAnswerSeconds, watched.state.errorsTotal]).toEqual([
      true,
      start + 15,
      0,
    ]);
  });

  test('without history a series is unknown for 20 samples', async () => {
    for (const name of ['load', 'depth'])
      ports.prometheus.series.set(name, [
        wave('a', { valueAt: (time) => (time >= start ? 100 + (time % 7) : undefined) }),
      ]);
    for (let index = 0; index < 19; index++) await at(start + index * 15);
    expect(modes()).toEqual({ a: ['unknown', 'unknown'] });
    for (let index = 19; index < 23; index++) await at(start + index * 15);
    expect(modes()).toEqual({ a: ['statistical', 'statistical'] });
  });

  test('who is gone is unknown at the next tick and loses its series within 5 minutes', async () => {
    await at(start);
    await at(start + 15);
    ports.prometheus.series.set('load', [wave('a')]);
    await at(start + 30);
    expect(modes()['b']).toEqual(['unknown', undefined]);
    for (let time = start + 45; time <= start + 300; time += 15) await at(time);
    expect([...watched.state.tracks.keys()]).toEqual(['a']);
  });

  test('two where one is expected are unknown', async () => {
    await at(start);
    ports.prometheus.series.set('load', [wave('a'), wave('a'), wave('b')]);
    await at(start + 15);
    expect(modes()).toEqual({ a: ['unknown', 'statistical'], b: ['statistical', undefined] });
    expect(watched.state.duplicatesTotal).toBeGreaterThan(0);
  });

  test.each([
    { given: 'NaN', value: Number.NaN },
    { given: '+Inf', value: Number.POSITIVE_INFINITY },
    { given: '-Inf', value: Number.NEGATIVE_INFINITY },
  ])('$given is unknown', async ({ value }) => {
    await at(start);
    await at(start + 15);
    ports.prometheus.series.set('load', [wave('a', { valueAt: () => value }), wave('b')]);
    await at(start + 30);
    expect(modes()['a']).toEqual(['unknown', 'statistical']);
    expect(modes()['b']).toEqual(['statistical', undefined]);
  });

  test('beyond the caps entities are counted', async () => {
    ports.prometheus.series.set(
      'load',
      Array.from({ length: 30 }, (_, index) => wave(`c${index}`)),
    );
    await at(start, { entitiesMax: 5 });
    expect([watched.state.tracks.size, watched.state.overflowEntities]).toEqual([5, 26]);
  });
});

describe('no answer', () => {
  test('everything is unknown, errors are counted, entities stay', async () => {
    await at(start);
    await at(start + 15);
    ports.prometheus.failure = new Error('connection refused');
    for (let time = start + 30; time < start + 1200; time += 15) await at(time);
    expect(modes()).toEqual({ a: ['unknown', 'unknown'], b: ['unknown', undefined] });
    expect(scores().every((score) => score === undefined || Number.isNaN(score))).toBe(true);
    expect([watched.state.answering, watched.state.tracks.size]).toEqual([false, 2]);
    expect(watched.state.errorsTotal).toBe(78);
    expect(watched.state.lastError).toContain('connection refused');
  });

  test('the first answer afterwards is scored', async () => {
    await at(start);
    ports.prometheus.failure = new Error('down');
    await at(start + 15);
    ports.prometheus.failure = undefined;
    await at(start + 30);
    expect(modes()).toEqual({ a: ['statistical', 'statistical'], b: ['statistical', undefined] });
  });

  test('of one metric alone leaves the others', async () => {
    await at(start);
    await at(start + 15);
    const query = ports.prometheus.query;
    ports.prometheus.query = (expression, time) =>
      expression === 'load' ? Promise.reject(new Error('422')) : query(expression, time);
    await at(start + 30);
    expect(modes()).toEqual({ a: ['unknown', 'statistical'], b: ['unknown', undefined] });
    expect([watched.state.errorsTotal, watched.state.answering]).toEqual([1, true]);
    expect(watched.state.tracks.get('a')!.series[0]!.reason).toContain('load: 422');
  });
});

test('with nothing to watch one question a tick is asked, and what comes is noticed', async () => {
  ports.prometheus.series.clear();
  for (let index = 0; index < 4; index++) await at(start + index * 15);
  expect(ports.prometheus.asked).toHaveLength(4);
  expect(watched.state.tickEndedMonotonic).toBeDefined();
  expect(watched.state.lastAnswerSeconds).toBe(start + 45);
  ports.prometheus.series.set('depth', [wave('z')]);
  await at(start + 60);
  await at(start + 75);
  expect([...watched.state.tracks.keys()]).toEqual(['z']);
});

test('calls in flight are bounded', async () => {
  await at(start);
  await at(start + 15);
  expect(ports.prometheus.inFlightMost).toBeLessThanOrEqual(2);
});

test('a clock that falls back a day and comes again goes on', async () => {
  await at(start);
  await at(start + 15);
  await at(start - 86_400);
  await at(start - 86_385);
  expect(modes()).toEqual({ a: ['statistical', 'statistical'], b: ['statistical', undefined] });
  await at(start + 30);
  await at(start + 45);
  expect(modes()).toEqual({ a: ['statistical', 'statistical'], b: ['statistical', undefined] });
});

// The queue of lessons: one at a time, the worker resting in between, failures later again.
import { beforeEach, expect, test } from 'vitest';
import { createLimit } from '../../../detectors/limit.ts';
import { createTrainingQueue, type TrainingQueue } from '../../../detectors/training/queue.ts';
import { tick, type Watched } from '../../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, watching, wave } from '../../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
let queue: TrainingQueue;
let rests: number;
beforeEach(() => {
  watched = watching();
  ports = fakePorts({ load: [wave('a'), wave('b')], depth: [wave('a'), wave('b')] }, start);
  rests = 0;
  ports.trainer.rest = async () => {
    rests++;
  };
  queue = createTrainingQueue([watched], [], ports, settings, new AbortController().signal);
});
async function round(time: number): Promise<number> {
  ports.clock.now = time;
  const before = ports.trainer.jobs.length;
  await tick(watched, time, ports, settings, createLimit(4, 10));
  queue.kick();
  queue.kick(); // a second one while lessons are given starts nothing
  await queue.idle();
  return ports.trainer.jobs.length - before;
}

test('every key is taught once, then not for hours, then again', async () => {
  expect(await round(start)).toBe(2);
  expect(rests).toBe(1);
  expect(await round(start + 3600)).toBe(0);
  expect(await round(start + 7 * 3600)).toBe(2);
  expect(ports.trainer.jobs.map(({ train }) => train)).toEqual([true, true, true, true]);
});

test('after a restart saved models are opened on their history first, and trained when they are due', async () => {
  await round(start);
  watched = watching();
  queue = createTrainingQueue([watched], [], ports, settings, new AbortController().signal);
  expect(await round(start + 3600)).toBe(2);
  expect(ports.trainer.jobs.slice(2).map(({ train }) => train)).toEqual([false, false]);
  expect(await round(start + 6 * 3600 + 60)).toBe(2);
  expect(ports.trainer.jobs.slice(4).map(({ train }) => train)).toEqual([true, true]);
});

test('a model that was refused is trained at once', async () => {
  await round(start);
  ports.store.saved.delete('container/a/load');
  watched = watching();
  queue = createTrainingQueue([watched], [], ports, settings, new AbortController().signal);
  await round(start + 3600);
  expect(ports.trainer.jobs.slice(2).map(({ train }) => train)).toEqual([true, false]);
});

test('what fails is counted and tried again later, longer each time', async () => {
  ports.trainer.failure = new Error('out of memory');
  expect(await round(start)).toBe(2);
  expect(await round(start + 15)).toBe(0);
  expect(await round(start + 90)).toBe(2);
  expect(await round(start + 120)).toBe(0);
  expect(watched.state.trainings.failed).toBe(4);
  expect(watched.state.trainingOutcome).toContain('out of memory');
  ports.trainer.failure = undefined;
  expect(await round(start + 600)).toBe(2);
  expect(watched.state.trainings.promoted).toBe(6);
});

test('too little history: asked again when there may be enough, not at every tick', async () => {
  for (const metric of ['load', 'depth'])
    ports.prometheus.series.set(metric, [
      wave('a', { valueAt: (time) => (time > start - 600 ? time % 5 : undefined) }),
    ]);
  expect(await round(start)).toBe(1);
  for (let minute = 1; minute < 50; minute++) expect(await round(start + minute * 60)).toBe(0);
  let taught = 0;
  for (let minute = 50; minute < 400; minute += 10) taught += await round(start + minute * 60);
  expect(taught).toBeGreaterThan(0);
  expect(watched.state.trainings.promoted).toBeGreaterThan(0);
});

test('a key without a model that comes and goes is not asked for its history each time', async () => {
  const young = [wave('a', { valueAt: (time) => (time > start - 600 ? time % 5 : undefined) })];
  const set = (series: ReturnType<typeof wave>[]) => {
    for (const metric of ['load', 'depth']) ports.prometheus.series.set(metric, series);
  };
  set(young);
  expect(await round(start)).toBe(1);
  for (let minute = 1; minute < 40; minute += 10) {
    set([wave('b')]);
    await round(start + minute * 60);
    await round(start + (minute + 5) * 60);
    expect(watched.state.tracks.has('a')).toBe(false);
    set([...young, wave('b')]);
    expect(await round(start + (minute + 6) * 60)).toBe(0);
    expect(watched.state.tracks.has('a')).toBe(true);
  }
});

// A lesson: history in, models in use and on disk out; what fails leaves everything as it was.
import { beforeEach, describe, expect, test } from 'vitest';
import { createLimit } from '../../../detectors/limit.ts';
import { learn } from '../../../detectors/training/learn.ts';
import { tick, type Watched } from '../../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, watching, wave } from '../../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
beforeEach(async () => {
  watched = watching();
  ports = fakePorts(
    { load: ['a', 'b'].map((name) => wave(name, { group: 'g' })), depth: [wave('a', { group: 'g' })] },
    start,
  );
  await at(start);
});
const at = (time: number) => {
  ports.clock.now = time;
  return tick(watched, time, ports, settings, createLimit(4, 10));
};
const teach = (train = true) => learn(watched, { modelKey: 'g', train }, [], ports, settings);
const modes = () => [...watched.state.tracks.values()].map(({ series }) => series.map((each) => each?.mode));

test('replicas share the models, which are saved before they serve', async () => {
  const { outcomes, rows } = await teach();
  expect(outcomes).toEqual(['promoted', 'promoted', 'promoted']);
  expect(rows).toBe(1440);
  expect([...ports.store.saved.keys()].sort()).toEqual(['container/g/_all', 'container/g/depth', 'container/g/load']);
  const [a, b] = [...watched.state.tracks.values()];
  expect(a!.series[0]!.learnt!.model).toBe(b!.series[0]!.learnt!.model);
  expect(a!.series[0]!.learnt!.state).not.toBe(b!.series[0]!.learnt!.state);
  await at(start + 15);
  expect(modes()).toEqual([
    ['model', 'model'],
    ['model', undefined],
  ]);
  expect(watched.state.trainings).toEqual({ promoted: 3, kept: 0, failed: 0 });
});

test('at most seven replicas are learned from', async () => {
  ports.prometheus.series.set(
    'load',
    Array.from({ length: 10 }, (_, index) => wave(`r${index}`, { group: 'g' })),
  );
  await at(start + 15);
  await teach();
  expect(ports.trainer.jobs[0]!.replicas).toHaveLength(7);
});

describe('what fails leaves everything as it was', () => {
  test.each([
    { given: 'Prometheus', fail: () => (ports.prometheus.failure = new Error('no')) },
    { given: 'the worker', fail: () => (ports.trainer.failure = new Error('no')) },
    { given: 'the disk', fail: () => (ports.store.save = () => Promise.reject(new Error('no'))) },
  ])('$given', async ({ fail }) => {
    fail();
    await expect(teach()).rejects.toThrow('no');
    ports.prometheus.failure = undefined;
    await at(start + 15);
    expect(modes()).toEqual([
      ['statistical', 'statistical'],
      ['statistical', undefined],
    ]);
  });
});

test('a retraining hands over the predecessor and what the series remember', async () => {
  await teach();
  await at(start + 60);
  ports.clock.now = start + 61;
  await teach();
  const [, second] = ports.trainer.jobs;
  expect([...second!.predecessors.keys()].sort()).toEqual(['_all', 'depth', 'load']);
  expect([...second!.replicas[0]!.previous.keys()].sort()).toEqual(['_all', 'depth', 'load']);
});

test('a replica that came later brings no memory of a few rows along: it is opened on its history', async () => {
  await teach();
  ports.prometheus.series.set(
    'load',
    ['a', 'b', 'c'].map((name) => wave(name, { group: 'g' })),
  );
  await at(start + 60);
  expect(watched.state.tracks.get('c')!.series[0]!.mode).toBe('model');
  await teach();
  const remembered = ports.trainer.jobs[1]!.replicas.map(({ previous }) => previous.size > 0);
  expect(remembered).toEqual([true, true, false]);
});

test('an entity that went meanwhile does no harm', async () => {
  const { run } = ports.trainer;
  ports.trainer.run = async (job) => {
    watched.state.tracks.delete('a');
    return run(job);
  };
  await teach();
  expect([...watched.state.tracks.keys()]).toEqual(['b']);
});

// A training job: which models come of it, that the same job gives the same bytes, and that one bad series spoils no other.
import { describe, expect, test } from 'vitest';
import { decodeModel } from '../../../detectors/models/codec.ts';
import { runJob } from '../../../detectors/training/fit.ts';
import type { ReplicaHistory, TrainingJob } from '../../../detectors/training/job.ts';
import { noise } from '../../fakes/detector.ts';

const end = 1_800_000_000;
const none = Number.NaN;

function replica(key: string, channels: Float64Array[], more: Partial<ReplicaHistory> = {}): ReplicaHistory {
  return { key, channels, leaveOut: new Map(), previous: new Map(), ...more };
}
const rows = (count: number, salt: number, at = (index: number) => 100 + 10 * noise(salt, index * 60)) =>
  Float64Array.from({ length: count }, (_, index) => at(index));
function job(replicas: ReplicaHistory[], more: Partial<TrainingJob> = {}): TrainingJob {
  const length = replicas[0]!.channels[0]!.length;
  return {
    startSeconds: end - length * 60,
    stepSeconds: 60,
    metrics: ['load', 'depth'],
    replicas,
    predecessors: new Map(),
    train: true,
    options: { seed: 3, trainedAtSeconds: end, normalisation: 'percentile' },
    ...more,
  };
}
/** As trained a day before `end`: what came after it the model has not seen. */
const aDayBefore: Partial<TrainingJob> = {
  options: { seed: 3, trainedAtSeconds: end - 86_400, normalisation: 'percentile' },
};
const outcomes = (result: ReturnType<typeof runJob>) =>
  Object.fromEntries(result.series.map(({ metric, outcome }) => [metric, outcome]));
const bytesOf = (result: ReturnType<typeof runJob>, metric: string) =>
  result.series.find((series) => series.metric === metric)!.bytes;

describe('outcomes', () => {
  test.each([
    {
      given: 'a day of both',
      channels: [rows(1440, 1), rows(1440, 2)],
      wanted: { load: 'promoted', depth: 'promoted', _all: 'promoted' },
    },
    {
      given: 'ten minutes',
      channels: [rows(10, 1), rows(10, 2)],
      wanted: { load: 'too-few-rows', depth: 'too-few-rows', _all: 'too-few-rows' },
    },
    {
      given: 'one that never spoke',
      channels: [rows(1440, 1), rows(1440, 2).fill(none)],
      wanted: { load: 'promoted', _all: 'promoted' },
    },
    {
      given: 'constants',
      channels: [rows(1440, 1, () => 5), rows(1440, 2, () => 0)],
      wanted: { load: 'promoted', depth: 'promoted', _all: 'promoted' },
    },
    { given: 'nothing at all', channels: [rows(1440, 1).fill(none), rows(1440, 2).fill(none)], wanted: {} },
  ])('$given', ({ channels, wanted }) => {
    expect(outcomes(runJob(job([replica('a', channels)])))).toEqual(wanted);
  });

  test('a predecessor that cannot be read fails its series alone', () => {
    const predecessors = new Map([['load', Uint8Array.of(1, 2, 3)]]);
    const result = runJob(job([replica('a', [rows(1440, 1), rows(1440, 2)])], { predecessors }));
    expect(outcomes(result)).toEqual({ load: 'failed', depth: 'promoted', _all: 'promoted' });
  });
});

test('the same job gives the same bytes, another seed gives others', () => {
  const run = (seed: number) =>
    runJob(
      job([replica('a', [rows(1440, 1), rows(1440, 2)])], {
        options: { seed, trainedAtSeconds: end, normalisation: 'percentile' },
      }),
    );
  const [first, again, other] = [run(3), run(3), run(4)];
  for (const metric of ['load', 'depth', '_all']) {
    expect(bytesOf(again, metric), metric).toEqual(bytesOf(first, metric));
    expect(bytesOf(other, metric), metric).not.toEqual(bytesOf(first, metric));
  }
});

test('a rare metric stays out of the model of all', () => {
  const rare = rows(1440, 2).map((value, index) => (index % 10 === 0 ? value : none));
  const result = runJob(job([replica('a', [rows(1440, 1), rare])]));
  expect(decodeModel(bytesOf(result, '_all')!).features).toEqual(['load']);
});

test('rows that are left out are not learned from, yet the state has seen them', () => {
  const broken = rows(1440, 1);
  broken.fill(1e6, 500, 560);
  const stretch = [{ startSeconds: end - 940 * 60, endSeconds: end - 880 * 60 }];
  const leaveOut = new Map([['load', stretch]]);
  const result = runJob(job([replica('a', [broken, rows(1440, 2)], { leaveOut })]));
  const load = result.series.find(({ metric }) => metric === 'load')!;
  expect(load.rows).toBe(1380);
  expect(decodeModel(load.bytes!).rows).toBeLessThanOrEqual(1380);
  expect((load.states.get('a') as { lastSeconds: number }).lastSeconds).toBe(end - 60);
});

test('replicas share one model and have a state each', () => {
  const replicas = ['a', 'b'].map((key, index) => replica(key, [rows(2880, index), rows(2880, index + 9)]));
  const result = runJob(job(replicas));
  for (const { states, metric } of result.series) expect([...states.keys()], metric).toEqual(['a', 'b']);
});

describe('after a restart', () => {
  test('the models in use are opened, not trained', () => {
    const channels = [rows(1440, 1), rows(1440, 2)];
    const trained = runJob(job([replica('a', channels)]));
    const predecessors = new Map(trained.series.map(({ metric, bytes }) => [metric, bytes!]));
    const opened = runJob(job([replica('a', channels)], { predecessors, train: false }));
    expect(outcomes(opened)).toEqual({ load: 'opened', depth: 'opened', _all: 'opened' });
    for (const series of opened.series) {
      expect(series.bytes).toBeUndefined();
      expect(series.states.get('a')).toEqual(
        trained.series.find(({ metric }) => metric === series.metric)!.states.get('a'),
      );
    }
  });
});

test('a successor that judges the last rows worse is not promoted, and the predecessor goes on', () => {
  const restless = runJob(job([replica('a', [rows(2880, 1), rows(2880, 2)])], aDayBefore));
  const predecessors = new Map([['load', bytesOf(restless, 'load')!]]);
  // a quiet spell, then what the predecessor knows as ordinary: the successor has only learned the quiet
  const quiet = rows(2880, 1, (index) => 100 + (index < 2592 ? 0.01 : 10) * noise(1, index * 60));
  const result = runJob(job([replica('a', [quiet, rows(2880, 2)])], { predecessors }));
  const load = result.series.find(({ metric }) => metric === 'load')!;
  expect([load.outcome, load.bytes === undefined, load.states.size]).toEqual(['kept', true, 1]);
  expect(load.reason).toContain('worse');
});

test.each([
  { given: 'a day on two days of history', days: 2, outcome: 'promoted' },
  { given: 'a day on the same day', days: 1, outcome: 'kept' },
])('the model of all metrics together, learned on $given: $outcome', ({ days, outcome }) => {
  const trained = runJob(job([replica('a', [rows(1440, 1), rows(1440, 2)])], aDayBefore));
  const predecessors = new Map([['_all', bytesOf(trained, '_all')!]]);
  const again = runJob(job([replica('a', [rows(1440 * days, 1), rows(1440 * days, 2)])], { predecessors }));
  const together = again.series.find(({ metric }) => metric === '_all')!;
  expect([together.outcome, together.states.size]).toEqual([outcome, 1]);
});

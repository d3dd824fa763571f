// The training worker: started for a job, the same result as in this thread, bounded in time, ended when told.
import { expect, test } from 'vitest';
import { runJob } from '../../../detectors/training/fit.ts';
import type { TrainingJob } from '../../../detectors/training/job.ts';
import { createTrainer } from '../../../detectors/training/pool.ts';
import { noise } from '../../fakes/detector.ts';

const job = (): TrainingJob => ({
  startSeconds: 0,
  stepSeconds: 60,
  metrics: ['load'],
  replicas: [
    {
      key: 'a',
      channels: [Float64Array.from({ length: 2_000 }, (_, index) => noise(5, index))],
      leaveOut: new Map(),
      previous: new Map(),
    },
  ],
  predecessors: new Map(),
  train: true,
  options: { seed: 1, trainedAtSeconds: 0, normalisation: 'percentile' },
});

test('a job comes back as it would in this thread; histories are handed over, not copied', async () => {
  const trainer = createTrainer({ jobSecondsMax: 60, heapMegabytesMax: 96 });
  const sent = job();
  const result = await trainer.run(sent);
  expect(sent.replicas[0]!.channels[0]!.length).toBe(0);
  expect(result).toEqual(runJob(job()));
  await trainer.rest();
  expect((await trainer.run(job())).series).toHaveLength(2);
  await trainer.rest();
});

test('a job that takes too long is given up, and the next one works', async () => {
  const hasty = createTrainer({ jobSecondsMax: 0.001, heapMegabytesMax: 96 });
  await expect(hasty.run(job())).rejects.toThrow('took more than');
  const patient = createTrainer({ jobSecondsMax: 60, heapMegabytesMax: 96 });
  expect((await patient.run(job())).series).toHaveLength(2);
  await patient.rest();
});

test('ending the worker ends the job', async () => {
  const trainer = createTrainer({ jobSecondsMax: 60, heapMegabytesMax: 96 });
  const running = expect(trainer.run(job())).rejects.toThrow('ended');
  await trainer.rest();
  await running;
});

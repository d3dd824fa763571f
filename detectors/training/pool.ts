// The owner of the training worker: starts it for a batch, bounds its memory and time, ends it when there is nothing to do.
import { Worker } from 'node:worker_threads';
import type { Trainer } from '../ports.ts';
import type { TrainingJob, TrainingResult } from './job.ts';

export interface TrainerLimits {
  jobSecondsMax: number;
  /** Of the worker's own heap; the job's arrays lie outside of it and are bounded by who makes the job. */
  heapMegabytesMax: number;
}

export function createTrainer(limits: TrainerLimits): Trainer {
  let worker: Worker | undefined;
  const rest = async () => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  return {
    rest,
    async run(job) {
      if (worker === undefined || worker.threadId === -1) worker = start(limits);
      try {
        return await ask(worker, job, limits.jobSecondsMax);
      } catch (error) {
        await rest();
        throw error;
      }
    },
  };
}

function start({ heapMegabytesMax }: TrainerLimits): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: 4, stackSizeMb: 4 },
  });
  worker.on('error', () => undefined); // between jobs nobody else listens, and the next job tells of it
  worker.unref();
  return worker;
}

/** Sends the job with its arrays handed over, not copied: the caller's are empty afterwards. */
function ask(worker: Worker, job: TrainingJob, secondsMax: number): Promise<TrainingResult> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    };
    const onMessage = (result: TrainingResult) => settle(() => resolve(result));
    const onError = (error: Error) => settle(() => reject(new Error('the training worker failed', { cause: error })));
    const onExit = (code: number) => settle(() => reject(new Error(`the training worker ended with ${code}`)));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`training took more than ${secondsMax} s`))),
      secondsMax * 1000,
    );
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    const arrays = job.replicas.flatMap(({ channels }) => channels.map(({ buffer }) => buffer as ArrayBuffer));
    worker.postMessage(job, arrays);
  });
}

// The training worker's thread: takes a job, does it, sends the result; it ends when its owner ends it.
import { parentPort } from 'node:worker_threads';
import { runJob } from './fit.ts';
import type { TrainingJob } from './job.ts';

parentPort!.on('message', (job: TrainingJob) => parentPort!.postMessage(runJob(job)));

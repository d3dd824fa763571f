// The work of one training job: fit, let the predecessor judge, and open the model in use on each replica's history.
import { decodeModel, encodeModel, type Model } from '../models/codec.ts';
import { ENTITY_ROWS_MIN, type EntityModel, type EntityState, fitEntity, openEntity } from '../models/entity-model.ts';
import type { EntityHistory, FitOptions, History } from '../models/model.ts';
import { judgeEntity, judgeSeries, type Promotion } from '../models/promotion.ts';
import { entityRefitDue } from '../models/refit.ts';
import { fitSeries, openSeries, SERIES_ROWS_MIN, type SeriesModel, type SeriesState } from '../models/series-model.ts';
import type { ReplicaHistory, TrainedSeries, TrainingJob, TrainingResult } from './job.ts';
import { blank, countFinite, splice } from './splice.ts';

const all = '_all';

/** Runs in the worker: seconds of computing for a week of rows. Never throws for one series: its outcome says why. */
export function runJob(job: TrainingJob): TrainingResult {
  const histories = job.metrics.map((metric, channel) => trainingHistory(job, metric, channel));
  const series = job.metrics
    .map((metric, channel) => ({ metric, channel, history: histories[channel]! }))
    .filter(({ history }) => countFinite(history.values) > 0)
    .map(({ metric, channel, history }) => guarded(metric, () => trainSeries(job, metric, channel, history)));
  if (series.length > 0) series.push(guarded(all, () => trainEntity(job)));
  return { series };
}

function trainingHistory(job: TrainingJob, metric: string, channel: number, reason = metric): History {
  const { startSeconds, stepSeconds } = job;
  const parts = job.replicas.map(({ channels, leaveOut }) =>
    blank(channels[channel]!, job, leaveOut.get(reason) ?? []),
  );
  return { startSeconds, stepSeconds, values: splice(parts, Math.max(1, Math.round(86_400 / stepSeconds))) };
}

function trainSeries(job: TrainingJob, metric: string, channel: number, history: History): TrainedSeries {
  const rows = countFinite(history.values);
  const predecessor = decodePredecessor<SeriesModel>(job, metric, 'series', [metric]);
  const options: FitOptions = { ...job.options, features: [metric] };
  const { model, ...told } = decide(job, rows, SERIES_ROWS_MIN, predecessor, {
    judge: () => judgeSeries(history, options, predecessor),
    fit: () => fitSeries(history, options),
  });
  const states = new Map<string, SeriesState>();
  for (const replica of model ? job.replicas : []) {
    const values = replica.channels[channel]!;
    if (countFinite(values) === 0) continue;
    const recent = { startSeconds: job.startSeconds, stepSeconds: job.stepSeconds, values };
    states.set(replica.key, openSeries(model!, recent, replica.previous.get(metric) as SeriesState | undefined));
  }
  return { metric, rows, states, ...told };
}

function trainEntity(job: TrainingJob): TrainedSeries {
  const { startSeconds, stepSeconds } = job;
  const channels = job.metrics.map((metric, channel) => trainingHistory(job, metric, channel, all).values);
  const predecessor = decodePredecessor<EntityModel>(job, all, 'entity');
  const names = job.train ? spokenMetrics(job.metrics, channels) : (predecessor?.features ?? []);
  const picked = names.map((name) => job.metrics.indexOf(name));
  const history: EntityHistory = { startSeconds, stepSeconds, channels: picked.map((channel) => channels[channel]!) };
  const rows = Math.max(0, ...history.channels.map(countFinite));
  const same = predecessor !== null && predecessor.features.join() === names.join() ? predecessor : null;
  const options: FitOptions = { ...job.options, features: names };
  const rested: Told<EntityModel> = {
    model: same,
    outcome: 'kept',
    reason: 'entities are refitted seldom',
    bytes: undefined,
  };
  const isResting = job.train && same !== null && !entityRefitDue(same, rows, options.trainedAtSeconds);
  const { model, ...told } = isResting
    ? rested
    : decide(job, rows, ENTITY_ROWS_MIN, same, {
        judge: () => judgeEntity(history, options, same),
        fit: () => fitEntity(history, options),
      });
  const states = new Map<string, EntityState>();
  for (const replica of model ? job.replicas : []) {
    states.set(replica.key, openReplica(model!, job, replica, picked, same !== null));
  }
  return { metric: all, rows, states, ...told };
}

function openReplica(
  model: EntityModel,
  { startSeconds, stepSeconds }: TrainingJob,
  replica: ReplicaHistory,
  picked: readonly number[],
  remember: boolean,
): EntityState {
  const recent = { startSeconds, stepSeconds, channels: picked.map((channel) => replica.channels[channel]!) };
  return openEntity(model, recent, remember ? (replica.previous.get(all) as EntityState | undefined) : undefined);
}

/** Metrics that speak in at least half of the rows of the one that speaks most: a rare one would leave few whole rows. */
function spokenMetrics(metrics: readonly string[], channels: readonly Float64Array[]): string[] {
  const counts = channels.map(countFinite);
  const most = Math.max(...counts);
  return metrics.filter((_, channel) => counts[channel]! > 0 && counts[channel]! >= most / 2);
}

interface Told<M> {
  model: M | null;
  outcome: TrainedSeries['outcome'];
  reason: string;
  bytes: Uint8Array | undefined;
}

function decide<M extends Model>(
  job: TrainingJob,
  rows: number,
  rowsMin: number,
  predecessor: M | null,
  work: { judge(): Promotion; fit(): M | null },
): Told<M> {
  const old = { model: predecessor, bytes: undefined };
  if (!job.train) return { ...old, outcome: 'opened', reason: 'opened on its history' };
  if (rows < rowsMin) return { ...old, outcome: 'too-few-rows', reason: `${rows} of ${rowsMin} rows` };
  const verdict = work.judge();
  if (!verdict.promote) return { ...old, outcome: 'kept', reason: verdict.reason };
  const model = work.fit();
  if (model === null) return { ...old, outcome: 'too-few-rows', reason: 'too few rows in which enough is known' };
  return { model, outcome: 'promoted', reason: verdict.reason, bytes: encodeModel(model) };
}

function decodePredecessor<M extends Model>(
  job: TrainingJob,
  metric: string,
  kind: M['kind'],
  features?: readonly string[],
): M | null {
  const bytes = job.predecessors.get(metric);
  if (bytes === undefined) return null;
  const model = decodeModel(bytes, features && { kind, features });
  return model.kind === kind ? (model as M) : null;
}

function guarded(metric: string, train: () => TrainedSeries): TrainedSeries {
  try {
    return train();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { metric, outcome: 'failed', reason, rows: 0, bytes: undefined, states: new Map() };
  }
}

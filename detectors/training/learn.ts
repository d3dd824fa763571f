// Training, one model key at a time: fetch its history, let the worker fit, take the result over, save it.
import { allMetrics } from '../detector.ts';
import type { Judged } from '../feedback.ts';
import { type KeyModels, place } from '../library.ts';
import { decodeModel, encodeModel } from '../models/codec.ts';
import type { EntityState } from '../models/entity-model.ts';
import type { Normalisation } from '../models/model.ts';
import type { SeriesState } from '../models/series-model.ts';
import { installAll, installSeries } from '../opening.ts';
import type { Ports } from '../ports.ts';
import { noteFailedTraining } from '../state.ts';
import { type EntityTrack, rowStart } from '../track.ts';
import type { Watched } from '../watch.ts';
import type { Lengths } from '../windows.ts';
import { fetchHistory } from './history.ts';
import type { Outcome, ReplicaHistory, TrainedSeries, TrainingJob } from './job.ts';
import { fetchLeaveOut } from './leave-out.ts';

/** Replicas that a shared model is learned from; each gives every seventh day at least. */
const replicasMax = 7;

export interface LearnSettings extends Lengths {
  windowSeconds: number;
  seed: number;
  normalisation: Normalisation;
}

export interface Lesson {
  modelKey: string;
  /** False: only open the models in use on the whole history. */
  train: boolean;
}

/** Trains one key. Rejects when history, worker or disk failed: what was in use stays in use. */
export async function learn(
  watched: Watched,
  lesson: Lesson,
  judged: readonly Judged[],
  ports: Ports,
  settings: LearnSettings,
): Promise<{ outcomes: Outcome[]; rows: number }> {
  const { state, library } = watched;
  const tracks = [...state.tracks.values()].filter(({ entity }) => entity.modelKey === lesson.modelKey);
  tracks.sort((left, right) => (left.entity.key < right.entity.key ? -1 : 1));
  tracks.splice(replicasMax);
  const models = library.get(lesson.modelKey) ?? { series: new Map(), entity: undefined };
  const job = await prepare(watched, tracks, models, lesson, judged, ports, settings);
  const { series } = await ports.trainer.run(job);
  for (const trained of series) {
    await takeOver(watched, lesson.modelKey, models, trained, ports);
    noteOutcome(watched, trained);
  }
  for (const track of tracks) track.seasoned = true;
  library.set(lesson.modelKey, models);
  return { outcomes: series.map(({ outcome }) => outcome), rows: Math.max(0, ...series.map(({ rows }) => rows)) };
}

async function prepare(
  { state }: Watched,
  tracks: readonly EntityTrack[],
  models: KeyModels,
  lesson: Lesson,
  judged: readonly Judged[],
  { prometheus, clock }: Ports,
  settings: LearnSettings,
): Promise<TrainingJob> {
  const { detector } = state;
  const nowSeconds = clock.unixSeconds();
  const endSeconds = rowStart(
    Math.floor(nowSeconds / settings.tickSeconds) * settings.tickSeconds,
    settings.rowSeconds,
  );
  const entities = tracks.map(({ entity }) => entity);
  const history = await fetchHistory(prometheus, detector, entities, endSeconds, settings);
  const range = { startSeconds: history.startSeconds, endSeconds: nowSeconds };
  const leaveOut = await fetchLeaveOut(prometheus, detector, tracks, range, judged);
  return {
    startSeconds: history.startSeconds,
    stepSeconds: history.stepSeconds,
    metrics: detector.metrics.map(({ metric }) => metric),
    replicas: tracks.map(
      (track): ReplicaHistory => ({
        key: track.entity.key,
        channels: history.byKey.get(track.entity.key)!,
        leaveOut: leaveOut.get(track.entity.key)!,
        previous: track.seasoned ? statesOf(track) : new Map(),
      }),
    ),
    predecessors: encoded(models),
    train: lesson.train,
    options: { seed: settings.seed, trainedAtSeconds: nowSeconds, normalisation: settings.normalisation },
  };
}

function statesOf(track: EntityTrack): Map<string, SeriesState | EntityState> {
  const states = new Map<string, SeriesState | EntityState>();
  for (const series of track.series) if (series?.learnt) states.set(series.metric, series.learnt.state);
  if (track.allLearnt) states.set(allMetrics, track.allLearnt.state);
  return states;
}

function encoded(models: KeyModels): Map<string, Uint8Array> {
  const bytes = new Map<string, Uint8Array>();
  for (const [metric, model] of models.series) bytes.set(metric, encodeModel(model));
  if (models.entity) bytes.set(allMetrics, encodeModel(models.entity));
  return bytes;
}

/** The model first goes to disk: what serves is what would serve after a restart. */
async function takeOver(
  { state }: Watched,
  modelKey: string,
  models: KeyModels,
  { metric, bytes, states }: TrainedSeries,
  { store }: Ports,
): Promise<void> {
  if (bytes) {
    await store.save({ detector: state.detector.name, modelKey, metric }, bytes);
    place(models, metric, decodeModel(bytes));
  }
  const names = state.detector.metrics.map((spec) => spec.metric);
  for (const [key, opened] of states) {
    const track = state.tracks.get(key);
    if (track === undefined) continue;
    const series = models.series.get(metric);
    if (metric === allMetrics && models.entity) installAll(track, names, models.entity, opened as EntityState);
    else if (series) installSeries(track, names.indexOf(metric), series, opened as SeriesState);
  }
}

function noteOutcome({ state }: Watched, { metric, outcome, reason }: TrainedSeries): void {
  if (outcome === 'failed') {
    noteFailedTraining(state, `${metric}: ${reason}`);
  } else if (outcome !== 'opened') {
    if (outcome === 'promoted') state.trainings.promoted++;
    if (outcome === 'kept') state.trainings.kept++;
    state.trainingOutcome = `${metric}: ${outcome}, ${reason}`;
  }
}

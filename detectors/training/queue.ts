// Which model key is due, over all detectors: one lesson at a time, the most overdue first, the worker resting in between.
import type { Judged } from '../feedback.ts';
import type { Ports } from '../ports.ts';
import { noteFailedTraining } from '../state.ts';
import type { Watched } from '../watch.ts';
import { type LearnSettings, learn } from './learn.ts';
import { secondsUntilNext, secondsUntilRetrain } from './schedule.ts';

interface Due {
  watched: Watched;
  modelKey: string;
  /** By the monotonic clock. */
  atSeconds: number;
  failures: number;
  /** The models in use have seen the whole history, not only the last rows. */
  opened: boolean;
  /** A lesson came to at least one model. */
  learnt: boolean;
}

/** When a key without a model may be tried again: kept while it is gone, or coming and going would fetch a week each time. */
type Absent = Pick<Due, 'atSeconds' | 'failures'>;
/** The longest gone are forgotten first. */
const absentMax = 1000;

export interface TrainingQueue {
  /** Notes who came and who went, and starts with the lessons that are due unless some are being given; never waits. */
  kick(): void;
  /** Resolves when no lesson is being given. */
  idle(): Promise<void>;
}

export type QueueSettings = LearnSettings & { retrainSeconds: number };

export function createTrainingQueue(
  watched: readonly Watched[],
  judged: readonly Judged[],
  ports: Ports,
  settings: QueueSettings,
  signal: AbortSignal,
): TrainingQueue {
  const due = new Map<string, Due>();
  const absent = new Map<string, Absent>();
  let running: Promise<void> | undefined;
  const now = () => ports.clock.monotonicSeconds();
  const next = () => {
    const [first] = [...due.values()].filter(({ atSeconds }) => atSeconds <= now()).sort(byTime);
    return first;
  };
  const teach = async () => {
    for (let lesson = next(); lesson !== undefined && !signal.aborted; lesson = next()) {
      await give(lesson, judged, ports, settings);
      refresh(watched, due, absent, ports);
    }
    await ports.trainer.rest();
  };
  return {
    kick() {
      refresh(watched, due, absent, ports);
      if (running !== undefined || next() === undefined || signal.aborted) return;
      running = teach().finally(() => {
        running = undefined;
      });
    },
    idle: () => running ?? Promise.resolve(),
  };
}

function byTime(left: Due, right: Due): number {
  return left.atSeconds - right.atSeconds;
}

/** Puts keys on the list when they come and takes them off when they are gone. */
function refresh(
  watched: readonly Watched[],
  due: Map<string, Due>,
  absent: Map<string, Absent>,
  { clock }: Ports,
): void {
  const present = new Set<string>();
  for (const each of watched) {
    const { detector, tracks } = each.state;
    for (const track of tracks.values()) {
      if (!track.backfilled) continue;
      const { modelKey } = track.entity;
      const id = `${detector.name}\n${modelKey}`;
      present.add(id);
      if (due.has(id)) continue;
      const before = absent.get(id) ?? { atSeconds: clock.monotonicSeconds(), failures: 0 };
      absent.delete(id);
      due.set(id, { watched: each, modelKey, ...before, opened: false, learnt: false });
    }
  }
  for (const [id, { atSeconds, failures, learnt }] of due) {
    if (present.has(id)) continue;
    due.delete(id);
    if (!learnt) absent.set(id, { atSeconds, failures });
  }
  for (const id of absent.keys()) if (absent.size > absentMax) absent.delete(id);
  for (const each of watched) {
    each.state.trainingWaiting = [...due.values()].filter(
      ({ watched: owner, atSeconds }) => owner === each && atSeconds <= clock.monotonicSeconds(),
    ).length;
  }
}

/** Never rejects: a failed lesson is counted and tried again later. */
async function give(lesson: Due, judged: readonly Judged[], ports: Ports, settings: QueueSettings): Promise<void> {
  const { watched, modelKey } = lesson;
  const trained = oldest(watched, modelKey);
  const untilRetrain =
    trained === undefined || lesson.opened
      ? 0
      : secondsUntilRetrain(trained, ports.clock.unixSeconds(), settings, ports.random);
  try {
    const train = untilRetrain === 0;
    const done = await learn(watched, { modelKey, train }, judged, ports, settings);
    lesson.opened = true;
    lesson.learnt = done.outcomes.some((outcome) => outcome !== 'too-few-rows' && outcome !== 'failed');
    lesson.failures = done.outcomes.includes('failed') ? lesson.failures + 1 : 0;
    const wait = train
      ? secondsUntilNext({ ...done, failures: lesson.failures }, settings, ports.random)
      : untilRetrain;
    lesson.atSeconds = ports.clock.monotonicSeconds() + wait;
  } catch (error) {
    lesson.failures++;
    noteFailedTraining(watched.state, `failed: ${(error as Error).message}`);
    ports.log.warn({ err: error, detector: watched.state.detector.name, key: modelKey }, 'training failed');
    const failed = { outcomes: [], rows: 0, failures: lesson.failures };
    lesson.atSeconds = ports.clock.monotonicSeconds() + secondsUntilNext(failed, settings, ports.random);
  }
}

/** When the key's oldest model was trained; undefined when a series with samples has none, which is then due at once. */
function oldest({ state, library }: Watched, modelKey: string): number | undefined {
  const models = library.get(modelKey);
  const tracks = [...state.tracks.values()].filter(({ entity }) => entity.modelKey === modelKey);
  const lacking = tracks.some(({ series }) =>
    series.some((each) => each !== undefined && !models?.series.has(each.metric)),
  );
  if (models === undefined || lacking || models.entity === undefined) return undefined;
  return Math.min(
    models.entity.trainedAtSeconds,
    ...[...models.series.values()].map((model) => model.trainedAtSeconds),
  );
}

// One tick of one detector: ask Prometheus, admit who is there, score what came, and say "unknown" about the rest.
import { type Answered, readAnswer } from './answer.ts';
import { backfill } from './backfill.ts';
import type { MetricSpec } from './detector.ts';
import { forgetUnused, type Library } from './library.ts';
import type { Limit } from './limit.ts';
import type { Ports } from './ports.ts';
import { closeTick, type DetectorState, noteError } from './state.ts';
import { admit, type Caps, expire, type Seen, seriesTrack } from './table.ts';
import { type EntityTrack, loseAll, observeTick } from './track.ts';
import { type Lengths, windowsOf } from './windows.ts';

export interface Watched {
  state: DetectorState;
  library: Library;
}

export type WatchSettings = Lengths & Caps;

/** After so many failed questions in one tick the rest is not asked: each may take its whole deadline. */
const failuresMax = 4;

type Answer = { index: number; byKey: Map<string, Answered> } | { index: number; error: string };

/** Never rejects: what fails is counted, and what is not known is unknown. */
export async function tick(
  watched: Watched,
  timeSeconds: number,
  ports: Ports,
  settings: WatchSettings,
  limit: Limit,
): Promise<void> {
  const { state } = watched;
  const answers = await askDetector(state, timeSeconds, ports, settings, limit);
  const failed = answers.filter((answer) => 'error' in answer);
  for (const { error } of failed) noteError(state, error);
  state.answering = failed.length < answers.length;
  if (state.answering) {
    state.lastAnswerSeconds = timeSeconds;
    state.prometheusSeen = true;
    state.overflowSeries = 0;
    admit(state, seenIn(answers), settings, timeSeconds);
    await backfill(watched, timeSeconds, ports, settings);
    if (failed.length === 0) drop(watched, timeSeconds);
    for (const track of state.tracks.values()) observe(state, track, answers, timeSeconds, ports, settings);
  } else {
    for (const track of state.tracks.values()) loseAll(track, shortReason(failed));
  }
  logChange(closeTick(state, timeSeconds), state, ports);
  state.tickEndedMonotonic = ports.clock.monotonicSeconds();
}

function shortReason([first]: readonly { error: string }[]): string {
  return `Prometheus gives no usable answer: ${first?.error}`.slice(0, 200);
}

function logChange(change: ReturnType<typeof closeTick>, state: DetectorState, { log }: Ports): void {
  const detector = state.detector.name;
  if (change === 'failed') log.warn({ detector, error: state.failing }, 'a tick failed');
  if (change === 'recovered') log.info({ detector, error: state.lastError }, 'ticks succeed again');
}

/** With nothing to watch one question a tick is enough to notice that something came, a different one each time. */
async function askDetector(
  state: DetectorState,
  timeSeconds: number,
  ports: Ports,
  settings: WatchSettings,
  limit: Limit,
): Promise<Answer[]> {
  const { metrics } = state.detector;
  if (state.tracks.size > 0) return ask(state, metrics, timeSeconds, ports, settings, limit);
  const first = metrics[Math.round(timeSeconds / settings.tickSeconds) % metrics.length]!;
  const [answer] = await ask(state, [first], timeSeconds, ports, settings, limit);
  if ('error' in answer! || answer!.byKey.size === 0) return [answer!];
  const others = metrics.filter((metric) => metric !== first);
  return [answer!, ...(await ask(state, others, timeSeconds, ports, settings, limit))];
}

async function ask(
  state: DetectorState,
  asked: readonly MetricSpec[],
  timeSeconds: number,
  { prometheus }: Ports,
  settings: WatchSettings,
  limit: Limit,
): Promise<Answer[]> {
  const windows = windowsOf(settings);
  let failures = 0;
  const askOne = async (spec: MetricSpec): Promise<Answer> => {
    const index = state.detector.metrics.indexOf(spec);
    if (failures >= failuresMax) return { index, error: `${spec.metric}: not asked after ${failures} failures` };
    try {
      const { byKey, duplicates } = readAnswer(
        state.detector,
        await prometheus.query(spec.expression('', windows), timeSeconds),
      );
      state.duplicatesTotal += duplicates;
      return { index, byKey };
    } catch (error) {
      failures++;
      return { index, error: `${spec.metric}: ${(error as Error).message}` };
    }
  };
  return Promise.all(asked.map((spec) => limit(() => askOne(spec))));
}

function seenIn(answers: readonly Answer[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const answer of answers) {
    if ('error' in answer) continue;
    for (const [key, { entity, value }] of answer.byKey) {
      // the first metric is the one that says how busy a thing is
      if (!seen.has(key)) seen.set(key, { entity, weight: answer.index === 0 && Number.isFinite(value) ? value : 0 });
    }
  }
  return [...seen.values()];
}

function drop({ state, library }: Watched, timeSeconds: number): void {
  if (expire(state, timeSeconds).length === 0) return;
  forgetUnused(library, new Set([...state.tracks.values()].map(({ entity }) => entity.modelKey)));
}

function observe(
  state: DetectorState,
  track: EntityTrack,
  answers: readonly Answer[],
  timeSeconds: number,
  { clock }: Ports,
  settings: WatchSettings,
): void {
  const values = new Float64Array(state.detector.metrics.length).fill(Number.NaN);
  for (const answer of answers) {
    if ('error' in answer) continue;
    const value = answer.byKey.get(track.entity.key)?.value ?? Number.NaN;
    if (Number.isFinite(value) && seriesTrack(state, track, answer.index, settings.seriesMax))
      values[answer.index] = value;
  }
  const before = clock.monotonicSeconds();
  observeTick(track, timeSeconds, settings.rowSeconds, values);
  for (const answer of answers) {
    const series = track.series[answer.index];
    if ('error' in answer && series !== undefined) series.reason = shortReason([answer]);
  }
  const durationSeconds = clock.monotonicSeconds() - before;
  for (const series of [...track.series, track.all]) {
    if (series?.lastEvaluationSeconds === timeSeconds) series.durationSeconds = durationSeconds;
  }
}

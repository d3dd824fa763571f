// What one detector holds between ticks: bounded, read by the pages, changed by the loop and by training.
import type { Detector } from './detector.ts';
import type { EntityTrack } from './track.ts';

export interface Refusal {
  file: string;
  reason: string;
  atSeconds: number;
}

export interface DetectorState {
  detector: Detector;
  tracks: Map<string, EntityTrack>;
  /** Ticks whose evaluation failed, wholly or for one metric. */
  errorsTotal: number;
  /** Entities and series beyond the caps, counted once for each tick that saw them. */
  overflowEntitiesTotal: number;
  overflowSeriesTotal: number;
  /** Series of an answer that could not be told apart: two where one is expected. */
  duplicatesTotal: number;
  /** Ticks dropped by entities that are gone: a counter never falls. */
  droppedTicksGone: number;
  /** Seen at the last tick, yet not scored. */
  overflowEntities: number;
  overflowSeries: number;
  /** When the last tick ended, by the monotonic clock; undefined before the first. */
  tickEndedMonotonic: number | undefined;
  lastAnswerSeconds: number | undefined;
  answering: boolean;
  /** What failed first in the tick that is being evaluated. */
  tickError: string | undefined;
  /** What the last tick failed with; undefined while all is well. */
  failing: string | undefined;
  /** The last error, kept after it has passed. */
  lastError: string | undefined;
  lastErrorSeconds: number | undefined;
  /** Prometheus has answered somebody in this process: before, its silence is a start, not a failure. */
  prometheusSeen: boolean;
  refusals: Refusal[];
  refusalsTotal: number;
  trainings: { promoted: number; kept: number; failed: number };
  /** Times that the control plane gave no feedback; the same for all detectors of the process. */
  feedbackFailuresTotal: number;
  trainingWaiting: number;
  trainingOutcome: string | undefined;
}

const refusalsKept = 50;

export function openState(detector: Detector): DetectorState {
  return {
    detector,
    tracks: new Map(),
    errorsTotal: 0,
    overflowEntitiesTotal: 0,
    overflowSeriesTotal: 0,
    duplicatesTotal: 0,
    droppedTicksGone: 0,
    overflowEntities: 0,
    overflowSeries: 0,
    tickEndedMonotonic: undefined,
    lastAnswerSeconds: undefined,
    answering: false,
    tickError: undefined,
    failing: undefined,
    lastError: undefined,
    lastErrorSeconds: undefined,
    prometheusSeen: false,
    refusals: [],
    refusalsTotal: 0,
    trainings: { promoted: 0, kept: 0, failed: 0 },
    feedbackFailuresTotal: 0,
    trainingWaiting: 0,
    trainingOutcome: undefined,
  };
}

export function noteRefusal(state: DetectorState, refusal: Refusal): void {
  state.refusalsTotal++;
  state.refusals.push(refusal);
  if (state.refusals.length > refusalsKept) state.refusals.shift();
}

/** An answer of Prometheus that was missing or could not be used; a tick keeps the first. */
export function noteError(state: DetectorState, message: string): void {
  state.tickError ??= message.slice(0, 500);
}

/** Ends a tick: it failed once or not at all. Returns what is worth a line in the log: a new error, or that it is over. */
export function closeTick(state: DetectorState, timeSeconds: number): 'failed' | 'recovered' | undefined {
  const { tickError, failing } = state;
  state.tickError = undefined;
  state.failing = tickError;
  if (tickError === undefined) return failing === undefined ? undefined : 'recovered';
  if (state.prometheusSeen) state.errorsTotal++;
  state.lastError = tickError;
  state.lastErrorSeconds = timeSeconds;
  return tickError === failing ? undefined : 'failed';
}

/** A training that came to nothing; what was in use stays in use. */
export function noteFailedTraining(state: DetectorState, message: string): void {
  state.trainings.failed++;
  state.trainingOutcome = message.slice(0, 300);
}

/** The loop ran within the last three ticks and Prometheus has answered once; entities and models are not asked for. */
export function isReady(state: DetectorState, nowMonotonic: number, tickSeconds: number): boolean {
  const { tickEndedMonotonic, lastAnswerSeconds } = state;
  if (tickEndedMonotonic === undefined || lastAnswerSeconds === undefined) return false;
  return nowMonotonic - tickEndedMonotonic <= Math.max(60, 3 * tickSeconds);
}

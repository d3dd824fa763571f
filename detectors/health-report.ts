// The detector's /health: every entity and series with its score, how rare it is, what was expected, and why, in words.
import type { DetectorHealth, SeriesHealth } from '../core/contracts/health.ts';
import type { Detector } from './detector.ts';
import { headerOf, isFresh, seriesOf } from './exposition.ts';
import { MODEL_VERSION, unknownScore } from './models/model.ts';
import { entityWarmUp, seriesWarmUp } from './models/warm-up.ts';
import type { DetectorState } from './state.ts';
import type { EntityTrack, SeriesTrack } from './track.ts';

export interface ReportTimes {
  tickSeconds: number;
  rowSeconds: number;
  ready: boolean;
}

export function healthOf(state: DetectorState, times: ReportTimes, nowSeconds: number): DetectorHealth {
  return {
    detector: state.detector.name,
    atSeconds: nowSeconds,
    tickSeconds: times.tickSeconds,
    rowSeconds: times.rowSeconds,
    ready: times.ready,
    prometheus: {
      answering: state.answering,
      lastAnswerSeconds: state.lastAnswerSeconds ?? null,
      lastError: state.lastError ?? null,
      lastErrorSeconds: state.lastErrorSeconds ?? null,
    },
    errorsTotal: state.errorsTotal,
    overflow: { entities: state.overflowEntities, series: state.overflowSeries },
    refusedModels: state.refusals,
    training: { waiting: state.trainingWaiting, lastOutcome: state.trainingOutcome?.slice(0, 300) ?? null },
    entities: [...state.tracks.values()].map((track) => ({
      labels: track.entity.labels,
      series: seriesOf(track).map((series) => reportSeries(state.detector, track, series, times, nowSeconds)),
    })),
  };
}

function reportSeries(
  detector: Detector,
  track: EntityTrack,
  series: SeriesTrack,
  times: ReportTimes,
  nowSeconds: number,
): SeriesHealth {
  const fresh = isFresh(series, nowSeconds, times.tickSeconds);
  const { latch } = series;
  const score = fresh ? series.score : unknownScore();
  const header = headerOf(track, series);
  return {
    metric: series.metric,
    unit: detector.metrics.find(({ metric }) => metric === series.metric)?.unit ?? '',
    mode: fresh ? series.mode : 'unknown',
    reason: fresh ? null : (series.reason ?? 'the last evaluation is too old'),
    warmingSecondsLeft: warmingSecondsLeft(track, series, times),
    value: known(fresh ? series.value : Number.NaN),
    score: known(score.score),
    rarity: rarityOf(score.score),
    expectedLow: known(score.expectedLow),
    expectedHigh: known(score.expectedHigh),
    contributions: score.contributions.map(({ feature, share }) => ({
      feature,
      share,
      words: `${wordsOf(detector, feature)}: ${Math.round(100 * share)} % of the score`,
    })),
    alert: fresh ? { raised: latch.raisedAtSeconds !== undefined, sinceSeconds: latch.raisedAtSeconds ?? null } : null,
    lastSampleSeconds: series.lastSampleSeconds ?? null,
    lastEvaluationSeconds: series.lastEvaluationSeconds ?? null,
    evaluationDurationSeconds: known(series.durationSeconds),
    model: header ? { trainedSeconds: header.trainedAtSeconds, rows: header.rows, version: MODEL_VERSION } : null,
  };
}

/** How rare a score is on ordinary days, rounded to two digits: 99.97 → "1 in 3,300". */
export function rarityOf(score: number): string | null {
  if (!Number.isFinite(score)) return null;
  const inOrdinary = 1 / Math.max(1e-9, 1 - score / 100);
  const digits = Math.max(0, Math.floor(Math.log10(inOrdinary)) - 1);
  const rounded =
    inOrdinary < 10 ? Math.round(inOrdinary * 10) / 10 : Math.round(inOrdinary / 10 ** digits) * 10 ** digits;
  return `1 in ${rounded.toLocaleString('en')}`;
}

/** Until every voter has joined, by the rows of history that there are: those it was trained on, or those its samples make by now. */
function warmingSecondsLeft(
  track: EntityTrack,
  series: SeriesTrack,
  { tickSeconds, rowSeconds }: ReportTimes,
): number | null {
  const sampled = Math.floor((series.samples * tickSeconds) / rowSeconds);
  const rows = Math.max(headerOf(track, series)?.rows ?? 0, sampled);
  const { secondsLeft } = series === track.all ? entityWarmUp(rows, rowSeconds) : seriesWarmUp(rows, rowSeconds);
  return secondsLeft > 0 ? secondsLeft : null;
}

function wordsOf(detector: Detector, feature: string): string {
  const spec = detector.metrics.find(({ metric }) => metric === feature);
  return spec?.words ?? feature.replaceAll('_', ' ');
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

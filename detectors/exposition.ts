// What a detector exports, by name and label. Without usable data there is no score, never a 0.
import { counter, gauge, type Labels, type Metric, type Sample, sample } from '../core/contracts/sample.ts';
import { MODEL_VERSION } from './models/model.ts';
import type { DetectorState } from './state.ts';
import type { EntityTrack, Mode, SeriesTrack } from './track.ts';

export const metrics: readonly Metric[] = [
  gauge(
    'anomaly_score',
    'How strange the series is, 0 to 100; a share of 1 - s/100 of ordinary rows scores s or more.',
  ),
  gauge('anomaly_alert', '1 while an alert of the series is raised.'),
  gauge('anomaly_feature_contribution', 'Share of the score by feature, the largest three.'),
  gauge('anomaly_observed', 'The value that was judged, in its own unit; absent for all metrics together.'),
  gauge('anomaly_expected_low', 'Lower end of the band that an ordinary value is expected in, in its own unit.'),
  gauge('anomaly_expected_high', 'Upper end of the band that an ordinary value is expected in, in its own unit.'),
  gauge('anomaly_detector_mode', '1 for the mode that the series is in: model, statistical or unknown.'),
  gauge('anomaly_model_trained_timestamp_seconds', 'When the model in use was trained.'),
  gauge('anomaly_model_samples', 'Rows that the model in use was trained on.'),
  gauge('anomaly_last_evaluation_timestamp_seconds', 'End of the last evaluation that had data.'),
  gauge('anomaly_evaluation_duration_seconds', 'How long that evaluation took.'),
  counter(
    'anomaly_detection_errors_total',
    'Ticks that failed, wholly or for one metric, since Prometheus first answered.',
  ),
  counter('anomaly_overflow_total', 'Entities and series that were seen and not scored because a cap was reached.'),
  counter('anomaly_duplicate_series_total', 'Series of an answer of which there were two where one was expected.'),
  counter('anomaly_dropped_ticks_total', 'Ticks that were dropped because the clock had gone backwards.'),
  counter('anomaly_model_refusals_total', 'Saved models that could not be used.'),
  counter('anomaly_trainings_total', 'Models that were trained, by what became of them.'),
  counter('anomaly_feedback_failures_total', 'Times that the control plane gave no answer about feedback.'),
  gauge('anomaly_model_version', 'Version of the models that this detector writes and reads.'),
];

const modes: readonly Mode[] = ['model', 'statistical', 'unknown'];
/** Older than this many ticks and a score is no longer said: its reader would take it as the present. */
const freshTicks = 3;

/** Samples of everything the detector watches; `nowSeconds` decides what is stale. */
export function samplesOf(
  state: DetectorState,
  { tickSeconds }: { tickSeconds: number },
  nowSeconds: number,
): Sample[] {
  const detector = state.detector.name;
  const samples: Sample[] = [];
  for (const track of state.tracks.values()) {
    for (const series of seriesOf(track)) {
      const labels = { detector, ...track.entity.labels, metric: series.metric };
      pushSeries(samples, track, series, labels, isFresh(series, nowSeconds, tickSeconds));
    }
  }
  pushTotals(samples, state);
  return samples;
}

/** The series of an entity that have had a value, the one of all metrics last. */
export function seriesOf(track: EntityTrack): SeriesTrack[] {
  return [...track.series.filter((series) => series !== undefined), track.all];
}

/** Whether what the last tick said may still be said now. */
export function isFresh(series: SeriesTrack, nowSeconds: number, tickSeconds: number): boolean {
  const { lastEvaluationSeconds, mode } = series;
  if (mode === 'unknown' || lastEvaluationSeconds === undefined) return false;
  const ageSeconds = nowSeconds - lastEvaluationSeconds;
  return ageSeconds <= freshTicks * tickSeconds && ageSeconds >= -tickSeconds; // from the future: the clock was set back
}

/** The header of the model in use; undefined without one. */
export function headerOf(
  track: EntityTrack,
  series: SeriesTrack,
): { trainedAtSeconds: number; rows: number } | undefined {
  return series === track.all ? track.allLearnt?.model : series.learnt?.model;
}

function pushSeries(samples: Sample[], track: EntityTrack, series: SeriesTrack, labels: Labels, fresh: boolean): void {
  const mode = fresh ? series.mode : 'unknown';
  for (const each of modes)
    samples.push(sample('anomaly_detector_mode', each === mode ? 1 : 0, { ...labels, mode: each }));
  const header = headerOf(track, series);
  if (header) {
    samples.push(sample('anomaly_model_trained_timestamp_seconds', header.trainedAtSeconds, labels));
    samples.push(sample('anomaly_model_samples', header.rows, labels));
  }
  if (series.lastEvaluationSeconds !== undefined) {
    samples.push(sample('anomaly_last_evaluation_timestamp_seconds', series.lastEvaluationSeconds, labels));
    if (Number.isFinite(series.durationSeconds))
      samples.push(sample('anomaly_evaluation_duration_seconds', series.durationSeconds, labels));
  }
  if (fresh) pushScore(samples, series, labels);
}

function pushScore(samples: Sample[], { score, latch, value }: SeriesTrack, labels: Labels): void {
  samples.push(sample('anomaly_score', score.score, labels));
  samples.push(sample('anomaly_alert', latch.raisedAtSeconds === undefined ? 0 : 1, labels));
  if (Number.isFinite(value)) samples.push(sample('anomaly_observed', value, labels));
  if (Number.isFinite(score.expectedLow)) samples.push(sample('anomaly_expected_low', score.expectedLow, labels));
  if (Number.isFinite(score.expectedHigh)) samples.push(sample('anomaly_expected_high', score.expectedHigh, labels));
  for (const { feature, share } of score.contributions)
    samples.push(sample('anomaly_feature_contribution', share, { ...labels, feature }));
}

function pushTotals(samples: Sample[], state: DetectorState): void {
  const labels = { detector: state.detector.name };
  const dropped = [...state.tracks.values()].reduce((sum, track) => sum + track.droppedTicks, state.droppedTicksGone);
  samples.push(
    sample('anomaly_detection_errors_total', state.errorsTotal, labels),
    sample('anomaly_overflow_total', state.overflowEntitiesTotal, { ...labels, kind: 'entity' }),
    sample('anomaly_overflow_total', state.overflowSeriesTotal, { ...labels, kind: 'series' }),
    sample('anomaly_duplicate_series_total', state.duplicatesTotal, labels),
    sample('anomaly_dropped_ticks_total', dropped, labels),
    sample('anomaly_model_refusals_total', state.refusalsTotal, labels),
    sample('anomaly_feedback_failures_total', state.feedbackFailuresTotal, labels),
    sample('anomaly_model_version', MODEL_VERSION, labels),
  );
  for (const outcome of ['promoted', 'kept', 'failed'] as const)
    samples.push(sample('anomaly_trainings_total', state.trainings[outcome], { ...labels, outcome }));
}

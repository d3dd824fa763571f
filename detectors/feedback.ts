// What people said about alerts, kept by entity and metric: bounded, newest last.
import type { FeedbackItem } from '../core/contracts/feedback.ts';
import { expectAlert } from './alert-latch.ts';
import { allMetrics } from './detector.ts';
import type { DetectorState } from './state.ts';

/** One judgement of a person, on one series. */
export interface Judged {
  key: string;
  metric: string;
  startSeconds: number;
  endSeconds: number;
  expected: boolean;
}

const judgedMax = 2_000;

/** Takes in a page: remembers it for training and closes the alerts that were expected. Items of other detectors are passed over. */
export function takeFeedback(state: DetectorState, judged: Judged[], items: readonly FeedbackItem[]): void {
  for (const { labels, start, end, expected } of items) {
    if (labels.detector !== state.detector.name) continue;
    const key = state.detector.identify(labels)?.key;
    if (key === undefined) continue;
    const metric = labels.metric ?? allMetrics;
    judged.push({ key, metric, startSeconds: start, endSeconds: end, expected });
    if (judged.length > judgedMax) judged.shift();
    const track = state.tracks.get(key);
    const series = metric === allMetrics ? track?.all : track?.series.find((each) => each?.metric === metric);
    if (series && expected) expectAlert(series.latch, start, end);
  }
}

// Asks the control plane every minute what people said about alerts; no answer is counted and changes nothing.
import { feedbackPage } from '../core/contracts/feedback.ts';
import type { Log } from '../core/runtime/log.ts';
import { type Judged, takeFeedback } from './feedback.ts';
import { type FetchPorts, fetchJson } from './fetch-json.ts';
import type { DetectorState } from './state.ts';

export interface FeedbackPorts {
  controlPlaneUrl: string;
  http: FetchPorts;
  /** The detectors' bearer token; throws while there is none. */
  token(): string;
  log: Log;
}

export interface FeedbackState {
  /** Where the last answer ended; empty: from the beginning. */
  since: string;
  judged: Judged[];
  failuresTotal: number;
}

export function openFeedback(): FeedbackState {
  return { since: '', judged: [], failuresTotal: 0 };
}

/** Never rejects. */
export async function pollFeedback(
  feedback: FeedbackState,
  states: readonly DetectorState[],
  ports: FeedbackPorts,
): Promise<void> {
  try {
    const query = new URLSearchParams({ since: feedback.since });
    const address = `${ports.controlPlaneUrl}/api/v1/anomalies/feedback?${query}`;
    const page = feedbackPage.parse(await fetchJson(address, ports.token(), ports.http));
    for (const state of states) takeFeedback(state, feedback.judged, page.items);
    feedback.since = page.next;
  } catch (error) {
    feedback.failuresTotal++;
    if (feedback.failuresTotal === 1) ports.log.warn({ err: error }, 'the control plane gave no feedback');
  }
  for (const state of states) state.feedbackFailuresTotal = feedback.failuresTotal;
}

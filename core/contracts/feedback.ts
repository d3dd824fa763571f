// What people said about alerts, as the control plane tells the detectors at GET /api/v1/anomalies/feedback?since=.
import { z } from 'zod';

export const feedbackPage = z.object({
  items: z
    .array(
      z.object({
        /** As on `anomaly_score`. */
        labels: z.record(z.string(), z.string()),
        /** Unix seconds, start included, end excluded. */
        start: z.number().nonnegative(),
        end: z.number().nonnegative(),
        /** True: the rows stay in training and the alert closes. False: they are left out. */
        expected: z.boolean(),
      }),
    )
    .max(10_000),
  /** For `since` of the next question. */
  next: z.string().max(256),
});

export type FeedbackItem = z.infer<typeof feedbackPage>['items'][number];

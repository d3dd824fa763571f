// The inbox: what Alertmanager posts to the control plane (its webhook format, version 4), and the alerts as the API shows them.
import { z } from 'zod';
import { pageQuery } from './api.ts';

const texts = z.record(z.string().max(200), z.string().max(4_096));

/** Fields that later versions of Alertmanager add are left out and no reason to lose an alert. */
export const alertmanagerMessage = z.object({
  version: z.literal('4'),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: texts,
        annotations: texts,
        startsAt: z.iso.datetime({ offset: true }),
        /** Of a firing alert it says nothing. */
        endsAt: z.iso.datetime({ offset: true }),
        fingerprint: z.string().regex(/^[0-9a-f]{1,32}$/),
      }),
    )
    .max(1_000),
});
export const inboxAnswer = z.strictObject({ alerts: z.int(), added: z.int() });

export const alertsQuery = pageQuery.extend({ status: z.enum(['firing', 'resolved']).optional() });
export const keptAlert = z.strictObject({
  fingerprint: z.string(),
  status: z.enum(['firing', 'resolved']),
  name: z.string(),
  severity: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startSeconds: z.number(),
  endSeconds: z.number().nullable(),
  /** When Alertmanager last told of it. */
  receivedSeconds: z.number(),
});

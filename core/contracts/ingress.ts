// The ingress as the API shows it: what HAProxy says of each deployment and revision, and the certificates that it has.
import { z } from 'zod';

/** Of the last five minutes; durations are null where nothing was asked. */
const recent = z.strictObject({
  requests: z.int(),
  errors: z.int(),
  p50Seconds: z.number().nullable(),
  p95Seconds: z.number().nullable(),
  p99Seconds: z.number().nullable(),
});

const revision = z.strictObject({
  revision: z.string(),
  /** Null while HAProxy does not answer: unknown is not zero. */
  serversUp: z.int().nullable(),
  down: z.array(z.strictObject({ server: z.string(), address: z.string(), reason: z.string() })),
  recent,
});

const deployment = z.strictObject({
  deployment: z.string(),
  environment: z.string(),
  hosts: z.array(z.string()),
  sticky: z.boolean(),
  /** As HAProxy's maps say; null where they have no entry, and all of them while it does not answer. */
  stable: z.string().nullable(),
  canary: z.string().nullable(),
  /** Of 10000. */
  share: z.int().nullable(),
  revisions: z.array(revision),
});

export const ingressView = z.strictObject({
  /** `idle`: no deployment needs it yet. */
  state: z.enum(['serving', 'down', 'idle']),
  /** Why it is down; null while it serves. */
  reason: z.string().nullable(),
  version: z.string().nullable(),
  /** Whether it has all that was written last and its request log arrives; null while it does not answer. */
  current: z.boolean().nullable(),
  ports: z.strictObject({ http: z.int(), https: z.int() }),
  /** Lines of the request log since the control plane started. */
  lines: z.strictObject({ counted: z.int(), unrouted: z.int(), malformed: z.int() }),
  /** Those of environments that the caller may see. */
  deployments: z.array(deployment),
});

export const certificateView = z.strictObject({
  file: z.string(),
  names: z.array(z.string()),
  /** ISO 8601; null where the file cannot be used. */
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  /** SHA-256. */
  fingerprint: z.string().nullable(),
  /** Why HAProxy does not get it, or null. */
  problem: z.string().nullable(),
});

// What detectors answer at GET /v1/threats, and the exceptions by which a person allows a process that looks like a threat.
import { z } from 'zod';

export const threatException = z.object({
  id: z.string().min(1).max(64),
  /** All four name the process; one that is unknown in the process never matches. */
  exeSha256: z.string().regex(/^[0-9a-f]{64}$/),
  argv: z.array(z.string().max(4_096)).max(256),
  parentExe: z.string().min(1).max(4_096),
  /** Name of the container; null on the host itself. */
  container: z.string().max(256).nullable(),
  /** Unix seconds. There is no exception without an end. */
  expiresAtSeconds: z.number().nonnegative(),
  reason: z.string().min(1).max(500),
  owner: z.string().min(1).max(128),
});

const category = z.enum([
  'crypto_miners',
  'reverse_shells',
  'privilege_escalation',
  'suspicious_network',
  'data_exfiltration',
  'system_modification',
  'persistence_mechanisms',
]);

export const threat = z.object({
  pid: z.int().min(1),
  startedAtSeconds: z.number().nonnegative().optional(),
  tier: z.enum(['critical', 'medium', 'low']),
  category,
  /** 0–100: the sum of the evidence. */
  score: z.number().min(0).max(100),
  /** ATT&CK ids. */
  techniques: z.array(z.string()),
  reasons: z.array(z.string()),
  comm: z.string().optional(),
  exe: z.string().optional(),
  /** Redacted by the collector, and cut. */
  commandLine: z.string().max(2_048),
  container: z.string().nullable().optional(),
  /** The exception that allows it; such a process is listed, not counted. */
  allowedBy: z.string().optional(),
});

export const threatReport = z.object({
  instance: z.string(),
  takenAtSeconds: z.number(),
  /** What polling cannot see: processes that live shorter than this. */
  scanGapSeconds: z.number().nonnegative(),
  threats: z.array(threat).max(1_000),
  /** Threats beyond the bound of the list, and processes that the collector left out. */
  omitted: z.int().nonnegative(),
});

export type ThreatCategory = z.infer<typeof category>;
export type ThreatException = z.infer<typeof threatException>;
export type Threat = z.infer<typeof threat>;
export type ThreatReport = z.infer<typeof threatReport>;

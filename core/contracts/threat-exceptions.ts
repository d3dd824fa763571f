// Allowing a process that looks like a threat: what a person says, what stands afterwards, and what the process detector is told.
import { z } from 'zod';
import { threatException } from './threats.ts';

/** The threat as it is listed. What identifies the program is read by the server: nobody types a hash. */
export const allowBody = z.strictObject({
  instance: z.string().min(1).max(253),
  pid: z.int().min(1),
  /** Tells a process from a later one of the same pid; left out where the report lacks it. */
  startedAtSeconds: z.number().nonnegative().optional(),
  reason: z.string().trim().min(1).max(500),
  /** There is no exception without an end. */
  days: z.int().min(1).max(365),
});

export const threatExceptionView = threatException.extend({ createdSeconds: z.number() });
/** Those that have not ended, for the detectors. */
export const allowedThreats = z.object({ items: z.array(threatException).max(1_000) });

export type AllowBody = z.infer<typeof allowBody>;
export type ThreatExceptionView = z.infer<typeof threatExceptionView>;

// One line of the doctor's report, and the report as the API gives it.
import { z } from 'zod';

const finding = z.strictObject({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail', 'unknown']),
  says: z.string(),
  /** What to do about it. */
  fix: z.string().optional(),
  /** Nothing can be started while this fails. */
  essential: z.literal(true).optional(),
});
export type Finding = z.infer<typeof finding>;

export const doctorReport = z.strictObject({ atSeconds: z.number(), findings: z.array(finding).max(100) });

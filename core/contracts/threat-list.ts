// The body of GET /v1/threats: one report a machine whose processes could be read just now; a machine that is absent is unknown, not clean.
import { z } from 'zod';
import { threatReport } from './threats.ts';

export const threatList = z.object({ reports: z.array(threatReport).max(256) });

export type ThreatList = z.infer<typeof threatList>;

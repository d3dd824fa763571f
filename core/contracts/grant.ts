// A grant as the API takes it; apart from the rules, which the console reads without zod.
import { z } from 'zod';
import { allEnvironments, roles } from './access.ts';

/** A role in one environment, or in all of them (`*`): only a grant on all reaches the appliance itself. */
export const grant = z.strictObject({
  environment: z.union([z.literal(allEnvironments), z.string().regex(/^[0-9a-f]{16}$/)]),
  role: z.enum(roles),
});

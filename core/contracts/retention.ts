// What is kept and for how long, as the API says it.
import { z } from 'zod';

export const keptView = z.strictObject({
  /** `days` is null for what is kept for good. */
  items: z.array(z.strictObject({ what: z.string(), days: z.number().nullable() })),
  /** The history of metrics, as Prometheus says it. */
  history: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('known'),
      /** By time, by size or both, in Prometheus' words: `90d or 10GiB`. */
      limit: z.string(),
      /** Of whole blocks; null where it does not say. */
      usedBytes: z.number().nullable(),
      oldestSeconds: z.number().nullable(),
    }),
    z.strictObject({ state: z.literal('unknown'), reason: z.string() }),
  ]),
});

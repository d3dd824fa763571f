// What a detector says about itself and everything it watches at GET /health; null stands for "not known", never for 0.
import { z } from 'zod';

const unixSeconds = z.number().nonnegative();
const share = z.number().min(0).max(1);

const contribution = z.object({
  feature: z.string().max(64),
  share,
  /** "CPU use: 71 % of the score". */
  words: z.string().max(200),
});

const seriesHealth = z.object({
  /** `_all` for the entity's metrics together. */
  metric: z.string().max(64),
  unit: z.string().max(16),
  mode: z.enum(['model', 'statistical', 'unknown']),
  /** Why the mode is not `model`, or what the model still lacks; null when there is nothing to say. */
  reason: z.string().max(200).nullable(),
  /** While it learns: seconds until every part of the model has joined; null when it has learnt. */
  warmingSecondsLeft: z.number().nonnegative().nullable(),
  value: z.number().nullable(),
  score: z.number().min(0).max(100).nullable(),
  /** "1 in 3,300": how rare such a score is on ordinary days. */
  rarity: z.string().max(40).nullable(),
  expectedLow: z.number().nullable(),
  expectedHigh: z.number().nullable(),
  contributions: z.array(contribution).max(3),
  alert: z.object({ raised: z.boolean(), sinceSeconds: unixSeconds.nullable() }).nullable(),
  lastSampleSeconds: unixSeconds.nullable(),
  lastEvaluationSeconds: unixSeconds.nullable(),
  evaluationDurationSeconds: z.number().nonnegative().nullable(),
  model: z.object({ trainedSeconds: unixSeconds, rows: z.int().nonnegative(), version: z.int() }).nullable(),
});

export const detectorHealth = z.object({
  detector: z.enum(['gpu', 'container', 'process', 'disk']),
  /** When this was said, by the detectors' own clock. */
  atSeconds: unixSeconds,
  tickSeconds: z.number().positive(),
  rowSeconds: z.number().positive(),
  ready: z.boolean(),
  prometheus: z.object({
    answering: z.boolean(),
    lastAnswerSeconds: unixSeconds.nullable(),
    lastError: z.string().max(500).nullable(),
    /** When that was: the error itself is kept after it has passed. */
    lastErrorSeconds: unixSeconds.nullable(),
  }),
  errorsTotal: z.int().nonnegative(),
  /** Entities and series beyond the caps: seen, but not scored. */
  overflow: z.object({ entities: z.int().nonnegative(), series: z.int().nonnegative() }),
  /** Saved models that could not be used, newest last; the statistical fallback stands in until they are trained anew. */
  refusedModels: z
    .array(z.object({ file: z.string().max(300), reason: z.string().max(300), atSeconds: unixSeconds }))
    .max(50),
  training: z.object({
    waiting: z.int().nonnegative(),
    lastOutcome: z.string().max(300).nullable(),
  }),
  entities: z.array(z.object({ labels: z.record(z.string(), z.string()), series: z.array(seriesHealth) })),
});

export type DetectorHealth = z.infer<typeof detectorHealth>;
export type SeriesHealth = z.infer<typeof seriesHealth>;

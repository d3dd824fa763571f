// Live logs and what happened: the lines that a reader asks for, and the events that a stream of them is made of.
import { z } from 'zod';
import { containerId } from './containers.ts';
import { deploymentName } from './deployment-spec.ts';

const logLevels = ['debug', 'info', 'warn', 'error', 'fatal', 'unknown'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Longest line that is kept, in characters; what is longer is cut and says so. */
export const logLineLengthMax = 65_536;

export const logQuery = z.strictObject({
  /** Lines of the past to begin with, of all replicas together. */
  tail: z.coerce.number().int().min(0).max(5_000).default(200),
  follow: z.enum(['true', 'false']).default('true'),
  /** Text that a line must contain, whatever its case. */
  search: z.string().max(200).optional(),
  /** Levels to keep, parted by commas; without it all of them. */
  levels: z
    .string()
    .max(100)
    .refine((text) => text.split(',').every((level) => (logLevels as readonly string[]).includes(level)), {
      message: `levels are ${logLevels.join(', ')}`,
    })
    .optional(),
});
export type LogQuery = z.infer<typeof logQuery>;

/** Deployments or containers that can be read as one log. */
const logsTogetherMax = 8;
const several = (one: z.ZodType<string>) =>
  z.string().refine(
    (text) => {
      const parts = text.split(',');
      return parts.length <= logsTogetherMax && parts.every((part) => one.safeParse(part).success);
    },
    { message: `1 to ${logsTogetherMax}, parted by commas` },
  );
export const deploymentsLogQuery = logQuery.extend({ deployments: several(deploymentName) });
export const containersLogQuery = logQuery.extend({ containers: several(containerId) });

const logLine = z.strictObject({
  /** When the engine took it, ISO 8601 with nanoseconds; replicas are merged by it. */
  time: z.string(),
  /** `shop-r12.3`, and the container's name for one that is no deployment's. */
  replica: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  level: z.enum(logLevels),
  /** Without colours and control characters. */
  text: z.string(),
  /** The line was longer than 64 KB. */
  cut: z.boolean(),
});
export type LogLine = z.infer<typeof logLine>;

const logEnds = ['finished', 'signed-out', 'unavailable', 'closing'] as const;

/**
 * Events of a log stream (server-sent events): the name and the JSON of `data`.
 * `lines` carry an `id`, with which a reader that was cut off goes on where it was.
 */
const logStream = {
  lines: z.array(logLine),
  /** Lines that are missing here because the reader or the engine did not keep up. */
  dropped: z.strictObject({ lines: z.int() }),
  /** Something a reader should know: a source that cannot be read, one that joined. */
  note: z.strictObject({ text: z.string() }),
  end: z.strictObject({ reason: z.enum(logEnds) }),
} as const;
export type LogEvent = {
  [Name in keyof typeof logStream]: { event: Name; data: z.infer<(typeof logStream)[Name]>; id?: string };
}[keyof typeof logStream];

const engineEvent = z.strictObject({
  /** Unix seconds. */
  time: z.number(),
  /** `container`, `service`, `node`, `network`, `volume`, `secret`. */
  kind: z.string(),
  /** `start`, `die`, `oom`, `health_status: unhealthy`, … */
  action: z.string(),
  name: z.string(),
  deployment: z.string().nullable(),
  revision: z.string().nullable(),
  exitCode: z.int().nullable(),
});
export type EngineEvent = z.infer<typeof engineEvent>;

/** The newest events, newest first; `since` says from when on they are complete, null where the engine has not been heard yet. */
export const engineEvents = z.strictObject({
  items: z.array(engineEvent),
  since: z.number().nullable(),
  /** Whether the engine is being listened to right now. */
  listening: z.boolean(),
});

const healthProbe = z.strictObject({
  start: z.string(),
  seconds: z.number().nullable(),
  exitCode: z.int(),
  output: z.string(),
});

/** What can be told of one replica without running anything in it. */
export const replicaDiagnosis = z.strictObject({
  replica: z.string(),
  revision: z.string(),
  node: z.string().nullable(),
  /** The task's state as the swarm tells it: `running`, `pending`, `failed`, … */
  state: z.string(),
  desired: z.string(),
  since: z.string().nullable(),
  /** Why it is not running, in the engine's words. */
  reason: z.string().nullable(),
  exitCode: z.int().nullable(),
  /** True only where the engine told of this very container that it ran out of memory; null where its events were not heard. */
  outOfMemory: z.boolean().nullable(),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none', 'unknown']),
  /** The last checks, oldest first; null where the container is on another node, whose engine is not asked. */
  healthLog: z.array(healthProbe).nullable(),
});
export const diagnoses = z.strictObject({ items: z.array(replicaDiagnosis) });

// Live logs and what happened: the lines that a reader asks for, and the events that a stream of them is made of.
import { z } from 'zod';
import { containerId } from './containers.ts';
import { deploymentName } from './deployment-spec.ts';

const logLevels = ['debug', 'info', 'warn', 'error', 'fatal', 'unknown'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Longest line that is kept, in characters; what is longer is cut and says so. */
export const logLineLengthMax = 65_536;

/** A time in UTC with up to nine digits of the second, as lines have it. */
const lineTime = z.iso
  .datetime()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/, 'a time in UTC such as 2027-01-15T08:00:00.5Z');

export const logQuery = z.strictObject({
  /** Lines of the past to begin with, of all replicas together. */
  tail: z.coerce.number().int().min(0).max(5_000).default(200),
  follow: z.enum(['true', 'false']).default('true'),
  /** Time of the last line that a reader has: a new stream goes on behind it, as with `Last-Event-ID`, which is heeded first. */
  resume: lineTime.optional(),
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

/** `shop-r12.3`: the third replica of the revision r12 of shop. */
const replicaPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)-r[1-9]\d{0,5}\.\d{1,5}$/;
/** Replicas that can be chosen at once. */
const replicasChosenMax = 32;
/**
 * Names of the replicas to read, parted by commas. A deployment of which none is named is read whole. The choice is of names: what runs
 * later under a chosen name is read as well, and whatever else joins later is left out.
 */
const replicas = z
  .string()
  .max(replicasChosenMax * 54)
  .refine(
    (text) => {
      const parts = text.split(',');
      return parts.length <= replicasChosenMax && parts.every((part) => replicaPattern.test(part));
    },
    { message: `1 to ${replicasChosenMax} replicas such as shop-r12.3, parted by commas` },
  )
  .optional();

const deployments = { deployments: several(deploymentName), replicas };
const containers = { containers: several(containerId) };
export const deploymentLogQuery = logQuery.extend({ replicas });
export const deploymentsLogQuery = logQuery.extend(deployments);
export const containersLogQuery = logQuery.extend(containers);

/** Lines around a time; exactly one of `before`, `at` and `after` says which. */
const pageQuery = logQuery.omit({ follow: true, tail: true }).extend({
  /** The last lines before this time, without those of it. */
  before: lineTime.optional(),
  /** Lines around this time: one half before it, the other from it on. */
  at: lineTime.optional(),
  /** The first lines after this time, without those of it. */
  after: lineTime.optional(),
  /** Lines of all replicas together. */
  tail: z.coerce.number().int().min(1).max(1_000).default(200),
});
export type PageQuery = z.infer<typeof pageQuery>;
const oneTime = ({ before, at, after }: Pick<PageQuery, 'before' | 'at' | 'after'>): boolean =>
  [before, at, after].filter((time) => time !== undefined).length === 1;
const oneTimeMessage = { message: 'give exactly one of before, at and after' };
export const logPageQuery = pageQuery.refine(oneTime, oneTimeMessage);
export const deploymentPageQuery = pageQuery.extend({ replicas }).refine(oneTime, oneTimeMessage);
export const deploymentsPageQuery = pageQuery.extend(deployments).refine(oneTime, oneTimeMessage);
export const containersPageQuery = pageQuery.extend(containers).refine(oneTime, oneTimeMessage);

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

/** Lines of the past, oldest first. */
export const logPage = z.strictObject({
  items: z.array(logLine),
  /**
   * What there is before the first of them: `more`, `none` where the engine has nothing older, or `beyond` where there may be some, behind the
   * newest lines of a replica, which are all that is read of it.
   */
  older: z.enum(['more', 'none', 'beyond']),
  /** Whether there is something after the last of them. */
  newer: z.boolean(),
  /** Lines before this time may be missing, as a replica has written too much since; null where all that the engine has was read. */
  completeFrom: z.string().nullable(),
  /** What a reader should know: a source that cannot be read, a replica that is not there. */
  notes: z.array(z.string()),
});
export type LogPage = z.infer<typeof logPage>;

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

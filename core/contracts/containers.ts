// Containers of this host's engine: deployments', Odyssey's own and those that something else has made.
import { z } from 'zod';

export const containerId = z.string().regex(/^[0-9a-f]{64}$/);

/** Only `observed` ones can be started and stopped one by one: the others are kept in their state by what made them. */
const owners = ['deployment', 'odyssey', 'observed'] as const;
export const containerHealths = ['healthy', 'unhealthy', 'starting', 'none', 'unknown'] as const;

export const container = z.strictObject({
  id: containerId,
  name: z.string(),
  image: z.string(),
  /** `running`, `exited`, `paused`, `created`, `restarting`, `removing`, `dead`. */
  state: z.string(),
  /** In the engine's words: `Up 3 hours (healthy)`. */
  status: z.string(),
  health: z.enum(containerHealths),
  owner: z.enum(owners),
  environment: z.string().nullable(),
  deployment: z.string().nullable(),
  revision: z.string().nullable(),
  /** The compose project that an observed one belongs to. */
  project: z.string().nullable(),
  /** Unix seconds. */
  created: z.number(),
});
export type Container = z.infer<typeof container>;

/** One in more detail, its last exit and its health checks. */
export const containerDetail = container.extend({
  exitCode: z.int().nullable(),
  started: z.string().nullable(),
  finished: z.string().nullable(),
  outOfMemory: z.boolean().nullable(),
  restarts: z.int().nullable(),
  environmentNames: z.array(z.string()),
  memoryBytesMax: z.number().nullable(),
  networks: z.array(z.string()),
  mounts: z.array(z.strictObject({ kind: z.string(), name: z.string(), target: z.string(), readOnly: z.boolean() })),
  healthLog: z.array(
    z.strictObject({ start: z.string(), seconds: z.number().nullable(), exitCode: z.int(), output: z.string() }),
  ),
});

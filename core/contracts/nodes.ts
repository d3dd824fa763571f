// The swarm's nodes as the API shows and changes them, and the tokens that further ones join with.
import { z } from 'zod';

const unixSeconds = z.number();
export const nodeId = z.string().regex(/^[a-z0-9]{25}$/);
const nodeRole = z.enum(['worker', 'manager']);
const nodeAvailability = z.enum(['active', 'pause', 'drain']);
const labelText = z.string().regex(/^[\w.-]{1,63}$/, 'letters, digits, dots, hyphens and underscores');

export const nodeView = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** `ready`, `down`, `disconnected`, or `unknown` as the swarm itself says. */
  state: z.string(),
  /** The swarm's words about the state, such as a missed heartbeat. */
  message: z.string().nullable(),
  role: nodeRole,
  availability: nodeAvailability,
  leader: z.boolean(),
  /** Of a manager: `reachable` or `unreachable`; null for a worker. */
  reachability: z.string().nullable(),
  address: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Processor cores. */
  cores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  engineVersion: z.string().nullable(),
  platform: z.string().nullable(),
  /** Tasks that run there now; null where the tasks could not be read. */
  tasks: z.int().nullable(),
  /** Volumes that lie there and nowhere else, as `environment/name`. */
  volumes: z.array(z.string()),
  /** The one that the broker talks to: only its containers and volumes can be looked into. */
  local: z.boolean(),
});
export type NodeView = z.infer<typeof nodeView>;

/** `swarm` is `none` before the first deployment: then there are no nodes to speak of. */
export const nodeList = z.strictObject({ swarm: z.enum(['none', 'active']), items: z.array(nodeView) });

export const nodeChange = z
  .strictObject({
    availability: nodeAvailability.optional(),
    /** All of them: a label that is not here is taken away. */
    labels: z.record(labelText, z.string().max(256)).optional(),
    /** Drain even though volumes lie on this node alone, and what mounts them will wait. */
    despiteVolumes: z.boolean().default(false),
  })
  .refine(({ availability, labels }) => availability !== undefined || labels !== undefined, 'give a change');
export const nodeRoleBody = z.strictObject({ role: nodeRole });

export const joinTokenBody = z.strictObject({ role: nodeRole });
/** Shown once. It is rotated when a node has joined with it, at `expires`, or by DELETE, whichever comes first. */
export const joinToken = z.strictObject({
  role: nodeRole,
  token: z.string(),
  /** What to run on the new node. */
  command: z.string(),
  expires: unixSeconds,
});

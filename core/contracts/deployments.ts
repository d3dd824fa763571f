// Deployments as the API shows them: states, replicas, revisions with their history, and the operations that lead from one to the next.
import { z } from 'zod';
import { list } from './api.ts';
import { deploymentName, deploymentSpec, limits, replicas, revisionName } from './deployment-spec.ts';

const unixSeconds = z.number();

export const replicasBody = z.strictObject({ replicas });
export const rollbackBody = z.strictObject({
  /** Undefined: the revision that served before this one. */
  revision: revisionName.optional(),
});
const stateOf = z.enum(['scheduling', 'starting', 'running', 'degraded', 'failed', 'stopped', 'unknown']);

/** One task of a revision. */
const replica = z.strictObject({
  /** `<service>.<slot>` */
  name: z.string(),
  task: z.string(),
  node: z.string().nullable(),
  /** What people call that node; null where the engine does not say. */
  nodeName: z.string().nullable(),
  container: z.string().nullable(),
  revision: z.string(),
  /** `stable` answers requests, `coming` is to answer them when it is healthy, `warm` waits to be gone back to. */
  place: z.enum(['stable', 'coming', 'warm']),
  /** In the engine's words: `running`, `starting`, `rejected` … */
  state: z.string(),
  desired: z.string(),
  /** Why it is where it is, in the engine's words; empty where it says nothing. */
  reason: z.string(),
  exitCode: z.int().nullable(),
  since: unixSeconds,
  /** Image that the engine was told to run. */
  image: z.string(),
});

/** What HAProxy was read to say; `unknown` with the reason where it could not be read. */
const routing = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('read'),
    stable: z.string().nullable(),
    canary: z.string().nullable(),
    /** Of 10000. */
    canaryShare: z.int(),
    backends: z.array(z.strictObject({ revision: z.string(), serversUp: z.int(), serversDown: z.int() })),
  }),
  z.strictObject({ kind: z.literal('none'), reason: z.string() }),
  z.strictObject({ kind: z.literal('unknown'), reason: z.string() }),
]);

const results = z.enum(['pending', 'done', 'rolled-back', 'failed']);

/** One revision in the history; values of its environment are not in it. */
const revisionView = z.strictObject({
  revision: z.string(),
  image: z.string(),
  /** `sha256:…` or `name@sha256:…`, as it was resolved when the revision was made. */
  pinned: z.string(),
  envNames: z.array(z.string()),
  limits,
  specHash: z.string(),
  author: z.string(),
  created: unixSeconds,
  result: results,
  reason: z.string(),
  /** From the start to the read-back; null while it goes on. */
  seconds: z.number().nullable(),
  /** `stable` answers requests, `warm` runs and can be gone back to at once, `cold` is kept at no replicas, `pruned` is history alone. */
  place: z.enum(['stable', 'warm', 'cold', 'pruned']),
  replicas: z.int().nullable(),
});

const deploymentView = z.strictObject({
  name: deploymentName,
  environment: z.string(),
  state: stateOf,
  /** Why it is in that state; empty when all is well. */
  reason: z.string(),
  image: z.string(),
  pinned: z.string(),
  stable: z.string().nullable(),
  newest: z.string(),
  hosts: z.array(z.string()),
  port: z.int().nullable(),
  sticky: z.boolean(),
  keepRevisions: z.int(),
  warmSeconds: z.int(),
  stopped: z.boolean(),
  replicas: z.strictObject({
    wanted: z.int(),
    /** Null while the engine cannot be asked. */
    running: z.int().nullable(),
  }),
  created: unixSeconds,
  /** The operation that goes on, or the last one. */
  operation: z.string().nullable(),
  /** What to know before relying on it, such as a missing health check. */
  warnings: z.array(z.string()),
});

export const deploymentDetail = deploymentView.extend({
  /** Null while the engine cannot be asked. */
  tasks: z.array(replica).nullable(),
  routing,
  /** Digests that tasks of the stable revision run now; null while the engine cannot be asked. */
  runningImages: z.array(z.string()).nullable(),
  /** The environment's overlay that its replicas are on. */
  network: z.string(),
});

export const revisionDiff = z.strictObject({
  from: z.string(),
  to: z.string(),
  image: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
  env: z.strictObject({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) }),
  /** Other fields that differ, with both values as JSON; never of the environment. */
  fields: z.array(z.strictObject({ field: z.string(), from: z.string(), to: z.string() })),
});

const operationKind = z.enum(['deploy', 'update', 'rollback', 'scale', 'restart', 'stop', 'start', 'remove', 'prune']);

const operationStep = z.strictObject({
  seq: z.int(),
  time: unixSeconds,
  /** `intended` is written before it is done. */
  kind: z.enum(['intended', 'done', 'progress', 'failed']),
  step: z.string(),
  text: z.string(),
  /** Of a pull: bytes that are here and in all. */
  progress: z.strictObject({ current: z.number(), total: z.number() }).optional(),
});

const operation = z.strictObject({
  id: z.string(),
  environment: z.string(),
  deployment: z.string(),
  kind: operationKind,
  /** The revision that it is about. */
  revision: z.string().nullable(),
  actor: z.string(),
  state: z.enum(['running', 'done', 'rolled-back', 'failed']),
  /** What came of it, with what was read back. */
  outcome: z.string(),
  started: unixSeconds,
  ended: unixSeconds.nullable(),
});
export const operationDetail = operation.extend({ steps: z.array(operationStep) });

/** Answer of whatever takes its time: it goes on, and is followed at …/operations/:operation. */
export const accepted = z.strictObject({
  operation: z.string(),
  deployment: z.string(),
  revision: z.string().nullable(),
});

export const composeBody = z.strictObject({
  /** A compose file's text. */
  text: z.string().max(262_144),
});

export const composePreview = z.strictObject({
  deployments: z.array(deploymentSpec),
  volumes: z.array(z.string()),
  secrets: z.array(z.strictObject({ name: z.string(), exists: z.boolean() })),
  warnings: z.array(z.string()),
});

export const prunePreview = z.strictObject({
  revisions: z.array(z.strictObject({ deployment: z.string(), revision: z.string(), pinned: z.string() })),
  /** Images that nothing kept needs any more; bytes are those that no other image has as well, so at least these are freed. */
  images: z.array(z.strictObject({ id: z.string(), name: z.string(), bytes: z.int() })),
  bytes: z.int(),
});

export const pruned = z.strictObject({
  revisions: z.int(),
  images: z.int(),
  bytes: z.int(),
  problems: z.array(z.string()),
});

/** What the engine is good for now. */
export const engineState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('absent'), reason: z.string() }),
  /** The first deployment needs a swarm; `plan` says what its start would do. */
  z.strictObject({
    kind: z.literal('no-swarm'),
    version: z.string(),
    plan: z.string(),
    pool: z.string(),
    address: z.string(),
  }),
  z.strictObject({ kind: z.literal('worker'), version: z.string(), reason: z.string() }),
  z.strictObject({
    kind: z.literal('ready'),
    version: z.string(),
    node: z.string(),
    managers: z.int(),
    nodes: z.int(),
  }),
]);
export const swarmBody = z.strictObject({
  /** What `GET /engine` proposed, sent back as consent. */
  pool: z.cidrv4(),
  address: z.union([z.ipv4(), z.ipv6()]),
});

export const registryHost = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?$/, 'a registry such as registry.example:5000');
export const registryBody = z.strictObject({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(8_192),
});
/** The password is never given back. */
export const registryView = z.strictObject({ registry: z.string(), username: z.string(), changed: unixSeconds });

export const deploymentList = list(deploymentView);
export const revisionList = list(revisionView);
export const operationList = list(operation);
export const registryList = list(registryView);

export type DeploymentState = z.infer<typeof stateOf>;
export type DeploymentView = z.infer<typeof deploymentView>;
export type DeploymentDetail = z.infer<typeof deploymentDetail>;
export type RevisionView = z.infer<typeof revisionView>;
export type RevisionDiff = z.infer<typeof revisionDiff>;
export type Replica = z.infer<typeof replica>;
export type Routing = z.infer<typeof routing>;
export type Operation = z.infer<typeof operation>;
export type OperationKind = z.infer<typeof operationKind>;
export type OperationStep = z.infer<typeof operationStep>;
export type Accepted = z.infer<typeof accepted>;
export type EngineState = z.infer<typeof engineState>;
export type PrunePreview = z.infer<typeof prunePreview>;
export type Pruned = z.infer<typeof pruned>;

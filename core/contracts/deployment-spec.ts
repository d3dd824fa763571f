// What a person asks for when something is deployed: the specification, what of it makes a revision, and what may change within one.
import { z } from 'zod';

const megabytesMax = 1_048_576;

/** Short and without an underscore, so that names made of it read back without doubt. Unique across environments. */
export const deploymentName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'up to 40 lower-case letters, digits and hyphens');
export const revisionName = z.string().regex(/^r[1-9]\d{0,5}$/, 'a revision such as r12');
const imageReference = z
  .string()
  .max(512)
  .regex(
    /^([a-z0-9]+([._:/-]+[a-zA-Z0-9]+)*)(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    'an image such as registry.example/shop:1.4 or sha256:…',
  );
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, 'a host name');
const path = z
  .string()
  .max(512)
  .regex(/^(\/[^/\u0000-\u001f\u007f]+)+$/, 'an absolute path')
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'), 'an absolute path');
const word = z
  .string()
  .max(8_192)
  .regex(/^[^\u0000]*$/, 'a NUL character');
const seconds = (max: number) => z.number().min(0).max(max);

const healthCheck = z.strictObject({
  /** Runs inside the container; exit code 0 is healthy. */
  command: z.array(word).min(1).max(64),
  intervalSeconds: seconds(3_600).default(30),
  timeoutSeconds: seconds(600).default(3),
  retries: z.int().min(1).max(100).default(3),
  /** Failures within it do not count, and checks come faster. */
  startPeriodSeconds: seconds(3_600).default(20),
  startIntervalSeconds: seconds(60).default(0.3),
});

export const limits = z.strictObject({
  memoryMegabytes: z.int().min(6).max(megabytesMax).default(512),
  cpus: z.number().min(0.01).max(1_024).default(0.5),
  processes: z.int().min(1).max(100_000).optional(),
});

const secretUse = z.strictObject({
  /** The secret's name without its version: rotating it is no new revision. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,56}$/, 'the name of a secret'),
  /** Where it appears below /run/secrets; its own name where it is left out. */
  file: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'a plain file name')
    .optional(),
  uid: z.int().min(0).max(4_294_967_294).default(0),
  gid: z.int().min(0).max(4_294_967_294).default(0),
  /** Of the file, as a number: 0o400 is 256. */
  mode: z.int().min(0).max(0o777).default(0o444),
});

const volumeUse = z.strictObject({
  /** `vol-…`, as it is listed among the volumes. */
  name: z.string().regex(/^vol-[a-z0-9][a-z0-9-]{0,58}$/, 'a volume such as vol-data'),
  path,
  readOnly: z.boolean().default(false),
});

const memoryFolder = z.strictObject({ path, megabytes: z.int().min(1).max(megabytesMax) });

const placement = z.strictObject({
  constraints: z
    .array(
      z
        .string()
        .max(256)
        .regex(/^[\w.-]+ ?[!=]= ?[\w.:-]+$/, 'a constraint such as node.labels.disk==fast'),
    )
    .max(31)
    .default([]),
  replicasPerNodeMax: z.int().min(1).max(1_000).optional(),
});

const restart = z.strictObject({
  condition: z.enum(['none', 'on-failure', 'any']).default('any'),
  delaySeconds: seconds(3_600).default(1),
  attemptsMax: z.int().min(0).max(1_000).optional(),
  windowSeconds: seconds(86_400).optional(),
});

const rollout = z.strictObject({
  /** Replicas that are replaced at once. */
  parallelism: z.int().min(1).max(100).default(1),
  /** How long a new replica is watched; at least the application's start-up time. */
  monitorSeconds: z.number().min(1).max(3_600).default(3),
  /** How long a new revision may take until all of it is healthy; after that it is given up. */
  deadlineSeconds: z.number().min(5).max(3_600).default(300),
});

/** What is fixed in a revision: a change of any of it is a new one. Fields without their defaults. */
const revisionFields = {
  image: imageReference,
  command: z.array(word).max(256),
  args: z.array(word).max(256),
  workingFolder: path,
  user: z
    .string()
    .max(64)
    .regex(/^[\w-]+(:[\w-]+)?$/, 'a user, or user:group'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/, 'a name of a variable'), word.max(32_768))
    .refine((env) => Object.keys(env).length <= 256, 'at most 256 variables'),
  /** The port that the application listens on, inside its container; without one nothing is routed to it. */
  port: z.int().min(1).max(65_535),
  /** Asked by the ingress each second; without one a connection is enough. */
  healthPath: z.string().regex(/^\/[A-Za-z0-9._~/?=&%:@+,;-]{0,255}$/, 'a path such as /healthz'),
  healthCheck,
  limits,
  secrets: z.array(secretUse).max(32),
  volumes: z.array(volumeUse).max(16),
  memoryFolders: z.array(memoryFolder).max(16),
  readOnlyRoot: z.boolean(),
  init: z.boolean(),
  placement,
  restart,
  rollout,
  stopGraceSeconds: seconds(600),
  stopSignal: z.string().regex(/^SIG[A-Z0-9]{2,8}$/, 'a signal such as SIGTERM'),
};

/** With every default filled in. */
export const revisionSpec = z.strictObject({
  image: revisionFields.image,
  command: revisionFields.command.optional(),
  args: revisionFields.args.optional(),
  workingFolder: revisionFields.workingFolder.optional(),
  user: revisionFields.user.optional(),
  env: revisionFields.env.default({}),
  port: revisionFields.port.optional(),
  healthPath: revisionFields.healthPath.optional(),
  healthCheck: revisionFields.healthCheck.optional(),
  limits: revisionFields.limits.default({ memoryMegabytes: 512, cpus: 0.5 }),
  secrets: revisionFields.secrets.default([]),
  volumes: revisionFields.volumes.default([]),
  memoryFolders: revisionFields.memoryFolders.default([]),
  readOnlyRoot: revisionFields.readOnlyRoot.default(false),
  init: revisionFields.init.default(true),
  placement: revisionFields.placement.default({ constraints: [] }),
  restart: revisionFields.restart.default({ condition: 'any', delaySeconds: 1 }),
  rollout: revisionFields.rollout.default({ parallelism: 1, monitorSeconds: 3, deadlineSeconds: 300 }),
  stopGraceSeconds: revisionFields.stopGraceSeconds.default(10),
  stopSignal: revisionFields.stopSignal.optional(),
});

/** Fields that are given replace those of the revision that serves, or of the newest while none does; null takes an optional one away. */
export const revisionChange = z
  .strictObject({
    ...revisionFields,
    command: revisionFields.command.nullable(),
    args: revisionFields.args.nullable(),
    workingFolder: revisionFields.workingFolder.nullable(),
    user: revisionFields.user.nullable(),
    port: revisionFields.port.nullable(),
    healthPath: revisionFields.healthPath.nullable(),
    healthCheck: revisionFields.healthCheck.nullable(),
    stopSignal: revisionFields.stopSignal.nullable(),
  })
  .partial();

export const replicas = z.int().min(0).max(250);

/** What belongs to the deployment as a whole and changes within a revision. */
const settingsFields = {
  replicas,
  /** Names that the ingress answers for; none is in two deployments. */
  hosts: z.array(hostName).max(50),
  /** Whether a client stays with the revision that it met first. */
  sticky: z.boolean(),
  /** Revisions that a rollback can go to, the running one included. */
  keepRevisions: z.int().min(2).max(20),
  /** How long the revision before stays warm after an update, so that a rollback is a map write. */
  warmSeconds: z.int().min(0).max(604_800),
};

const deploymentSettings = z.strictObject({
  replicas: settingsFields.replicas.default(1),
  hosts: settingsFields.hosts.default([]),
  sticky: settingsFields.sticky.default(false),
  keepRevisions: settingsFields.keepRevisions.default(5),
  warmSeconds: settingsFields.warmSeconds.default(3_600),
});

/** Of the settings only replicas are changed elsewhere: scaling is an operation. */
export const settingsChange = z
  .strictObject({
    hosts: settingsFields.hosts,
    sticky: settingsFields.sticky,
    keepRevisions: settingsFields.keepRevisions,
    warmSeconds: settingsFields.warmSeconds,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'give what shall change');

export const deploymentSpec = z.strictObject({
  name: deploymentName,
  ...deploymentSettings.shape,
  ...revisionSpec.shape,
});

export type RevisionSpec = z.infer<typeof revisionSpec>;
export type RevisionChange = z.infer<typeof revisionChange>;
export type DeploymentSpec = z.infer<typeof deploymentSpec>;
export type DeploymentSettings = z.infer<typeof deploymentSettings>;
export type SettingsChange = z.infer<typeof settingsChange>;

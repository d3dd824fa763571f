// The bodies of `POST /services/create` and `/services/{id}/update`: one revision of a deployment, field by field.
import { z } from 'zod';
import { ownNames } from '../../../core/contracts/broker.ts';
import type { Policy } from '../policy.ts';
import {
  alias,
  argv,
  bytes,
  environment,
  healthCheck,
  nanoCpus,
  nanoseconds,
  networkName,
  objectName,
  ownLabels,
  pinnedImage,
  serviceMounts,
} from './parts.ts';

/**
 * What the engine adds when it answers with a specification is accepted only as its harmless default, so that a specification read
 * back can be sent again. Left out on purpose: published ports (the ingress is the only way in), plug-in tasks, added capabilities,
 * sysctls, configs, credential specs, log drivers, a host's network. What lowers a container's rights is demanded.
 * Volumes and networks that the settings list are for what Odyssey runs itself: with the ingress's own, a deployment would hold
 * HAProxy's master socket and its keys.
 */
export function serviceSpec(installed: Policy) {
  const policy: Policy = { ...installed, volumes: [], networks: [] };
  return z.strictObject({
    Name: z.string().regex(ownNames.service, 'the name of a revision is expected, as shop-r12'),
    Labels: ownLabels,
    Mode: z.strictObject({ Replicated: z.strictObject({ Replicas: z.int().min(0).max(1_000) }) }),
    EndpointSpec: z.strictObject({ Mode: z.literal('dnsrr') }),
    TaskTemplate: taskTemplate(policy),
    UpdateConfig: rollout,
    RollbackConfig: rollout,
  });
}

function taskTemplate(policy: Policy) {
  return z.strictObject({
    ContainerSpec: containerSpec(policy),
    Resources: z.strictObject({
      Limits: z.strictObject({
        MemoryBytes: bytes.min(4 * 1024 * 1024),
        NanoCPUs: nanoCpus.min(1),
        Pids: z.int().min(0).max(1_000_000).optional(),
      }),
      Reservations: z
        .strictObject({
          MemoryBytes: bytes.optional(),
          NanoCPUs: nanoCpus.optional(),
          GenericResources: z.array(genericResource).max(16).optional(),
        })
        .optional(),
    }),
    RestartPolicy: z.strictObject({
      Condition: z.enum(['none', 'on-failure', 'any']),
      Delay: nanoseconds.optional(),
      MaxAttempts: z.int().min(0).max(1_000_000).optional(),
      Window: nanoseconds.optional(),
    }),
    Placement: z
      .strictObject({
        Constraints: z
          .array(
            z
              .string()
              .max(256)
              .regex(/^[\w.-]+ ?[!=]= ?[\w.:-]+$/),
          )
          .max(32)
          .optional(),
        MaxReplicas: z.int().min(0).max(1_000).optional(),
        Platforms: z
          .array(z.strictObject({ Architecture: z.string().optional(), OS: z.string().optional() }))
          .max(16)
          .optional(),
      })
      .optional(),
    Networks: z
      .array(z.strictObject({ Target: networkName(policy), Aliases: z.array(alias).max(16).optional() }))
      .min(1)
      .max(16),
    ForceUpdate: z.int().min(0).optional(),
    Runtime: z.literal('container').optional(),
  });
}

function containerSpec(policy: Policy) {
  return z.strictObject({
    Image: pinnedImage,
    Labels: ownLabels,
    Command: argv.optional(),
    Args: argv.optional(),
    Env: environment.optional(),
    Dir: z
      .string()
      .max(512)
      .regex(/^\/[^\u0000]*$/)
      .optional(),
    User: z
      .string()
      .max(64)
      .regex(/^[\w-]*(:[\w-]+)?$/)
      .optional(),
    Hostname: alias.optional(),
    Init: z.boolean().optional(),
    ReadOnly: z.boolean().optional(),
    StopSignal: z
      .string()
      .regex(/^SIG[A-Z0-9]{2,8}$/)
      .optional(),
    StopGracePeriod: nanoseconds.optional(),
    HealthCheck: healthCheck.optional(),
    Mounts: serviceMounts(policy).optional(),
    Secrets: z.array(secretReference).max(64).optional(),
    CapabilityDrop: z.tuple([z.literal('ALL')]),
    Privileges: z.strictObject({ NoNewPrivileges: z.literal(true) }),
    Isolation: z.literal('default').optional(),
    DNSConfig: z.strictObject({}).optional(),
  });
}

const secretReference = z.strictObject({
  SecretID: z.string().regex(objectName),
  SecretName: z.string().regex(ownNames.secret),
  File: z.strictObject({
    Name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'a plain file name'),
    UID: z.string().regex(/^\d{1,10}$/),
    GID: z.string().regex(/^\d{1,10}$/),
    Mode: z.int().min(0).max(0o777),
  }),
});

const genericResource = z.union([
  z.strictObject({
    DiscreteResourceSpec: z.strictObject({ Kind: z.string().regex(objectName), Value: z.int().min(0).max(1_024) }),
  }),
  z.strictObject({
    NamedResourceSpec: z.strictObject({ Kind: z.string().regex(objectName), Value: z.string().max(128) }),
  }),
]);

const rollout = z.strictObject({
  Parallelism: z.int().min(0).max(1_000),
  Delay: nanoseconds.optional(),
  FailureAction: z.enum(['pause', 'continue', 'rollback']),
  Monitor: nanoseconds.optional(),
  MaxFailureRatio: z.number().min(0).max(1).optional(),
  Order: z.enum(['start-first', 'stop-first']),
});

// The body of `POST /containers/create`: the ingress and its like, with no more rights than the fields below can give.
import { z } from 'zod';
import { ownNames } from '../../../core/contracts/broker.ts';
import type { Policy } from '../policy.ts';
import {
  alias,
  argv,
  atMost,
  bytes,
  containerMounts,
  environment,
  healthCheck,
  labels,
  nanoCpus,
  networkName,
  pinnedImage,
} from './parts.ts';

const portKey = z.string().regex(/^([1-9]\d{0,4})\/tcp$/);

/**
 * Every field that raises a container's rights is simply not here (Privileged, CapAdd, Devices, namespaces of the host, cgroups,
 * sysctls, runtimes, links, volumes of other containers), and those that lower them are demanded.
 */
export function containerCreate(policy: Policy) {
  return z.strictObject({
    Image: pinnedImage,
    Entrypoint: argv.optional(),
    Cmd: argv.optional(),
    Env: environment.optional(),
    User: z.string().regex(/^\d{1,10}:\d{1,10}$/, 'numbers are expected, as 1000:1000'),
    Labels: labels,
    ExposedPorts: z.record(portKey, z.strictObject({})).refine(atMost(16)).optional(),
    Healthcheck: healthCheck.optional(),
    StopSignal: z
      .string()
      .regex(/^SIG[A-Z0-9]{2,8}$/)
      .optional(),
    StopTimeout: z.int().min(0).max(600).optional(),
    HostConfig: hostConfig(policy),
    NetworkingConfig: z
      .strictObject({
        EndpointsConfig: z.record(networkName(policy), endpoint).refine(atMost(64)),
      })
      .optional(),
  });
}

function hostConfig(policy: Policy) {
  return z.strictObject({
    CapDrop: z.tuple([z.literal('ALL')]),
    SecurityOpt: z.tuple([z.enum(['no-new-privileges', 'no-new-privileges:true'])]),
    ReadonlyRootfs: z.literal(true),
    RestartPolicy: z.strictObject({
      Name: z.enum(['no', 'always', 'on-failure']),
      MaximumRetryCount: z.int().min(0).max(1_000).optional(),
    }),
    NetworkMode: z.union([z.enum(['bridge', 'none']), networkName(policy)]).optional(),
    PortBindings: z
      .record(portKey, z.array(portBinding(policy)).max(4))
      .refine(atMost(16))
      .optional(),
    Mounts: containerMounts(policy).optional(),
    Memory: bytes.min(6 * 1024 * 1024),
    MemorySwap: bytes.optional(),
    NanoCpus: nanoCpus.min(1),
    PidsLimit: z.int().min(1).max(100_000),
    Init: z.boolean().optional(),
    LogConfig: z
      .strictObject({
        Type: z.enum(['json-file', 'local']),
        Config: z.strictObject({
          'max-size': z.string().regex(/^\d{1,4}[km]$/),
          'max-file': z.string().regex(/^\d{1,2}$/),
        }),
      })
      .optional(),
  });
}

function portBinding(policy: Policy) {
  return z.strictObject({
    HostIp: z.union([z.ipv4(), z.ipv6(), z.literal('')]).optional(),
    HostPort: z
      .string()
      .refine((port) => policy.publishedPorts.some((allowed) => String(allowed) === port), 'not our port'),
  });
}

const endpoint = z.strictObject({ Aliases: z.array(alias).max(64).optional() });

/** Only what Odyssey runs itself is attached and detached: an environment is closed to all else on the host. */
const ownContainer = z.string().regex(ownNames.container, 'not our container');

export function networkConnect() {
  return z.strictObject({ Container: ownContainer, EndpointConfig: endpoint.optional() });
}

export function networkDisconnect() {
  return z.strictObject({ Container: ownContainer, Force: z.boolean().optional() });
}

// The bodies of small things: networks, volumes, secrets, nodes and the swarm itself.
import { z } from 'zod';
import { ownNames } from '../../../core/contracts/broker.ts';
import { labels, nanoseconds } from './parts.ts';

/** An environment's overlay. Other drivers reach the host's own interfaces, and driver options and IPAM could overlap them. */
export const networkCreate = z.strictObject({
  Name: z.string().regex(ownNames.network),
  Driver: z.literal('overlay'),
  Attachable: z.literal(true),
  Internal: z.boolean().optional(),
  Labels: labels.optional(),
  Options: z.strictObject({ encrypted: z.enum(['', 'true']) }).optional(),
});

/** Without driver options: `type=none,o=bind,device=/` would be the host's root. */
export const volumeCreate = z.strictObject({
  Name: z.string().regex(ownNames.volume),
  Driver: z.literal('local').optional(),
  Labels: labels.optional(),
});

/** The engine takes 500 KB before base64. */
export const secretCreate = z.strictObject({
  Name: z.string().regex(ownNames.secret),
  Labels: labels.optional(),
  Data: z.base64().max(700_000),
});

export const nodeSpec = z.strictObject({
  Name: z.string().max(128).optional(),
  Labels: labels.optional(),
  Role: z.enum(['worker', 'manager']),
  Availability: z.enum(['active', 'pause', 'drain']),
});

const swarmSpec = z.strictObject({
  Name: z.literal('default').optional(),
  Labels: labels.optional(),
  Orchestration: z.strictObject({ TaskHistoryRetentionLimit: z.int().min(0).max(100) }).optional(),
  Raft: z
    .strictObject({
      SnapshotInterval: z.int().min(1).optional(),
      KeepOldSnapshots: z.int().min(0).max(100).optional(),
      LogEntriesForSlowFollowers: z.int().min(0).optional(),
      ElectionTick: z.int().min(1).max(1_000).optional(),
      HeartbeatTick: z.int().min(1).max(1_000).optional(),
    })
    .optional(),
  Dispatcher: z.strictObject({ HeartbeatPeriod: nanoseconds.min(500e6) }).optional(),
  CAConfig: z
    .strictObject({
      NodeCertExpiry: z
        .int()
        .min(3_600e9)
        .max(8_766 * 3_600e9),
    })
    .optional(),
  EncryptionConfig: z.strictObject({ AutoLockManagers: z.boolean() }).optional(),
  TaskDefaults: z.strictObject({}).optional(),
});

const address = z.union([z.ipv4(), z.ipv6(), z.string().regex(/^[0-9.]+:\d{1,5}$/)]);

/** A new swarm on this host; never one forced over another's state. */
export const swarmInit = z.strictObject({
  ListenAddr: address,
  AdvertiseAddr: address,
  DataPathAddr: address.optional(),
  ForceNewCluster: z.literal(false).optional(),
  DefaultAddrPool: z.array(z.cidrv4()).max(8).optional(),
  SubnetSize: z.int().min(16).max(29).optional(),
  Spec: swarmSpec.optional(),
});

export const swarmUpdate = swarmSpec;

/** A registry's credentials, as they travel in their own header. */
export const registryAuth = z.union([
  z.strictObject({
    username: z.string().max(256),
    password: z.string().max(8_192),
    email: z.string().max(256).optional(),
    serveraddress: z
      .string()
      .max(512)
      .regex(/^[A-Za-z0-9.:/_-]+$/),
  }),
  z.strictObject({
    identitytoken: z.string().max(8_192),
    serveraddress: z
      .string()
      .max(512)
      .regex(/^[A-Za-z0-9.:/_-]+$/),
  }),
]);

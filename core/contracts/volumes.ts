// Volumes and networks of an environment, and the names under which the engine knows them.
import { z } from 'zod';
import { ownNames } from './broker.ts';

const unixSeconds = z.number();
/** The engine's own name: unique on the whole appliance, and of one environment. */
export const volumeName = z.string().regex(ownNames.volume, 'a volume such as vol-data');
const partName = z.string().regex(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/, 'small letters, digits and hyphens, at most 30');
export const networkName = partName;

const volumeUse = z.strictObject({ deployment: z.string(), revision: z.string() });

export const volumeBody = z.strictObject({
  name: volumeName,
  /** A budget that is watched; the engine enforces none. */
  budgetBytes: z.int().min(1_048_576).nullable().default(null),
});

/** A volume lies on one node and does not move: whatever mounts it runs there. */
export const volumeView = z.strictObject({
  name: volumeName,
  node: z.strictObject({ id: z.string(), name: z.string().nullable() }),
  created: unixSeconds,
  /** Null where it was not measured: its node is not this one, or the engine did not say. */
  bytes: z.number().nullable(),
  budgetBytes: z.number().nullable(),
  usedBy: z.array(volumeUse),
  /** Whether a running replica has it mounted; null where that cannot be seen from here. */
  attached: z.boolean().nullable(),
  /** `missing`: recorded here, and its node's engine does not have it. */
  state: z.enum(['present', 'missing', 'unknown']),
});
export type VolumeView = z.infer<typeof volumeView>;

/** To delete a volume its name is typed once more. */
export const volumeRemoval = z.strictObject({ confirm: z.string().max(64) });

export const networkBody = z.strictObject({
  name: networkName,
  /** Without a way out of the swarm. */
  internal: z.boolean().default(true),
});

export const networkView = z.strictObject({
  name: z.string(),
  /** The environment's own, which every deployment and the ingress are attached to. */
  main: z.boolean(),
  internal: z.boolean(),
  subnet: z.string().nullable(),
  created: z.string().nullable(),
  deployments: z.array(z.string()),
});
export type NetworkView = z.infer<typeof networkView>;

/** The name of the main one, as the API shows it; nobody can give it to another. */
export const mainNetwork = 'main';

/** How the engine knows a network of an environment. */
export function engineNetworkName(environment: string, name: string = mainNetwork): string {
  return name === mainNetwork ? `env-${environment}` : `env-${environment}-${name}`;
}

/** The environment and network that an engine's name speaks of, or undefined where it is none of ours. */
export function readEngineNetworkName(engineName: string): { environment: string; name: string } | undefined {
  const parts = /^env-([0-9a-f]{16})(?:-([a-z](?:[a-z0-9-]{0,28}[a-z0-9])?))?$/.exec(engineName);
  return parts === null ? undefined : { environment: parts[1]!, name: parts[2] ?? mainNetwork };
}

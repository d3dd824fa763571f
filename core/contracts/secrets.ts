// Secrets as the API takes and shows them: their values go in and never come out.
import { z } from 'zod';

export const secretName = z.string().regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'small letters, digits and hyphens');
const deploymentNames = z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,52}$/)).max(100);
const unixSeconds = z.number();

/** The value, as text or as base64 for what is none; at most 128 KiB. */
const secretValue = z
  .strictObject({
    text: z.string().min(1).max(131_072).optional(),
    base64: z.base64().min(4).max(174_764).optional(),
  })
  .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined), 'give either text or base64');
export type SecretValue = z.infer<typeof secretValue>;

export const secretBody = z.strictObject({
  name: secretName,
  value: secretValue,
  /** Deployments that may mount it; no other can. */
  deployments: deploymentNames.default([]),
});
export const secretRotationBody = z.strictObject({ value: secretValue });
export const secretPolicyBody = z.strictObject({ deployments: deploymentNames });

const secretUse = z.strictObject({ deployment: z.string(), revision: z.string() });

const secretVersion = z.strictObject({
  version: z.int(),
  created: unixSeconds,
  /** `current` is given to deployments; `next` is being rotated in; `old` is still mounted by some service. */
  state: z.enum(['current', 'next', 'old']),
  usedBy: z.array(secretUse),
});

/** Two phases: the services that use it are moved and proven to run, only then the version before is removed. */
export const secretRotation = z.strictObject({
  from: z.int(),
  to: z.int(),
  phase: z.enum(['creating', 'moving', 'removing', 'done', 'failed']),
  started: unixSeconds,
  ended: unixSeconds.nullable(),
  /** Deployments that run with the new version already. */
  moved: z.array(z.string()),
  reason: z.string().nullable(),
});

export const secretView = z.strictObject({
  name: secretName,
  created: unixSeconds,
  deployments: deploymentNames,
  /** Newest first. */
  versions: z.array(secretVersion),
  rotation: secretRotation.nullable(),
});
export type SecretView = z.infer<typeof secretView>;
export type SecretRotation = z.infer<typeof secretRotation>;

/** How the engine knows a version: no two environments share one. Other stores have other names for theirs. */
export function engineSecretName(environment: string, name: string, version: number): string {
  return `${environment}-${name}-${version}`;
}

/** The secret and version that an engine's name speaks of, or undefined where it is no secret of ours. */
export function readEngineSecretName(
  engineName: string,
): { environment: string; name: string; version: number } | undefined {
  const parts = /^([0-9a-f]{16})-([a-z](?:[a-z0-9-]{0,38}[a-z0-9])?)-([1-9][0-9]{0,5})$/.exec(engineName);
  return parts === null ? undefined : { environment: parts[1]!, name: parts[2]!, version: Number(parts[3]) };
}

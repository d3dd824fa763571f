// The pieces that every request body is checked with: names, labels, environments, commands, images, mounts. Unknown fields are refused.
import { z } from 'zod';
import { ownNames } from '../../../core/contracts/broker.ts';
import { allowsBind, isCanonical, type Policy } from '../policy.ts';

/** A name or id of anything in the engine. */
export const objectName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** `sha256:…` of an image on this host, or a repository with its digest; never a tag, which may be another image tomorrow. */
export const pinnedImage = z
  .string()
  .max(512)
  .regex(/^([a-z0-9]+(([.:/]|_{1,2}|-+)[a-z0-9]+)*@)?sha256:[0-9a-f]{64}$/, 'name the image by its id or digest');

/** Any image reference, as it stands in a path. */
export const imageReference =
  /^(?=.{1,512}$)[a-z0-9]+(([.:/]|_{1,2}|-+)[a-zA-Z0-9]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

const visible = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000]*$/, 'a NUL character');

export const labels = z.record(z.string().min(1).max(256), visible(4_096)).refine(atMost(128), 'at most 128 labels');

/** Deployments are told apart from everything else on the host by these three. */
export const ownLabels = labels.refine(
  (set) => ['odyssey_environment', 'odyssey_deployment', 'odyssey_revision'].every((name) => Object.hasOwn(set, name)),
  'the labels odyssey_environment, odyssey_deployment and odyssey_revision are missing',
);

/** Each entry needs its `=`: an answer of the broker carries names alone, and sent back they would empty the environment. */
export const environment = z
  .array(visible(65_536).regex(/^[A-Za-z_][A-Za-z0-9_.-]*=/, 'NAME=value is expected'))
  .max(512);

export const argv = z.array(visible(8_192)).max(256);

export const bytes = z.int().min(0);
export const nanoseconds = z.int().min(0).max(86_400e9);
export const nanoCpus = z.int().min(0).max(1_024e9);

export const healthCheck = z.strictObject({
  Test: argv,
  Interval: nanoseconds.optional(),
  Timeout: nanoseconds.optional(),
  StartPeriod: nanoseconds.optional(),
  StartInterval: nanoseconds.optional(),
  Retries: z.int().min(0).max(1_000).optional(),
});

/** Where a mount appears inside the container. */
const mountTarget = z
  .string()
  .max(512)
  .refine((path) => isCanonical(path) && !/^\/(proc|sys|dev)(\/|$)/.test(path), 'not a place to mount at');

const tmpfs = z.strictObject({
  Type: z.literal('tmpfs'),
  Target: mountTarget,
  ReadOnly: z.boolean().optional(),
  TmpfsOptions: z.strictObject({ SizeBytes: bytes.optional(), Mode: z.int().min(0).max(0o1777).optional() }).optional(),
});

/** No driver and no driver options: with them a volume is a bind mount under another name. */
function volume(policy: Policy) {
  return z.strictObject({
    Type: z.literal('volume'),
    Source: z.string().refine((name) => ownNames.volume.test(name) || policy.volumes.includes(name), 'not our volume'),
    Target: mountTarget,
    ReadOnly: z.boolean().optional(),
    VolumeOptions: z.strictObject({ NoCopy: z.boolean().optional(), Labels: labels.optional() }).optional(),
  });
}

function bind(policy: Policy) {
  return z
    .strictObject({
      Type: z.literal('bind'),
      Source: z.string().max(4_096),
      Target: mountTarget,
      ReadOnly: z.boolean().optional(),
    })
    .refine(({ Source, ReadOnly }) => allowsBind(policy, Source, ReadOnly === true), 'this folder may not be mounted');
}

const mountsMax = 32;

/** Mounts of a deployment: its volumes and memory, never a folder of the host. */
export function serviceMounts(policy: Policy) {
  return z.array(z.discriminatedUnion('Type', [tmpfs, volume(policy)])).max(mountsMax);
}

/** Mounts of a container that the control plane runs itself: also the folders that the settings list. */
export function containerMounts(policy: Policy) {
  return z.array(z.discriminatedUnion('Type', [tmpfs, volume(policy), bind(policy)])).max(mountsMax);
}

/** An environment's network by its name; ids are refused, since one could be the host's network. */
export function networkName(policy: Policy) {
  return z.string().refine((name) => ownNames.network.test(name) || policy.networks.includes(name), 'not our network');
}

export const alias = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);

export function atMost(max: number): (set: object) => boolean {
  return (set) => Object.keys(set).length <= max;
}

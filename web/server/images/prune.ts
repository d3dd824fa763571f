// Old revisions and the images that only they needed: first what would go and how many bytes that is, then it goes.
import type { Pruned, PrunePreview } from '../../../core/contracts/deployments.ts';
import { numberOf, revisionOf } from '../deployments/names.ts';
import type { OperationStore } from '../deployments/operations.ts';
import type { DeploymentStore, Revision } from '../deployments/store.ts';
import { prunable } from '../deployments/wanted.ts';
import type { EnginePort } from '../engine/port.ts';
import { UserError } from '../user-error.ts';

export interface PrunePorts {
  engine: EnginePort;
  deployments: DeploymentStore;
  operations: OperationStore;
  unixSeconds(): number;
}

/** An image stays as long as any revision that is kept, of any deployment, is pinned to it. */
export async function previewPrune(ports: PrunePorts, environment: string): Promise<PrunePreview> {
  const { revisions, images, bytes } = await findPrunable(ports, environment);
  return { revisions, images: images.map(({ pins: _, ...image }) => image), bytes };
}

interface Prunable extends Omit<PrunePreview, 'images'> {
  /** With what revisions call each: an image can be pinned by its id and by a digest. */
  images: (PrunePreview['images'][number] & { pins: string[] })[];
}

async function findPrunable(ports: PrunePorts, environment: string): Promise<Prunable> {
  const { deployments } = ports;
  const going = prunableOf(ports, environment);
  const goingKeys = new Set(going.map(keyOf));
  const kept = new Set(
    deployments
      .list()
      .flatMap(({ name }) => deployments.revisions(name))
      .filter((one) => !one.pruned && !goingKeys.has(keyOf(one)))
      .map(({ pinned }) => pinned),
  );
  const images = await imagesOf(ports.engine, [...new Set(going.map(({ pinned }) => pinned))], [...kept]);
  return {
    revisions: going.map(({ deployment, number, pinned }) => ({ deployment, revision: revisionOf(number), pinned })),
    images,
    bytes: images.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** What the engine will not let go of stays and is told; bytes are those of images that it says are gone. */
export async function prune(ports: PrunePorts, environment: string): Promise<Pruned> {
  const { revisions, images } = await findPrunable(ports, environment);
  const shown = new Set(revisions.map(({ deployment, revision }) => `${deployment} ${numberOf(revision)}`));
  // An operation may have begun meanwhile: what it needs by now stays.
  const going = prunableOf(ports, environment).filter((one) => shown.has(keyOf(one)));
  for (const { deployment, number } of going) ports.deployments.setPruned(deployment, number);
  const done: Pruned = { revisions: going.length, images: 0, bytes: 0, problems: [] };
  for (const { id, name, bytes, pins } of images) {
    if (isNeeded(ports, pins)) continue;
    const removed = await ports.engine.images.remove(id);
    if (removed.ok && removed.value.some(({ Deleted }) => Deleted === id)) {
      done.images += 1;
      done.bytes += bytes;
    } else if (!removed.ok && removed.failure.kind !== 'missing')
      done.problems.push(`${name} stays: ${removed.failure.message}`);
  }
  return done;
}

function isNeeded({ deployments }: PrunePorts, pins: readonly string[]): boolean {
  const kept = deployments.list().flatMap(({ name }) => deployments.revisions(name).filter(({ pruned }) => !pruned));
  return kept.some(({ pinned, spec }) => pins.includes(pinned) || (pinned === '' && pins.includes(spec.image)));
}

/** Nothing of a deployment that an operation is at work on. */
function prunableOf({ deployments, operations, unixSeconds }: PrunePorts, environment: string): Revision[] {
  return deployments
    .list(environment)
    .filter(({ name }) => operations.running(name) === undefined)
    .flatMap((one) => prunable(one, deployments.revisions(one.name), unixSeconds()));
}

function keyOf({ deployment, number }: Revision): string {
  return `${deployment} ${number}`;
}

/** Two pins may be of one image, so ids are compared; one that is not on this host frees nothing. */
async function imagesOf(
  engine: EnginePort,
  going: readonly string[],
  kept: readonly string[],
): Promise<Prunable['images']> {
  const keptIds = new Set<string>();
  for (const pinned of kept) {
    const image = await engine.images.inspect(pinned);
    if (image.ok) keptIds.add(image.value.Id);
    else if (image.failure.kind !== 'missing')
      throw new UserError(
        502,
        'no-engine',
        `The images that are kept cannot be read, so none is removed: ${image.failure.message}`,
      );
  }
  const shared = await sharedBytes(engine);
  const found = new Map<string, Prunable['images'][number]>();
  for (const pinned of going) {
    const image = await engine.images.inspect(pinned);
    if (!image.ok || keptIds.has(image.value.Id)) continue;
    const { Id, RepoTags, Size } = image.value;
    const pins = [...(found.get(Id)?.pins ?? []), pinned];
    found.set(Id, { id: Id, name: RepoTags?.[0] ?? pinned, bytes: Math.max(0, Size - (shared.get(Id) ?? 0)), pins });
  }
  return [...found.values()];
}

/** Of each image the bytes that others have as well: they stay when it goes. */
async function sharedBytes(engine: EnginePort): Promise<ReadonlyMap<string, number>> {
  const listed = await engine.images.list({ sharedSize: true });
  if (!listed.ok)
    throw new UserError(502, 'no-engine', `What the images take cannot be read: ${listed.failure.message}`);
  return new Map(listed.value.map(({ Id, SharedSize }) => [Id, Math.max(0, SharedSize ?? 0)]));
}

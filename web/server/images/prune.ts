// Old revisions and the images that only they needed: first what would go and how many bytes that is, then it goes.
import type { Pruned, PrunePreview } from '../../../core/contracts/deployments.ts';
import { revisionOf } from '../deployments/names.ts';
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
  const { revisions, images } = await previewPrune(ports, environment);
  for (const { deployment, number } of prunableOf(ports, environment)) ports.deployments.setPruned(deployment, number);
  const done: Pruned = { revisions: revisions.length, images: 0, bytes: 0, problems: [] };
  for (const { id, name, bytes } of images) {
    const removed = await ports.engine.images.remove(id);
    if (removed.ok && removed.value.some(({ Deleted }) => Deleted === id)) {
      done.images += 1;
      done.bytes += bytes;
    } else if (!removed.ok && removed.failure.kind !== 'missing')
      done.problems.push(`${name} stays: ${removed.failure.message}`);
  }
  return done;
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
): Promise<PrunePreview['images']> {
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
  const found = new Map<string, PrunePreview['images'][number]>();
  for (const pinned of going) {
    const image = await engine.images.inspect(pinned);
    if (!image.ok || keptIds.has(image.value.Id)) continue;
    const { Id, RepoTags, Size } = image.value;
    found.set(Id, { id: Id, name: RepoTags?.[0] ?? pinned, bytes: Size });
  }
  return [...found.values()];
}

// Resolves an image to what cannot change any more, a digest or an id, pulling it where a registry has it; progress is told on the way.
import type { PullLine } from '../engine/objects.ts';
import type { EnginePort, RegistryAuth } from '../engine/port.ts';
import { explainPull, isAccessRefused, isFromRegistry, isImageId, parseReference, pinOf } from './reference.ts';

export interface PullPorts {
  engine: { images: Pick<EnginePort['images'], 'pull'> };
  /** Credentials for a registry, or undefined where none are kept. */
  credentials(registry: string): RegistryAuth | undefined;
  monotonicSeconds(): number;
}

export interface ResolvePorts extends PullPorts {
  engine: { images: Pick<EnginePort['images'], 'inspect' | 'pull'> };
  /** Why the engine is not sent to this registry, or undefined. */
  refuseRegistry(registry: string): Promise<string | undefined>;
}

export type Resolved =
  | { kind: 'resolved'; pinned: string; imageId: string; warning: string | undefined }
  | { kind: 'failed'; reason: string };

export interface PullProgress {
  text: string;
  current: number;
  total: number;
}

const pullSecondsMax = 1_800;
const tellEverySeconds = 1;

/** An image that was built on this host and never came from a registry is taken as it is; all others are asked for anew. */
export async function resolveImage(
  ports: ResolvePorts,
  reference: string,
  tell: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<Resolved> {
  const local = await ports.engine.images.inspect(reference);
  if (!local.ok && local.failure.kind !== 'missing') return { kind: 'failed', reason: local.failure.message };
  if (isImageId(reference))
    return local.ok
      ? { kind: 'resolved', pinned: local.value.Id, imageId: local.value.Id, warning: undefined }
      : { kind: 'failed', reason: `There is no image ${reference} on this host.` };
  if (local.ok && !isFromRegistry(local.value))
    return {
      ...{ kind: 'resolved', pinned: local.value.Id, imageId: local.value.Id },
      warning: 'The image was built on this host and no registry has it: it runs on this node alone.',
    };
  const problem = (await refusal(ports, reference)) ?? (await pullImage(ports, reference, tell, signal));
  if (problem === undefined) return inspectPulled(ports, reference);
  // A registry that is away, or has the tag no longer, is no reason to stand still while the image is here; one that says no is.
  if (local.ok && !isAccessRefused(problem))
    return {
      ...{ kind: 'resolved', pinned: pinOf(reference, local.value), imageId: local.value.Id },
      warning: `The image that is on this host already is used, since ${parseReference(reference).registry} did not give it: ${problem}`,
    };
  return { kind: 'failed', reason: explainPull(reference, problem) };
}

/** A name that a developer writes must not make the engine knock on doors of this machine and tell who opened. */
async function refusal({ refuseRegistry }: ResolvePorts, reference: string): Promise<string | undefined> {
  const { registry } = parseReference(reference);
  const reason = await refuseRegistry(registry);
  return reason && `not asked, since ${reason}. Give credentials for ${registry} to list it.`;
}

async function inspectPulled({ engine }: ResolvePorts, reference: string): Promise<Resolved> {
  const pulled = await engine.images.inspect(reference);
  if (!pulled.ok) return { kind: 'failed', reason: `The image was pulled and is not there: ${pulled.failure.message}` };
  const { value } = pulled;
  return { kind: 'resolved', pinned: pinOf(reference, value), imageId: value.Id, warning: undefined };
}

/** Undefined when it worked, else what the engine said. */
export async function pullImage(
  { engine, credentials, monotonicSeconds }: PullPorts,
  reference: string,
  tell: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const auth = credentials(parseReference(reference).registry);
  const layers = new Layers();
  const began = monotonicSeconds();
  let told = Number.NEGATIVE_INFINITY;
  try {
    for await (const line of engine.images.pull(reference, auth, signal)) {
      if (line.error !== undefined) return line.error;
      layers.take(line);
      const now = monotonicSeconds();
      if (now - began > pullSecondsMax) return `deadline exceeded: not pulled within ${pullSecondsMax} s`;
      if (now - told < tellEverySeconds) continue;
      told = now;
      tell(layers.progress());
    }
  } catch (error) {
    return (error as Error).message;
  }
  if (signal.aborted) return 'the control plane is stopping';
  tell(layers.progress());
  return undefined;
}

/** Bytes of all layers together; a layer that is here already counts for nothing. */
class Layers {
  readonly #layers = new Map<string, { current: number; total: number }>();
  #status = '';

  take({ id, status, progressDetail }: PullLine): void {
    if (status !== undefined) this.#status = id === undefined ? status : `${id}: ${status}`;
    const { current, total } = progressDetail ?? {};
    if (id !== undefined && status === 'Downloading' && current !== undefined && total !== undefined && total > 0)
      this.#layers.set(id, { current, total });
    const layer = id === undefined ? undefined : this.#layers.get(id);
    if (layer !== undefined && (status === 'Download complete' || status === 'Pull complete'))
      layer.current = layer.total;
  }

  progress(): PullProgress {
    const all = [...this.#layers.values()];
    const sum = (of: (layer: { current: number; total: number }) => number) => all.reduce((so, one) => so + of(one), 0);
    return { text: this.#status, current: sum(({ current }) => current), total: sum(({ total }) => total) };
  }
}

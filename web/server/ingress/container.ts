// Sees to HAProxy's container: there, as its settings say, running, and on the networks of the environments that it serves.
import type { Container } from '../engine/objects.ts';
import type { EngineAnswer, EngineFailure, EnginePort } from '../engine/port.ts';
import { containerName, containerSpec, describeSettings, type IngressSettings } from './container-spec.ts';

export type IngressEngine = {
  containers: Pick<EnginePort['containers'], 'inspect' | 'create' | 'start' | 'restart' | 'remove'>;
  images: Pick<EnginePort['images'], 'inspect'>;
  networks: Pick<EnginePort['networks'], 'connect' | 'disconnect'>;
};

type Ensured =
  /** `fresh`: it was made or started just now. */
  | { kind: 'running'; fresh: boolean }
  /** There is none, or no engine that would tell of it, and none is needed. */
  | { kind: 'none' }
  /** A sentence for people. */
  | { kind: 'failed'; reason: string };

export interface IngressContainer {
  /** Makes, starts and connects what is missing. Without `needed` a container is not made, but one that is there is kept in order. */
  ensure(networks: readonly string[], needed: boolean): Promise<Ensured>;
  /** Leaves the networks of environments that are served no longer, or they could not be removed. */
  leave(networks: readonly string[]): Promise<void>;
}

/** In HAProxy's container there is nothing on this network but the ports that it publishes. */
const firstNetwork = 'bridge';

export function ingressContainer(
  engine: IngressEngine,
  settings: IngressSettings,
  markOf: (text: string) => string,
): IngressContainer {
  const mark = markOf(describeSettings(settings));
  return {
    async ensure(networks, needed) {
      const found = await engine.containers.inspect(containerName);
      if (!found.ok && !needed) return { kind: 'none' };
      if (!found.ok && found.failure.kind !== 'missing') return failed(sayEngine(found.failure));
      const wanted = [...new Set([...settings.networks, ...networks])];
      const kept = found.ok && found.value.Config.Labels?.['odyssey_spec'] === mark ? found.value : undefined;
      if (kept === undefined) {
        const problem = await make(engine, settings, mark, found.ok);
        if (problem !== undefined) return failed(problem);
      }
      const joined = new Set(kept === undefined ? [] : networksOf(kept));
      for (const network of wanted.filter((name) => !joined.has(name))) {
        const answer = await engine.networks.connect(network, containerName);
        if (!answer.ok && !isThere(answer.failure))
          return failed(`HAProxy cannot join the network ${network}: ${answer.failure.message}`);
      }
      // The engine waits longer after each end, up to a minute, and calls that running: nobody has to wait with it.
      if (kept?.State.Status === 'restarting') {
        const again = await engine.containers.restart(containerName, 1);
        return again.ok ? { kind: 'running', fresh: true } : failed(sayStart(again.failure, settings));
      }
      if (kept?.State.Running === true) return { kind: 'running', fresh: false };
      const started = await engine.containers.start(containerName);
      return started.ok ? { kind: 'running', fresh: true } : failed(sayStart(started.failure, settings));
    },
    async leave(networks) {
      const found = await engine.containers.inspect(containerName);
      if (!found.ok) return;
      const wanted = new Set([firstNetwork, ...settings.networks, ...networks]);
      for (const network of networksOf(found.value).filter((name) => !wanted.has(name)))
        await engine.networks.disconnect(network, containerName); // tried again after the next change
    },
  };
}

async function make(
  engine: IngressEngine,
  settings: IngressSettings,
  mark: string,
  replaces: boolean,
): Promise<string | undefined> {
  const image = await engine.images.inspect(settings.image);
  if (!image.ok) {
    if (image.failure.kind !== 'missing') return sayEngine(image.failure);
    return `HAProxy's image ${settings.image} (HAPROXY_IMAGE) is not on this machine. ${sayHowToGet(settings.image)}`;
  }
  if (replaces) {
    const removed = await engine.containers.remove(containerName, true);
    if (!removed.ok && removed.failure.kind !== 'missing') return sayEngine(removed.failure);
  }
  const made: EngineAnswer<unknown> = await engine.containers.create(
    containerName,
    containerSpec(settings, image.value.Id, mark),
  );
  return made.ok ? undefined : `HAProxy's container cannot be made: ${made.failure.message}`;
}

function networksOf(container: Container): string[] {
  return Object.keys(container.NetworkSettings?.Networks ?? {});
}

function isThere({ kind, message }: EngineFailure): boolean {
  return kind === 'conflict' || /already exists|already attached/i.test(message);
}

function sayHowToGet(image: string): string {
  return image.startsWith('sha256:')
    ? 'It is named by its id: load it with `docker load`, or name one that `docker images --no-trunc` lists.'
    : `It is pulled by itself where its registry can be reached; else \`docker load\` it.`;
}

function sayStart({ message }: EngineFailure, { ports }: IngressSettings): string {
  if (!/address already in use|port is already allocated/i.test(message)) return `HAProxy cannot start: ${message}`;
  return `HAProxy cannot start, as something else listens on port ${ports.http} or ${ports.https}: stop it or give the ingress other ports. (${message})`;
}

function sayEngine({ kind, message }: EngineFailure): string {
  if (kind === 'absent') return `Without a Docker engine there is no ingress: ${message}`;
  return `The Docker engine does not do what the ingress needs: ${message}`;
}

function failed(reason: string): Ensured {
  return { kind: 'failed', reason };
}

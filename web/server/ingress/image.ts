// HAProxy's image: fetched where it is missing, once for all who wait for it, with what it says on the way and, where it cannot be had, what to do.
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Act, OpenedAct } from '../audit/log.ts';
import type { EnginePort } from '../engine/port.ts';
import { explainPull, isImageId } from '../images/reference.ts';
import { type PullPorts, type PullProgress, pullImage } from '../images/resolve.ts';
import type { IngressContainer } from './container.ts';

export interface ImagePorts extends Omit<PullPorts, 'engine'> {
  engine: { images: Pick<EnginePort['images'], 'inspect' | 'pull'> };
  /** A tag, a digest or an id. */
  image: string;
  audit: {
    open(act: Act): Promise<OpenedAct>;
    close(act: OpenedAct, outcome: AuditOutcome, detail?: Act['detail']): Promise<void>;
  };
}

export interface IngressImage {
  /** Waits until it is on this machine; undefined, or why it is not, with what to do. Where the engine does not answer nothing is known of it: undefined. */
  ensure(tell: (progress: PullProgress) => void, signal: AbortSignal): Promise<string | undefined>;
  /** The same for whoever does not wait: after a failure it is tried again later, and ever more seldom. */
  want(): void;
  /** What was said of a failure is over: a container was made of it. */
  found(): void;
  /** How far a pull is, or why the last one failed; undefined where there is nothing to say. */
  said(): string | undefined;
  close(): Promise<void>;
}

const againSeconds = 60;
const againSecondsMax = 3_600;

interface Pull {
  done: Promise<string | undefined>;
  told: Set<(progress: PullProgress) => void>;
  last: PullProgress | undefined;
}

export function ingressImage(ports: ImagePorts): IngressImage {
  const { engine, image, monotonicSeconds } = ports;
  const stopping = new AbortController();
  let pulling: Pull | undefined;
  let failed: { reason: string; times: number; at: number } | undefined;
  const isMissing = async () => {
    const found = await engine.images.inspect(image);
    return !found.ok && found.failure.kind === 'missing';
  };
  const start = (): Pull => {
    const pull: Pull = { done: Promise.resolve(undefined), told: new Set(), last: undefined };
    const tell = (progress: PullProgress) => {
      pull.last = progress;
      for (const one of pull.told) one(progress);
    };
    pull.done = fetchImage(ports, tell, stopping.signal).then((reason) => {
      failed = reason === undefined ? undefined : { reason, times: (failed?.times ?? 0) + 1, at: monotonicSeconds() };
      pulling = undefined;
      return reason;
    });
    return pull;
  };
  return {
    async ensure(tell, signal) {
      if (pulling === undefined && !(await isMissing())) {
        failed = undefined;
        return undefined;
      }
      pulling ??= start();
      const pull = pulling;
      pull.told.add(tell);
      try {
        return await Promise.race([pull.done, aborted(signal)]);
      } finally {
        pull.told.delete(tell);
      }
    },
    want() {
      const wait = failed === undefined ? 0 : Math.min(againSeconds * 2 ** (failed.times - 1), againSecondsMax);
      if (pulling !== undefined || (failed !== undefined && monotonicSeconds() - failed.at < wait)) return;
      void this.ensure(() => undefined, stopping.signal);
    },
    found() {
      failed = undefined;
    },
    said() {
      if (pulling === undefined) return failed?.reason;
      const { text, current, total } = pulling.last ?? { text: '', current: 0, total: 0 };
      const far = total > 0 ? `${megabytes(current)} of ${megabytes(total)} MB` : text;
      return `HAProxy's image ${image} is being pulled${far === '' ? '' : ` (${far})`}; it is used when it is here.`;
    },
    async close() {
      stopping.abort();
      await pulling?.done;
    },
  };
}

/** The container, whose image is fetched behind its back where that is what it lacks. */
export function fetching(container: IngressContainer, image: IngressImage): IngressContainer {
  return {
    async ensure(networks, needed) {
      const ensured = await container.ensure(networks, needed);
      if (ensured.kind === 'running') image.found();
      if (ensured.kind === 'failed') image.want();
      return ensured;
    },
    leave: container.leave,
  };
}

/** Undefined when it is there and was read back; else a sentence. Never rejects. */
async function fetchImage(
  { engine, image, audit, credentials, monotonicSeconds }: ImagePorts,
  tell: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (isImageId(image))
    return `HAProxy's image ${image} (HAPROXY_IMAGE) is not on this machine, and is named by its id: load it with \`docker load\`, or name one that \`docker images --no-trunc\` lists.`;
  try {
    const actor = { kind: 'system' as const, id: 'ingress' };
    const act = await audit.open({ actor, action: 'ingress:pull', subject: `image/${image}`, detail: {} });
    const problem = await pullImage({ engine, credentials, monotonicSeconds }, image, tell, signal);
    const there = problem === undefined ? await engine.images.inspect(image) : undefined;
    if (there?.ok) {
      await audit.close(act, 'done', { id: there.value.Id });
      return undefined;
    }
    const reason = explainPull(image, problem ?? 'it was pulled and is not there');
    await audit.close(act, 'failed', { reason: reason.slice(0, 300) });
    return `HAProxy's image (HAPROXY_IMAGE) is missing. ${reason.replace(/[.\s]*$/, '')}. Without a network: \`docker pull ${image}\` and \`docker save -o haproxy.tar ${image}\` where there is one, then \`docker load -i haproxy.tar\` here.`;
  } catch (error) {
    return `HAProxy's image ${image} was not pulled: ${(error as Error).message}`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function aborted(signal: AbortSignal): Promise<string> {
  const reason = 'The control plane is stopping.';
  return new Promise((resolve) => {
    if (signal.aborted) resolve(reason);
    else signal.addEventListener('abort', () => resolve(reason), { once: true });
  });
}

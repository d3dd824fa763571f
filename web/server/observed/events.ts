// What the engine told happened, the newest so many; from it is known which container ran out of memory.
import type { EngineEvent as EventView } from '../../../core/contracts/logs.ts';
import type { EngineEvent } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';

interface Kept extends EventView {
  environment: string | null;
  id: string;
}

const eventsMax = 5_000;
/** Kinds that say something about what runs; the rest is the engine's housekeeping. */
const kinds = ['container', 'service', 'node', 'network', 'volume', 'secret'];
/** Each health check is two of them. */
const noise = /^(exec_|top$|attach$|resize$|commit$)/;

export class EventRing {
  #events: Kept[] = [];
  /** Unix seconds from which on nothing was missed. */
  since: number | undefined;
  listening = false;
  /** Times that a container was out of memory, of all that were told to this process. */
  outOfMemoryTotal = 0;

  add(event: EngineEvent): void {
    const { Type, Action, Actor, time = 0, timeNano } = event;
    if (!kinds.includes(Type) || noise.test(Action)) return;
    const attributes = Actor.Attributes ?? {};
    if (Type === 'container' && Action === 'oom') this.outOfMemoryTotal += 1;
    const exitCode = Number(attributes['exitCode']);
    this.#events.push({
      ...{ time: timeNano === undefined ? time : timeNano / 1e9, kind: Type, action: Action, id: Actor.ID },
      name: attributes['name'] ?? Actor.ID,
      environment: attributes['odyssey_environment'] ?? null,
      deployment: attributes['odyssey_deployment'] ?? deploymentOf(Type, attributes['name']),
      revision: attributes['odyssey_revision'] ?? null,
      exitCode: Number.isInteger(exitCode) && attributes['exitCode'] !== undefined ? exitCode : null,
    });
    if (this.#events.length > eventsMax)
      this.since = this.#events.splice(0, this.#events.length - eventsMax).at(-1)!.time;
  }

  /** Newest first; with an environment and a deployment only theirs. */
  list(limit: number, of?: { environment: string; deployment: string }): EventView[] {
    const fits = ({ environment, deployment }: Kept) =>
      of === undefined || (deployment === of.deployment && (environment ?? of.environment) === of.environment);
    return this.#events
      .filter(fits)
      .slice(-limit)
      .reverse()
      .map(({ environment: _, id: __, ...view }) => view);
  }

  /** Whether this container ran out of memory; undefined where its events may have been missed. */
  ranOutOfMemory(container: string, startedSeconds: number): boolean | undefined {
    if (this.#events.some(({ id, action }) => id === container && action === 'oom')) return true;
    return this.listening && this.since !== undefined && this.since <= startedSeconds ? false : undefined;
  }

  /** When each container last ran out of memory, in Unix seconds, a replica by `service.slot`, which stays when it is replaced. */
  outOfMemory(): ReadonlyMap<string, number> {
    const ran = this.#events.filter(({ kind, action }) => kind === 'container' && action === 'oom');
    return new Map(ran.map(({ name, time }) => [replicaOf(name), time]));
  }
}

/** `service.slot` of a swarm's task, whose container has the task's id behind it: 25 letters and digits. */
function replicaOf(container: string): string {
  return /^(.+\.[^.]+)\.[a-z0-9]{25}$/.exec(container)?.[1] ?? container;
}

/** Events of services carry no labels; their names are made of the deployment's. */
function deploymentOf(kind: string, name: string | undefined): string | null {
  return kind === 'service' ? (/^([a-z0-9][a-z0-9-]*)-r\d+$/.exec(name ?? '')?.[1] ?? null) : null;
}

interface ListenPorts {
  engine: Pick<EnginePort, 'events' | 'ping'>;
  unixSeconds(): number;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

const againSeconds = 2;

/** Listens until the signal is aborted; after a silence it asks for what it missed, of which the engine keeps the last 256. */
export async function listenForEvents(ring: EventRing, ports: ListenPorts, signal: AbortSignal): Promise<void> {
  let last: number | undefined;
  while (!signal.aborted) {
    const began = ports.unixSeconds();
    if ((await ports.engine.ping()).ok) {
      ring.since ??= began;
      ring.listening = true;
      try {
        for await (const event of ports.engine.events({ since: Math.floor(last ?? ring.since) }, signal)) {
          const seconds = (event.timeNano ?? 0) / 1e9;
          if (last !== undefined && seconds <= last) continue; // told before the break
          last = seconds;
          ring.add(event);
        }
      } catch {
        ring.since = undefined; // what happened meanwhile may be missing: nothing is claimed of it
      }
    } else ring.since = undefined;
    ring.listening = false;
    await ports.sleep(againSeconds, signal);
  }
}

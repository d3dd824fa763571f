// Live logs of a deployment, of all its replicas and revisions at once, and of any container of this engine.
import { z } from 'zod';
import { id } from '../../../core/contracts/api.ts';
import { containerId } from '../../../core/contracts/containers.ts';
import { deploymentName } from '../../../core/contracts/deployment-spec.ts';
import {
  containersLogQuery,
  deploymentsLogQuery,
  type LogEvent,
  type LogQuery,
  logQuery,
} from '../../../core/contracts/logs.ts';
import type { EnginePort } from '../engine/port.ts';
import { type Route, route } from '../http/route.ts';
import { type FollowPorts, followLogs, type LogRequest } from './follow.ts';
import { ReaderPlaces } from './places.ts';
import { containerSource, DeploymentSources } from './sources.ts';

export interface LogPorts extends FollowPorts {
  engine: Pick<EnginePort, 'services' | 'tasks' | 'containers'>;
}

/** Each reader holds a few of the broker's streams. */
const readersMax = 12;
/** Some tabs of one person; the rest is for everybody else. */
const readersEachMax = 6;

interface Reader {
  identity: { person: string };
  lastEventId: string | undefined;
  signal: AbortSignal;
}

/** Reads until the reader is gone. */
type Read = (query: LogQuery, sources: LogRequest['sources'], call: Reader) => Promise<AsyncGenerator<LogEvent>>;

export function logRoutes(ports: LogPorts): Route[] {
  const places = new ReaderPlaces(readersMax, readersEachMax);
  /** The first look is taken before the stream begins, so that what is not there is answered as a problem. */
  async function read(query: LogQuery, sources: LogRequest['sources'], call: Reader) {
    const leave = places.take(call.identity.person);
    // A stream that is never begun ends without its `finally`, so the place also goes with its reader.
    if (call.signal.aborted) leave();
    call.signal.addEventListener('abort', leave, { once: true });
    try {
      const first = await sources();
      const request = { query, sources, after: call.lastEventId, signal: call.signal };
      return leaving(followLogs({ ...request, sources: once(first, sources) }, ports), leave);
    } catch (error) {
      leave();
      throw error;
    }
  }
  return [...singleRoutes(ports, read), ...togetherRoutes(ports, read)];
}

function singleRoutes({ engine, monotonicSeconds }: LogPorts, read: Read): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/deployments/:deployment/logs',
      access: 'log:read',
      environment: 'environment',
      summary: 'The log of a deployment, all replicas merged by time, as it is written (server-sent events)',
      params: z.strictObject({ environment: id, deployment: deploymentName }),
      query: logQuery,
      events: true,
      handle({ params: { environment, deployment }, query, ...call }) {
        const sources = new DeploymentSources(engine, monotonicSeconds);
        return read(query, () => sources.list(environment, deployment), call);
      },
    }),
    route({
      method: 'get',
      path: '/containers/:container/logs',
      access: 'container:log',
      summary: 'The log of a container of this engine, as it is written (server-sent events)',
      params: z.strictObject({ container: containerId }),
      query: logQuery,
      events: true,
      async handle({ params: { container }, query, ...call }) {
        const source = await containerSource(engine, container);
        return read(query, () => Promise.resolve([source]), call);
      },
    }),
  ];
}

function togetherRoutes({ engine, monotonicSeconds }: LogPorts, read: Read): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/logs',
      access: 'log:read',
      environment: 'environment',
      summary: 'The logs of several deployments as one, merged by time, as they are written (server-sent events)',
      params: z.strictObject({ environment: id }),
      query: deploymentsLogQuery,
      events: true,
      handle({ params: { environment }, query: { deployments, ...query }, ...call }) {
        const all = deployments.split(',').map((deployment) => {
          const sources = new DeploymentSources(engine, monotonicSeconds);
          return () => sources.list(environment, deployment);
        });
        return read(query, async () => (await thoseThere(all)).flat(), call);
      },
    }),
    route({
      method: 'get',
      path: '/logs',
      access: 'container:log',
      summary: 'The logs of several containers of this engine as one, as they are written (server-sent events)',
      query: containersLogQuery,
      events: true,
      async handle({ query: { containers, ...query }, ...call }) {
        const sources = await thoseThere(containers.split(',').map((one) => () => containerSource(engine, one)));
        return read(query, () => Promise.resolve(sources), call);
      },
    }),
  ];
}

async function* leaving<T>(events: AsyncGenerator<T>, leave: () => void): AsyncGenerator<T> {
  try {
    yield* events;
  } finally {
    leave();
  }
}

/** What was listed already is given first. */
function once<T>(first: T, then: () => Promise<T>): () => Promise<T> {
  let given = false;
  return () => {
    if (given) return then();
    given = true;
    return Promise.resolve(first);
  };
}

/** What can be had; rejects only where nothing can, as the first did: a link of last week names things that are gone. */
async function thoseThere<T>(asks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const asked = await Promise.allSettled(asks.map((ask) => ask()));
  const found = asked.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  const failed = asked.find((one) => one.status === 'rejected');
  if (found.length === 0 && failed !== undefined) throw failed.reason;
  return found;
}

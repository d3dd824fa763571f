// Logs of deployments, of all their replicas or of chosen ones, and of any container of this engine: as they are written, and at a time that is past.
import { z } from 'zod';
import { id } from '../../../core/contracts/api.ts';
import { containerId } from '../../../core/contracts/containers.ts';
import { deploymentName } from '../../../core/contracts/deployment-spec.ts';
import {
  containersLogQuery,
  containersPageQuery,
  deploymentLogQuery,
  deploymentPageQuery,
  deploymentsLogQuery,
  deploymentsPageQuery,
  type LogEvent,
  type LogPage,
  type LogQuery,
  logPage,
  logPageQuery,
  logQuery,
  type PageQuery,
} from '../../../core/contracts/logs.ts';
import type { EnginePort } from '../engine/port.ts';
import { type Route, route } from '../http/route.ts';
import { ReplicaChoice } from './choose.ts';
import { type FollowPorts, followLogs, type LogRequest } from './follow.ts';
import { readPage, wholeTime } from './page.ts';
import { ReaderPlaces } from './places.ts';
import { containerSource, DeploymentSources } from './sources.ts';

export interface LogPorts extends FollowPorts {
  engine: Pick<EnginePort, 'services' | 'tasks' | 'containers'>;
}

/** Each reader holds a few of the broker's streams. */
const readersMax = 12;
/** Some tabs of one person; the rest is for everybody else. */
const readersEachMax = 6;
/** A page of the past is read in seconds, and costs more while it is. */
const pagesMax = 8;
const pagesEachMax = 4;

interface Reader {
  identity: { person: string };
  lastEventId: string | undefined;
  signal: AbortSignal;
}

/** What is read: asked again and again while it is followed. */
type Asked = Pick<LogRequest, 'sources' | 'choice' | 'missing'>;

/** `follow` reads until the reader is gone, `page` once. */
interface Read {
  follow(query: LogQuery, asked: Asked, call: Reader): Promise<AsyncGenerator<LogEvent>>;
  page(query: PageQuery, asked: Asked, call: Reader): Promise<LogPage>;
}

export function logRoutes(ports: LogPorts): Route[] {
  const places = new ReaderPlaces(readersMax, readersEachMax);
  const pagePlaces = new ReaderPlaces(pagesMax, pagesEachMax);
  const read: Read = {
    /** The first look is taken before the stream begins, so that what is not there is answered as a problem. */
    async follow(query, asked, call) {
      const leave = places.take(call.identity.person);
      // A stream that is never begun ends without its `finally`, so the place also goes with its reader.
      if (call.signal.aborted) leave();
      call.signal.addEventListener('abort', leave, { once: true });
      try {
        const first = await asked.sources();
        const request = {
          query,
          ...asked,
          after: call.lastEventId ?? (query.resume && wholeTime(query.resume)),
          signal: call.signal,
        };
        return leaving(followLogs({ ...request, sources: once(first, asked.sources) }, ports), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
    async page(query, { sources, choice, missing }, { identity, signal }) {
      const leave = pagePlaces.take(identity.person);
      try {
        const all = await sources();
        const request = { query, sources: all, choice, missing: missing?.() ?? [], signal };
        return await readPage(request, (seconds) => ports.sleep(seconds));
      } finally {
        leave();
      }
    },
  };
  return [...deploymentRoutes(ports, read), ...containerRoutes(ports, read)];
}

function deploymentRoutes(ports: LogPorts, read: Read): Route[] {
  const one = z.strictObject({ environment: id, deployment: deploymentName });
  const several = z.strictObject({ environment: id });
  return [
    route({
      method: 'get',
      access: 'log:read',
      environment: 'environment',
      path: '/environments/:environment/deployments/:deployment/logs',
      events: true,
      summary: 'The log of a deployment, its replicas merged by time, as it is written (server-sent events)',
      params: one,
      query: deploymentLogQuery,
      handle: async ({ params: { environment, deployment }, query: { replicas, ...query }, ...call }) =>
        read.follow(query, askDeployments(ports, environment, [deployment], replicas), call),
    }),
    route({
      method: 'get',
      access: 'log:read',
      environment: 'environment',
      path: '/environments/:environment/deployments/:deployment/logs/past',
      summary: 'Lines of a deployment before, around or after a time, its replicas merged',
      params: one,
      query: deploymentPageQuery,
      answer: logPage,
      handle: async ({ params: { environment, deployment }, query: { replicas, ...query }, ...call }) =>
        read.page(query, askDeployments(ports, environment, [deployment], replicas), call),
    }),
    route({
      method: 'get',
      access: 'log:read',
      environment: 'environment',
      path: '/environments/:environment/logs',
      events: true,
      summary: 'The logs of several deployments as one, merged by time, as they are written (server-sent events)',
      params: several,
      query: deploymentsLogQuery,
      handle: async ({ params: { environment }, query: { deployments, replicas, ...query }, ...call }) =>
        read.follow(query, askDeployments(ports, environment, deployments.split(','), replicas), call),
    }),
    route({
      method: 'get',
      access: 'log:read',
      environment: 'environment',
      path: '/environments/:environment/logs/past',
      summary: 'Lines of several deployments before, around or after a time, merged',
      params: several,
      query: deploymentsPageQuery,
      answer: logPage,
      handle: async ({ params: { environment }, query: { deployments, replicas, ...query }, ...call }) =>
        read.page(query, askDeployments(ports, environment, deployments.split(','), replicas), call),
    }),
  ];
}

function containerRoutes({ engine }: LogPorts, read: Read): Route[] {
  const one = z.strictObject({ container: containerId });
  return [
    route({
      method: 'get',
      access: 'container:log',
      path: '/containers/:container/logs',
      events: true,
      summary: 'The log of a container of this engine, as it is written (server-sent events)',
      params: one,
      query: logQuery,
      handle: async ({ params: { container }, query, ...call }) =>
        read.follow(query, askContainers(engine, [container]), call),
    }),
    route({
      method: 'get',
      access: 'container:log',
      path: '/containers/:container/logs/past',
      summary: 'Lines of a container of this engine before, around or after a time',
      params: one,
      query: logPageQuery,
      answer: logPage,
      handle: async ({ params: { container }, query, ...call }) =>
        read.page(query, askContainers(engine, [container]), call),
    }),
    route({
      method: 'get',
      access: 'container:log',
      path: '/logs',
      events: true,
      summary: 'The logs of several containers of this engine as one, as they are written (server-sent events)',
      query: containersLogQuery,
      handle: async ({ query: { containers, ...query }, ...call }) =>
        read.follow(query, askContainers(engine, containers.split(',')), call),
    }),
    route({
      method: 'get',
      access: 'container:log',
      path: '/logs/past',
      summary: 'Lines of several containers of this engine before, around or after a time, merged',
      query: containersPageQuery,
      answer: logPage,
      handle: async ({ query: { containers, ...query }, ...call }) =>
        read.page(query, askContainers(engine, containers.split(',')), call),
    }),
  ];
}

/** Throws a UserError where a replica is chosen that is of none of them. */
function askDeployments(
  ports: LogPorts,
  environment: string,
  deployments: readonly string[],
  replicas: string | undefined,
): Asked {
  const choice = new ReplicaChoice(replicas, deployments);
  const all = deployments.map((deployment) => {
    const sources = new DeploymentSources(ports.engine, ports, choice);
    return { sources, list: () => sources.list(environment, deployment) };
  });
  return {
    choice,
    missing: () => choice.missing(new Set(all.flatMap(({ sources }) => [...sources.present]))),
    sources: async () => (await thoseThere(all.map(({ list }) => list))).flat(),
  };
}

/** Containers do not come again under their id: those that are there are found once. */
function askContainers(engine: LogPorts['engine'], containers: readonly string[]): Asked {
  let found: ReturnType<Asked['sources']> | undefined;
  return {
    sources() {
      found ??= thoseThere(containers.map((container) => () => containerSource(engine, container)));
      return found;
    },
  };
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

// The engine behind the broker's socket: each method of the port is one listed call, with a deadline, and what goes wrong is a value.
import type { WriteCall } from '../../../core/contracts/broker.ts';
import { createDocker, type Docker, DockerError } from '../../../core/runtime/docker.ts';
import { failureOf } from './failure.ts';
import type { LogRecord } from './objects.ts';
import type { EngineAnswer, EngineFilters, EnginePort, EngineStream, LogOptions } from './port.ts';

type Api = Docker<WriteCall>;
type Options = NonNullable<Parameters<Api['call']>[1]>;

/** A list of a large swarm's tasks is some megabytes. */
const answerBytesMax = 64 * 1024 * 1024;
/** A little more than the broker's own bounds, so that its word about a late engine arrives. */
const timeoutSeconds = 25;
const createSeconds = 65;
const stopSecondsDefault = 10;

export function createBrokerEngine(socketPath: string): EnginePort {
  const api = createDocker<WriteCall>({ socketPath, timeoutSeconds, answerBytesMax });
  return {
    ping: () => ask(api, 'GET /_ping'),
    info: () => ask(api, 'GET /info'),
    version: () => ask(api, 'GET /version'),
    events: ({ since, until, filters }, signal) =>
      api.stream('GET /events', {
        query: { ...numbers({ since, until }), ...filtersOf(filters) },
        signal,
      }) as ReturnType<EnginePort['events']>,
    services: services(api),
    tasks: {
      list: (filters) => ask(api, 'GET /tasks', { query: filtersOf(filters) }),
      inspect: (id) => ask(api, 'GET /tasks/{id}', { parts: { id } }),
    },
    images: images(api),
    networks: networks(api),
    volumes: volumes(api),
    secrets: secrets(api),
    nodes: nodes(api),
    swarm: swarm(api),
    containers: containers(api),
  };
}

function services(api: Api): EnginePort['services'] {
  return {
    list: (filters) => ask(api, 'GET /services', { query: filtersOf(filters) }),
    inspect: (id) => ask(api, 'GET /services/{id}', { parts: { id } }),
    create: (body, registryAuth) =>
      ask(api, 'POST /services/create', { body, registryAuth, timeoutSeconds: createSeconds }),
    update: (service, version, body, registryAuth) =>
      ask(api, 'POST /services/{service}/update', {
        ...{ parts: { service }, query: { version: String(version) }, body, registryAuth },
        timeoutSeconds: createSeconds,
      }),
    remove: (service) => ask(api, 'DELETE /services/{service}', { parts: { service }, timeoutSeconds: createSeconds }),
    logs: (service, options, signal) =>
      api.stream('GET /services/{service}/logs', {
        ...{ parts: { service }, query: { ...logQuery(options), details: 'true' }, signal },
      }) as EngineStream<LogRecord>,
  };
}

function images(api: Api): EnginePort['images'] {
  return {
    list: ({ sharedSize = false } = {}) =>
      ask(api, 'GET /images/json', { query: { 'shared-size': String(sharedSize) }, timeoutSeconds: createSeconds }),
    inspect: (image) => ask(api, 'GET /images/{image}/json', { parts: { image } }),
    pull: (reference, registryAuth, signal) =>
      api.stream('POST /images/create', {
        ...{ query: pullQuery(reference), registryAuth, signal },
        timeoutSeconds: createSeconds,
      }) as ReturnType<EnginePort['images']['pull']>,
    distribution: (image, registryAuth) =>
      ask(api, 'GET /distribution/{image}/json', { parts: { image }, registryAuth, timeoutSeconds: createSeconds }),
    remove: (imageId) => ask(api, 'DELETE /images/{imageId}', { parts: { imageId }, timeoutSeconds: createSeconds }),
  };
}

/** Without a tag the engine would pull every tag that there is. */
function pullQuery(reference: string): Record<string, string> {
  const tagged = /@|:[^/]+$/.test(reference);
  return tagged ? { fromImage: reference } : { fromImage: reference, tag: 'latest' };
}

function networks(api: Api): EnginePort['networks'] {
  const slow = { timeoutSeconds: createSeconds };
  return {
    list: (filters) => ask(api, 'GET /networks', { query: filtersOf(filters) }),
    inspect: (id) => ask(api, 'GET /networks/{id}', { parts: { id } }),
    create: (body) => ask(api, 'POST /networks/create', { body, ...slow }),
    connect: (network, container, aliases) =>
      ask(api, 'POST /networks/{network}/connect', {
        ...{ parts: { network }, ...slow },
        body: { Container: container, ...(aliases && { EndpointConfig: { Aliases: aliases } }) },
      }),
    disconnect: (network, container) =>
      ask(api, 'POST /networks/{network}/disconnect', {
        ...{ parts: { network }, body: { Container: container }, ...slow },
      }),
    remove: (ownNetwork) => ask(api, 'DELETE /networks/{ownNetwork}', { parts: { ownNetwork }, ...slow }),
  };
}

function volumes(api: Api): EnginePort['volumes'] {
  return {
    list: (filters) => ask(api, 'GET /volumes', { query: filtersOf(filters) }),
    inspect: (id) => ask(api, 'GET /volumes/{id}', { parts: { id } }),
    sizes: () => ask(api, 'GET /system/df', { query: { type: 'volume' }, timeoutSeconds: createSeconds }),
    create: (name, labels) =>
      ask(api, 'POST /volumes/create', {
        body: { Name: name, Driver: 'local', Labels: labels },
        timeoutSeconds: createSeconds,
      }),
    remove: (volume) => ask(api, 'DELETE /volumes/{volume}', { parts: { volume }, timeoutSeconds: createSeconds }),
  };
}

function secrets(api: Api): EnginePort['secrets'] {
  return {
    list: (filters) => ask(api, 'GET /secrets', { query: filtersOf(filters) }),
    create: (name, labels, data) =>
      ask(api, 'POST /secrets/create', { body: { Name: name, Labels: labels, Data: data } }),
    remove: (secret) => ask(api, 'DELETE /secrets/{secret}', { parts: { secret } }),
  };
}

function nodes(api: Api): EnginePort['nodes'] {
  return {
    list: (filters) => ask(api, 'GET /nodes', { query: filtersOf(filters) }),
    inspect: (id) => ask(api, 'GET /nodes/{id}', { parts: { id } }),
    update: (id, version, body) =>
      ask(api, 'POST /nodes/{id}/update', { parts: { id }, query: { version: String(version) }, body }),
    remove: (id, force) => ask(api, 'DELETE /nodes/{id}', { parts: { id }, query: { force: String(force) } }),
  };
}

function swarm(api: Api): EnginePort['swarm'] {
  return {
    inspect: () => ask(api, 'GET /swarm'),
    tokens: () => ask(api, 'GET /swarm/tokens'),
    init: (body) => ask(api, 'POST /swarm/init', { body, timeoutSeconds: createSeconds }),
    update: (version, body, rotate = {}) =>
      ask(api, 'POST /swarm/update', {
        query: {
          version: String(version),
          ...(rotate.worker && { rotateWorkerToken: 'true' }),
          ...(rotate.manager && { rotateManagerToken: 'true' }),
        },
        ...{ body, timeoutSeconds: createSeconds },
      }),
  };
}

function containers(api: Api): EnginePort['containers'] {
  const stopping = (container: string, seconds = stopSecondsDefault) => ({
    parts: { container },
    query: { t: String(seconds) },
    timeoutSeconds: seconds + 25,
  });
  return {
    list: ({ all = false, filters } = {}) =>
      ask(api, 'GET /containers/json', { query: { all: String(all), ...filtersOf(filters) } }),
    inspect: (id) => ask(api, 'GET /containers/{id}/json', { parts: { id } }),
    create: (name, body) =>
      ask(api, 'POST /containers/create', { query: { name }, body, timeoutSeconds: createSeconds }),
    start: (container) =>
      ask(api, 'POST /containers/{container}/start', { parts: { container }, timeoutSeconds: createSeconds }),
    stop: (id, seconds) => ask(api, 'POST /containers/{container}/stop', stopping(id, seconds)),
    restart: (id, seconds) => ask(api, 'POST /containers/{container}/restart', stopping(id, seconds)),
    remove: (ownContainer, force) =>
      ask(api, 'DELETE /containers/{ownContainer}', {
        ...{ parts: { ownContainer }, query: { force: String(force) }, timeoutSeconds: createSeconds },
      }),
    logs: (container, options, signal) =>
      api.stream('GET /containers/{container}/logs', {
        ...{ parts: { container }, query: logQuery(options), signal },
      }) as EngineStream<LogRecord>,
  };
}

/** The engine's answers are taken at its word: the broker has already cut them to what the engine documents. */
async function ask<T>(
  api: Api,
  name: WriteCall,
  options: { [Key in keyof Options]?: Options[Key] | undefined } = {},
): Promise<EngineAnswer<T>> {
  try {
    return { ok: true, value: (await api.call(name, options as Options)) as T };
  } catch (error) {
    return { ok: false, failure: toFailure(name, error as Error) };
  }
}

/** What a person can do something about, in words. */
const unreachable: Readonly<Record<string, string>> = {
  ENOENT: 'its socket is not there, so it does not run',
  ECONNREFUSED: 'nobody listens on its socket, so it does not run',
  EACCES: 'this process may not use its socket',
};

function toFailure(name: string, error: Error) {
  if (error instanceof DockerError) return failureOf(error.status, error.message);
  if (['AbortError', 'TimeoutError'].includes(error.name)) return failureOf(504, `${name} was not answered in time.`);
  const { code } = error as NodeJS.ErrnoException;
  return failureOf(0, `The broker cannot be reached: ${unreachable[code ?? ''] ?? error.message}.`);
}

function filtersOf(filters: EngineFilters | undefined): Record<string, string> {
  return filters === undefined ? {} : { filters: JSON.stringify(filters) };
}

function logQuery({ follow = false, since, tail }: LogOptions): Record<string, string> {
  return {
    ...{ follow: String(follow), stdout: 'true', stderr: 'true', timestamps: 'true' },
    ...numbers({ since, tail }),
  };
}

function numbers(given: Readonly<Record<string, number | undefined>>): Record<string, string> {
  const known = Object.entries(given).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

// The control plane's rows: what its parts call, each with the body it may carry. There is no exec, attach, copy, build, commit or plug-in.
import { ownNames } from '../../core/contracts/broker.ts';
import { cleanEvent, inspectedForControl, joinTokens, strip, volumeSizes } from './clean.ts';
import type { Policy } from './policy.ts';
import { filters, flag, matching, off, on, oneOf, timestamp, whole } from './query.ts';
import { containerFilters, eventFilters, eventsIdleSeconds } from './read-table.ts';
import { lines, list, log, one, type Row, row, text } from './row.ts';
import { containerCreate, networkConnect, networkDisconnect } from './validate/container.ts';
import { networkCreate, nodeSpec, secretCreate, swarmInit, swarmUpdate, volumeCreate } from './validate/objects.ts';
import { imageReference } from './validate/parts.ts';
import { serviceSpec } from './validate/service.ts';

const version = whole(Number.MAX_SAFE_INTEGER);
/** The engine waits this long for a process to end before it kills it. */
const stopSecondsMax = 120;

export function writeTable(policy: Policy): Row[] {
  return [
    ...overviewRows(),
    ...containerRows(),
    ...ingressRows(policy),
    ...imageRows(),
    ...networkRows(),
    ...volumeRows(),
    ...serviceRows(policy),
    ...secretRows(),
    ...nodeRows(),
  ];
}

/** Never without a bound on the past: a log may be as long as its disk. Without `details` there are none: a log driver may put values of environments there. */
function logs(demanded: readonly string[]): Partial<Row> {
  const bounds = { follow: flag, stdout: flag, stderr: flag, since: timestamp, tail: whole(10_000), timestamps: on };
  return {
    query: demanded.includes('details') ? { ...bounds, details: on } : bounds,
    demanded: ['tail', 'timestamps', ...demanded],
    answer: log,
    deadlineSeconds: 20,
    idleSeconds: eventsIdleSeconds,
  };
}

function overviewRows(): Row[] {
  return [
    row('GET /_ping', 'overview', { answer: text, deadlineSeconds: 5 }),
    row('GET /version', 'overview', { answer: one(strip) }),
    row('GET /info', 'overview', { answer: one(strip), deadlineSeconds: 20 }),
  ];
}

/** Also for observed containers, which something else on the host has made: these by their full id, and never to be removed. */
function containerRows(): Row[] {
  const stopping = { query: { t: whole(stopSecondsMax) }, deadlineSeconds: stopSecondsMax + 20 };
  return [
    row('GET /events', 'containers', {
      query: { since: timestamp, until: timestamp, filters: eventFilters },
      answer: lines(cleanEvent),
      idleSeconds: eventsIdleSeconds,
    }),
    row('GET /containers/json', 'containers', {
      query: { all: flag, limit: whole(100_000), filters: containerFilters },
      answer: list(strip),
      deadlineSeconds: 20,
    }),
    row('GET /containers/{id}/json', 'containers', { query: { size: off }, answer: one(inspectedForControl) }),
    row('GET /containers/{container}/logs', 'containers', logs([])),
    row('POST /containers/{container}/start', 'containers', { deadlineSeconds: 60 }),
    row('POST /containers/{container}/stop', 'containers', stopping),
    row('POST /containers/{container}/restart', 'containers', stopping),
  ];
}

function ingressRows(policy: Policy): Row[] {
  return [
    row('POST /containers/create', 'ingress', {
      query: { name: matching(ownNames.container) },
      demanded: ['name'],
      body: containerCreate(policy),
      answer: one(strip),
      deadlineSeconds: 60,
    }),
    row('DELETE /containers/{ownContainer}', 'ingress', { query: { force: flag }, deadlineSeconds: 60 }),
    row('POST /networks/{network}/connect', 'ingress', { body: networkConnect(), deadlineSeconds: 30 }),
    row('POST /networks/{network}/disconnect', 'ingress', { body: networkDisconnect(), deadlineSeconds: 30 }),
  ];
}

function imageRows(): Row[] {
  return [
    row('GET /images/json', 'deployments', {
      query: { all: flag, filters: filters('label', 'reference', 'dangling'), 'shared-size': flag },
      answer: list(strip),
      deadlineSeconds: 60,
    }),
    row('GET /images/{image}/json', 'deployments', { answer: one(strip) }),
    row('GET /distribution/{image}/json', 'deployments', {
      registryAuth: true,
      answer: one(strip),
      deadlineSeconds: 30,
    }),
    // Only from a registry: `fromSrc` would import an archive from any address.
    row('POST /images/create', 'deployments', {
      query: { fromImage: matching(imageReference), tag: matching(/^(\w[\w.-]{0,127}|sha256:[0-9a-f]{64})$/) },
      demanded: ['fromImage'],
      registryAuth: true,
      answer: lines(strip),
      deadlineSeconds: 60,
      idleSeconds: 120,
    }),
    // By its id alone, as a tag may be another image by now; without force, so that an image in use stays.
    row('DELETE /images/{imageId}', 'deployments', {
      query: { noprune: flag },
      answer: list(strip),
      deadlineSeconds: 60,
    }),
  ];
}

function networkRows(): Row[] {
  return [
    row('GET /networks', 'networks', {
      query: { filters: filters('id', 'name', 'label', 'driver', 'scope', 'type') },
      answer: list(strip),
    }),
    row('GET /networks/{id}', 'networks', {
      query: { verbose: flag, scope: oneOf('swarm', 'local', 'global') },
      answer: one(strip),
    }),
    row('POST /networks/create', 'networks', { body: networkCreate, answer: one(strip), deadlineSeconds: 30 }),
    row('DELETE /networks/{ownNetwork}', 'networks', { deadlineSeconds: 30 }),
  ];
}

function volumeRows(): Row[] {
  return [
    row('GET /volumes', 'volumes', {
      query: { filters: filters('name', 'label', 'dangling', 'driver') },
      answer: one(strip),
    }),
    row('GET /volumes/{id}', 'volumes', { answer: one(strip) }),
    // The engine walks each volume's files for it: asked for now and then, one part of it only.
    row('GET /system/df', 'volumes', {
      query: { type: oneOf('volume') },
      demanded: ['type'],
      answer: one(volumeSizes),
      deadlineSeconds: 60,
    }),
    row('POST /volumes/create', 'volumes', { body: volumeCreate, answer: one(strip), deadlineSeconds: 30 }),
    row('DELETE /volumes/{volume}', 'volumes', { deadlineSeconds: 30 }),
  ];
}

function serviceRows(policy: Policy): Row[] {
  const body = serviceSpec(policy);
  return [
    row('GET /services', 'deployments', {
      query: { status: flag, filters: filters('id', 'name', 'label', 'mode') },
      answer: list(strip),
    }),
    row('GET /services/{id}', 'deployments', { answer: one(strip) }),
    row('POST /services/create', 'deployments', { body, registryAuth: true, answer: one(strip), deadlineSeconds: 30 }),
    row('POST /services/{service}/update', 'deployments', {
      query: { version, rollback: oneOf('previous'), registryAuthFrom: oneOf('spec', 'previous-spec') },
      demanded: ['version'],
      body,
      registryAuth: true,
      answer: one(strip),
      deadlineSeconds: 30,
    }),
    row('DELETE /services/{service}', 'deployments', { deadlineSeconds: 30 }),
    // With the details that tell whose line it is; of those no others pass.
    row('GET /services/{service}/logs', 'deployments', logs(['details'])),
    row('GET /tasks', 'deployments', {
      query: { filters: filters('id', 'name', 'label', 'node', 'service', 'desired-state') },
      answer: list(strip),
    }),
    row('GET /tasks/{id}', 'deployments', { answer: one(strip) }),
  ];
}

function secretRows(): Row[] {
  return [
    row('GET /secrets', 'secrets', {
      query: { filters: filters('id', 'name', 'names', 'label') },
      answer: list(strip),
    }),
    row('POST /secrets/create', 'secrets', { body: secretCreate, bodyBytesMax: 1024 * 1024, answer: one(strip) }),
    row('DELETE /secrets/{secret}', 'secrets', {}),
  ];
}

function nodeRows(): Row[] {
  return [
    row('GET /nodes', 'nodes', {
      query: { filters: filters('id', 'name', 'label', 'node.label', 'membership', 'role') },
      answer: list(strip),
    }),
    row('GET /nodes/{id}', 'nodes', { answer: one(strip) }),
    row('POST /nodes/{id}/update', 'nodes', { query: { version }, demanded: ['version'], body: nodeSpec }),
    row('DELETE /nodes/{id}', 'nodes', { query: { force: flag } }),
    row('GET /swarm', 'nodes', { answer: one(strip) }),
    // The engine tells these with everything else of the swarm; whoever only looks at it never gets them.
    row('GET /swarm/tokens', 'nodes', { sentPath: '/swarm', answer: one(joinTokens) }),
    row('POST /swarm/init', 'nodes', { body: swarmInit, deadlineSeconds: 60 }),
    row('POST /swarm/update', 'nodes', {
      query: { version, rotateWorkerToken: flag, rotateManagerToken: flag },
      demanded: ['version'],
      body: swarmUpdate,
      deadlineSeconds: 30,
    }),
  ];
}

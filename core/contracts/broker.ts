// What may be asked of the Docker engine through the broker: the calls of its two sockets and the names its validators accept.

/** The collector's socket: it reads and changes nothing. */
export const readCalls = [
  'GET /_ping',
  'GET /version',
  'GET /info',
  'GET /events',
  'GET /containers/json',
  'GET /containers/{id}/json',
  'GET /containers/{id}/stats',
] as const;

/** The control plane's socket. Each has a caller; what nothing calls is not in the list. */
export const writeCalls = [
  'GET /_ping',
  'GET /version',
  'GET /info',
  'GET /events',
  'GET /containers/json',
  'GET /containers/{id}/json',
  'GET /containers/{container}/logs',
  'POST /containers/create',
  'POST /containers/{container}/start',
  'POST /containers/{container}/stop',
  'POST /containers/{container}/restart',
  'DELETE /containers/{ownContainer}',
  'GET /images/json',
  'GET /images/{image}/json',
  'GET /distribution/{image}/json',
  'POST /images/create',
  'DELETE /images/{imageId}',
  'GET /networks',
  'GET /networks/{id}',
  'POST /networks/create',
  'POST /networks/{network}/connect',
  'POST /networks/{network}/disconnect',
  'DELETE /networks/{ownNetwork}',
  'GET /volumes',
  'GET /volumes/{id}',
  'GET /system/df',
  'POST /volumes/create',
  'DELETE /volumes/{volume}',
  'GET /services',
  'GET /services/{id}',
  'POST /services/create',
  'POST /services/{service}/update',
  'DELETE /services/{service}',
  'GET /services/{service}/logs',
  'GET /tasks',
  'GET /tasks/{id}',
  'GET /secrets',
  'POST /secrets/create',
  'DELETE /secrets/{secret}',
  'GET /nodes',
  'GET /nodes/{id}',
  'POST /nodes/{id}/update',
  'DELETE /nodes/{id}',
  'GET /swarm',
  'GET /swarm/tokens',
  'POST /swarm/init',
  'POST /swarm/update',
] as const;

export type ReadCall = (typeof readCalls)[number];
export type WriteCall = (typeof writeCalls)[number];

/**
 * The engine takes a name, an id or the beginning of an id in the same place. Names with a hyphen can be none of the latter two,
 * so a rule on the name also holds for what the engine looks up.
 */
export const ownNames = {
  /** An environment's network. */
  network: /^env-[a-z0-9][a-z0-9-]{0,50}$/,
  /** A deployment's volume. */
  volume: /^vol-[a-z0-9][a-z0-9-]{0,58}$/,
  /** A secret and its version: `db-password-3`. */
  secret: /^[a-z0-9][a-z0-9-]{0,56}-[0-9]{1,6}$/,
  /** A deployment's revision: `shop-r12`. Where there is one service for all revisions, it keeps the name of the first. */
  service: /^[a-z0-9][a-z0-9-]{0,53}-r[0-9]{1,6}$/,
  /** A container of Odyssey itself; never the broker, without which nobody could start it again. */
  container: /^odyssey-(?!broker(-|$))[a-z0-9][a-z0-9-]{0,50}$/,
} as const;

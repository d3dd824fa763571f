// What deployments ask of the ingress: routes, the revision that answers each request, and what has been read back of both.
import type { PullProgress } from '../images/resolve.ts';
import type { RevisionFigures } from './figures.ts';

/** Of 10000: a share of 1000 is 10 %. */
export const shareMax = 10_000;

/** A revision that shall have a backend: the stable one, the canary and every warm one. */
export interface RoutedRevision {
  /** `r12` */
  revision: string;
  /** The swarm service whose tasks answer for it: `shop-r12`; with a volume one service serves all revisions. */
  service: string;
  /** The most replicas that it may get without a reload. */
  replicasMax: number;
  /** Where it listens and is asked, when that is not as the route says: a new port is a new revision. */
  listens?: { port: number; healthPath: string | undefined };
}

export interface IngressRoute {
  /** As it stands in the label `odyssey_environment`. */
  environment: string;
  /** The environment's attachable overlay: `env-…`. */
  network: string;
  /** Unique on the whole appliance, as the service's name is. `[a-z0-9-]`, at most 40 characters. */
  deployment: string;
  /** Lower case, without a port; none is in two routes. Empty: nothing leads to it from outside. */
  hosts: readonly string[];
  /** Inside the container. */
  port: number;
  /** Asked with GET; undefined: a connection is enough. */
  healthPath: string | undefined;
  sticky: boolean;
  /** Undefined until its first revision serves: until then its hosts answer 503. */
  stable: string | undefined;
  canary: { revision: string; share: number } | undefined;
  /** How many shall answer for the stable revision; 0 while it is stopped on purpose. */
  replicas: number;
  revisions: readonly RoutedRevision[];
}

/** What the maps say of one deployment; an entry that is absent is undefined. */
export interface Pointing {
  deployment: string;
  stable: string | undefined;
  canary: string | undefined;
  /** Of 10000; without an entry 0. */
  share: number;
}

/** One backend as HAProxy counts it since it was started or reloaded last. */
export interface BackendReading {
  deployment: string;
  revision: string;
  /** Servers that have an address and pass their check. */
  serversUp: number;
  /** Servers that have an address but are down, with what their last check said. */
  down: readonly { server: string; address: string; reason: string }[];
  /** Requests in flight and waiting. */
  sessions: number;
  queued: number;
  /** For the canary: errors that leave no log line are the growth of `sessionsTotal - requestsTotal` less those in flight. */
  sessionsTotal: number;
  requestsTotal: number;
  connectErrorsTotal: number;
  responseErrorsTotal: number;
  retriesTotal: number;
  redispatchesTotal: number;
}

export type IngressReading =
  | {
      kind: 'serving';
      version: string;
      /**
       * Whether there is nothing to apply: the worker has the configuration that this process applied last, the certificates are the same
       * files, and its request log arrives. False until the first `apply` after a start.
       */
      current: boolean;
      /** Counters of backends start anew with each worker: a change of it is a reset, not a growth. */
      worker: string;
      /** Requests of people that this worker has taken; each leaves a line in the log when it ends. */
      requestsTotal: number;
      hosts: ReadonlyMap<string, string>;
      pointings: readonly Pointing[];
      backends: readonly BackendReading[];
    }
  /** Unknown is neither up nor down: `reason` is a sentence for people. */
  | { kind: 'down'; reason: string };

export type Applied =
  | { kind: 'applied'; reloaded: boolean; reading: Extract<IngressReading, { kind: 'serving' }> }
  /** There are no routes and there is no HAProxy: the first route brings it. */
  | { kind: 'idle'; reason: string }
  /** The routes cannot be: nothing was written. */
  | { kind: 'refused'; reason: string }
  /** To be tried again; what served before serves on. A configuration that HAProxy refused was taken back. */
  | { kind: 'failed'; reason: string };

/** What a map says after it was written, as HAProxy answered. `failed`: file and HAProxy may differ until the next `apply`. */
export type Pointed = { kind: 'pointed'; pointing: Pointing } | { kind: 'failed'; reason: string };

/**
 * The caller records in its database what shall be, then calls; every call is idempotent, calls are served one after another,
 * and none rejects: whatever can fail is a value. `apply` carries the whole of what shall be, on all environments.
 */
export interface IngressPort {
  /** Waits for HAProxy's image where it has to be pulled first; undefined, or why it cannot be had, with what to do. */
  prepare(tell: (progress: PullProgress) => void, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Makes it so: files, container, networks, a reload only where backends changed, maps. Resolves after it was read back.
   * Does not wait for servers: a new revision's backend has none until its tasks are found, see `untilUp`.
   */
  apply(routes: readonly IngressRoute[]): Promise<Applied>;
  /** A map write each: 1–30 ms. The revision must have a backend. */
  setStable(deployment: string, revision: string): Promise<Pointed>;
  /** Undefined removes the entry, after its share: sticky cookies stop matching. */
  setCanary(deployment: string, revision: string | undefined): Promise<Pointed>;
  setWeight(deployment: string, share: number): Promise<Pointed>;
  /** What HAProxy says now. */
  read(): Promise<IngressReading>;
  /** The backend's reading once it has so many servers up, or undefined at the deadline. */
  untilUp(
    deployment: string,
    revision: string,
    servers: number,
    timeoutSeconds: number,
  ): Promise<BackendReading | undefined>;
  /** Counts of the request log by revision since this process started; read twice and subtract. */
  figures(): readonly RevisionFigures[];
}

// Puts the control plane together: databases, services, routes and the application, from one folder of data.
import { existsSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { Express } from 'express';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Log } from '../../core/runtime/log.ts';
import type { Prometheus } from '../../core/runtime/prometheus.ts';
import { openAlerting } from './alerting.ts';
import { type Anchor, anchorNewest } from './audit/anchors.ts';
import type { AuditLog } from './audit/log.ts';
import { openAuditLog, openSelfCheck } from './audit/open.ts';
import { auditRoutes } from './audit/routes.ts';
import { hmacSha1, randomBytes, randomId, randomSecret, sameSecret, secretHash, sha256 } from './crypto.ts';
import { type DataFiles, dataFiles } from './data-files.ts';
import { type Db, openDb } from './db.ts';
import { doctorRoutes } from './doctor/routes.ts';
import type { EnginePort } from './engine/port.ts';
import { environmentRoutes } from './environments/routes.ts';
import { createEnvironmentStore } from './environments/store.ts';
import { openGrafana } from './grafana/open.ts';
import { refuseGrafanaSockets } from './grafana/proxy.ts';
import { createApp } from './http/app.ts';
import { noteCounted } from './http/door.ts';
import { createIdempotency } from './http/idempotency.ts';
import { waitWhileBusy } from './http/patience.ts';
import { Refusals } from './http/refusals.ts';
import type { Route } from './http/route.ts';
import type { ServePorts } from './http/serve.ts';
import type { Identity, ProcessUse } from './identity.ts';
import type { IngressSettings } from './ingress/container-spec.ts';
import type { OpenIngress } from './ingress/open.ts';
import { judgingRoutes } from './judging.ts';
import { createFeeds } from './live/feeds.ts';
import { type Hub, openHub } from './live/hub.ts';
import { takeLock } from './lock.ts';
import { meRoutes } from './me/routes.ts';
import { controlMigrations } from './migrations/index.ts';
import type { NotificationOptions, OpenNotifications } from './notifications/open.ts';
import { type Orchestration, openOrchestration } from './orchestration.ts';
import { isCommonPassword } from './people/common-passwords.ts';
import { createInvitationStore, createSetupStore } from './people/invitations.ts';
import { needsSecondFactor } from './people/policy.ts';
import { peopleRoutes } from './people/routes.ts';
import { PeopleService } from './people/service.ts';
import { createPeopleStore } from './people/store.ts';
import { policyRoutes } from './policy/routes.ts';
import { createPolicyStore } from './policy/store.ts';
import { processTokens } from './process-tokens.ts';
import { strangerSeconds } from './retention/kept.ts';
import { purge } from './retention/purge.ts';
import { retentionRoutes } from './retention/routes.ts';
import { AccessTokens } from './sessions/access-token.ts';
import { Gate } from './sessions/gate.ts';
import { checkPassword, hashPassword } from './sessions/password.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { SessionService } from './sessions/service.ts';
import { createSessionStore } from './sessions/store.ts';
import { createTokenStore, isApiToken } from './tokens/store.ts';
import type { Runbooks } from './watch/alerts.ts';
import type { DetectorName } from './watch/anomalies.ts';
import type { FetchPorts } from './watch/fetch-json.ts';
import { type WatchPorts, watchRoutes } from './watch/routes.ts';

export interface ControlPlaneOptions {
  dataFolder: string;
  clock: Clock;
  log: Log;
  tls: boolean;
  version: string;
  callsPerMinute: number;
  consoleFolder: string | undefined;
  /** What to do about each alert. */
  runbooks: Runbooks;
  auditOrigin: string;
  anchors: readonly Anchor[];
  neighbours: Neighbours;
  /** The Docker engine behind the broker; it need not answer. */
  engine: EnginePort;
  ingress: IngressSettings;
  notifications: NotificationOptions;
  onAnswer(route: Route, status: number, seconds: number): void;
}

/** The processes beside us and how they are asked. */
export interface Neighbours {
  prometheus: Prometheus;
  alertmanager: string;
  /** Empty where there is none. */
  grafana: string;
  collector: string;
  detectors: Readonly<Record<DetectorName, string>>;
  http: FetchPorts;
}

export interface ControlPlane {
  app: Express;
  routes: readonly Route[];
  audit: AuditLog;
  people: PeopleService;
  access: AccessTokens;
  ingress: OpenIngress;
  notifications: OpenNotifications;
  orchestration: Orchestration;
  /** Opens live updates on the server that listens for people. */
  openHub(server: HttpServer): Hub;
  /** Deletes what is kept no longer; how many rows went, by table. */
  purge(): Record<string, number>;
  /** Signs a checkpoint where the log has grown and tells the witnesses. */
  anchor(): Promise<void>;
  close(): Promise<void>;
}

/** Bar 16: sockets are cut within 5 s of whatever ends their right to be there. */
const live = { slowSeconds: 10, recheckSeconds: 3, socketsMax: 1_000, socketsPerPersonMax: 50, knocksPerMinute: 300 };

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { clock, log, anchors } = options;
  const files = dataFiles(options.dataFolder);
  if (existsSync(files.restoring))
    throw new Error('A restore did not end. Run `npm run restore` again before anything is started.');
  const lock = takeLock(files.lock);
  const audit = await openAudit(options, files);
  const db = openDb(files.control, controlMigrations);
  const isoTime = () => new Date(clock.unixSeconds() * 1000).toISOString();
  let hub: Hub | undefined;
  const slices = await openSlices(db, clock, audit, (person) => hub?.recheck(person));
  const { people, sessions, access, nameOf } = slices;
  const orchestration = await openOrchestration({ ...options, ...slices, db, audit });
  const alerting = openAlerting(options.notifications, { ...options.neighbours, db, audit, clock, log });
  const token = processTokens(options.dataFolder);
  const watch: WatchPorts = {
    ...options.neighbours,
    processDetector: options.neighbours.detectors.process,
    ...{ token, runbooks: options.runbooks, unixSeconds: clock.unixSeconds },
  };
  const grafana = openGrafana(options);
  const routes = [
    ...routesOfPeople(slices, audit, options),
    ...watchRoutes(watch),
    ...alerting.routes,
    ...judgingRoutes({ db, clock, watch, nameOf }),
    ...grafana.routes,
    ...doctorRoutes(options),
    ...retentionRoutes(watch.prometheus, clock.unixSeconds),
    ...orchestration.routes,
  ];
  const ports = servePorts(options, { ...slices, db, audit, token });
  const app = createApp(ports, { ...options, routes, mounts: [grafana.mount(ports)] });
  return {
    ...{ app, routes, audit, people, access, orchestration, ingress: orchestration.ingress },
    notifications: alerting.notifications,
    openHub(server) {
      const feeds = createFeeds(watch, () => audit.size);
      refuseGrafanaSockets(server);
      hub = openHub(server, { ...live, feeds, tls: options.tls, identify: (cookie) => sessions.identify(cookie) });
      return hub;
    },
    purge() {
      const now = clock.unixSeconds();
      if (audit.unavailable() === undefined)
        audit.store.forgetBefore('anonymous', new Date((now - strangerSeconds) * 1000).toISOString());
      access.rotateWhereOld(now);
      const gone = purge(db, now);
      db.sweep();
      if (audit.unavailable() === undefined) audit.store.sweep();
      return gone;
    },
    async anchor() {
      if (audit.unavailable() !== undefined) return;
      await noteCounted(ports);
      for (const { target, reason } of await anchorNewest(audit, anchors, isoTime))
        log.warn({ target, err: reason }, 'a witness of the audit log could not be told');
    },
    async close() {
      await orchestration.close();
      await audit.stop();
      db.close();
      lock.release();
    },
  };
}

function openAudit({ clock, log, auditOrigin: origin, anchors }: ControlPlaneOptions, files: DataFiles) {
  return openAuditLog(files, {
    ...{ clock, origin, anchors },
    onSilent: (target, reason) =>
      log.warn({ target, err: reason }, 'a witness of the audit log does not answer; what it knows is not known'),
    onBroken: (reason) =>
      log.error({ err: reason }, 'the audit log cannot be written; nothing is changed until it can'),
  });
}

/** People, what they may do, and the record of what they did. */
function routesOfPeople(slices: Slices, audit: AuditLog, { clock, anchors }: ControlPlaneOptions): Route[] {
  return [
    ...sessionRoutes(slices.sessions),
    ...meRoutes({ ...slices, environmentAccepts: slices.environments.accepts, randomId, randomSecret, ...clock }),
    ...peopleRoutes({ ...slices, audit }),
    ...environmentRoutes({ ...slices, randomId, unixSeconds: clock.unixSeconds }),
    ...policyRoutes(slices.policy),
    ...auditRoutes({ log: audit, check: openSelfCheck(audit, clock), anchors, nameOf: slices.nameOf }),
  ];
}

function servePorts(
  { clock, log, tls, onAnswer }: ControlPlaneOptions,
  slices: Slices & { db: Db; audit: AuditLog; token: ReturnType<typeof processTokens> },
): ServePorts {
  return {
    ...{ tls, log, onAnswer, sameSecret, sha256, randomId },
    audit: slices.audit,
    idempotency: createIdempotency(slices.db),
    refusals: new Refusals(),
    complain: (error) => log.error({ err: error }, 'the end of an act could not be recorded'),
    identify: (shown) => identify(slices, shown, clock.unixSeconds()),
    isFresh: (identity) => slices.sessions.isFresh(identity),
    writable: () => waitWhileBusy(slices.db.isFree, clock.sleep),
    nameOf: (person) => slices.peopleStore.byId(person)?.name,
    unixSeconds: clock.unixSeconds,
    monotonicSeconds: clock.monotonicSeconds,
  };
}

async function openSlices(db: Db, clock: Clock, audit: AuditLog, onChange: (person: string) => void) {
  const peopleStore = createPeopleStore(db);
  const sessionStore = createSessionStore(db);
  const environments = createEnvironmentStore(db);
  const policy = createPolicyStore(db);
  const tokens = createTokenStore(db);
  const access = new AccessTokens(sessionStore, clock.unixSeconds());
  const gate = new Gate(2, 256);
  if (environments.list().length === 0)
    environments.add({
      id: randomId(),
      name: 'default',
      colour: 'grey',
      archived: false,
      created: clock.unixSeconds(),
    });
  const shared = { gate, hashPassword, hmac: hmacSha1, randomId, randomSecret, secretHash, onChange };
  const times = { unixSeconds: clock.unixSeconds, monotonicSeconds: clock.monotonicSeconds };
  const sessions = new SessionService({
    ...{ ...shared, ...times, access, checkPassword },
    people: peopleStore,
    sessions: sessionStore,
    decoyHash: await hashPassword(randomSecret()),
    requiredSecondFactor: policy.secondFactorRoles,
  });
  const people = new PeopleService({
    ...{ ...shared, ...times, isCommonPassword, randomBytes },
    people: peopleStore,
    invitations: createInvitationStore(db),
    setup: createSetupStore(db),
    environmentExists: environments.exists,
    environmentAccepts: environments.accepts,
    eraseAudit: (person) => audit.store.erase(person),
    sweep: () => [db.sweep(), audit.store.sweep()].every(Boolean),
    sleep: (seconds) => clock.sleep(seconds),
  });
  const nameOf = (person: string) => peopleStore.byId(person)?.name;
  return { peopleStore, nameOf, environments, policy, tokens, access, sessions, people };
}

type Slices = Awaited<ReturnType<typeof openSlices>>;

/** The person behind a session cookie or an API token, with the rights of this very moment. */
async function identify(
  { sessions, tokens, peopleStore, policy, token: processToken }: Slices & { token(name: ProcessUse['id']): string },
  { cookie, bearer }: Parameters<ServePorts['identify']>[0],
  now: number,
): Promise<Identity | undefined> {
  if (cookie !== undefined) return sessions.identify(cookie);
  const process =
    bearer === undefined || isApiToken(bearer)
      ? undefined
      : (['detectors', 'alertmanager'] as const).find((name) => sameSecret(bearer, processToken(name)));
  if (process !== undefined)
    return {
      person: process,
      name: process,
      grants: [],
      use: { kind: 'process', id: process },
      hasSecondFactor: false,
      lacksSecondFactor: false,
    };
  const token = bearer === undefined ? undefined : tokens.read(bearer, now);
  const person = token && peopleStore.byId(token.person);
  if (!token || !person || person.disabled) return undefined;
  const grants = peopleStore.grantsOf(person.id);
  const { id, permissions, environment } = token;
  return {
    person: person.id,
    name: person.name,
    grants,
    use: { kind: 'token', id, permissions, environment },
    hasSecondFactor: person.totp !== null,
    lacksSecondFactor: person.totp === null && needsSecondFactor(grants, policy.secondFactorRoles()),
  };
}

// Puts deployments together: what is recorded, the engine, HAProxy, registries and the operations between them.
import type { Sample } from '../../../core/contracts/sample.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import type { Log } from '../../../core/runtime/log.ts';
import type { AuditLog } from '../audit/log.ts';
import { randomId, sha256 } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { EnginePort } from '../engine/port.ts';
import { engineRoutes } from '../engine/routes.ts';
import { localNodeOf, whyNotReady } from '../engine/swarm.ts';
import type { Route } from '../http/route.ts';
import { isImageId, parseReference } from '../images/reference.ts';
import { resolveImage } from '../images/resolve.ts';
import { pruneRoutes } from '../images/routes.ts';
import type { IngressPort } from '../ingress/port.ts';
import { refuseRegistry } from '../outbound/registry.ts';
import { createRepairActs } from '../reconcile/acts.ts';
import { type Repairs, reconcile } from '../reconcile/reconcile.ts';
import { registryRoutes } from '../registries/routes.ts';
import type { RegistryStore } from '../registries/store.ts';
import { composeRoutes } from './compose-file/routes.ts';
import { DeploymentFigures } from './figures.ts';
import { createOperationStore } from './operations.ts';
import { DeploymentReader } from './read.ts';
import type { RolloutPorts } from './rollout.ts';
import { deploymentRoutes } from './routes.ts';
import { DeploymentService } from './service.ts';
import { createDeploymentStore, type DeploymentStore } from './store.ts';

export interface DeploymentOptions extends Pick<RolloutPorts, 'secrets' | 'volumeNode' | 'networks' | 'forget'> {
  db: Db;
  engine: EnginePort;
  ingress: IngressPort;
  audit: AuditLog;
  clock: Clock;
  log: Log;
  registries: RegistryStore;
  environments: { byId(id: string): { archived: boolean } };
  /** Names of an environment's secrets. */
  secretNames(environment: string): Promise<readonly string[]>;
  volumeNames(environment: string): readonly string[];
  nameOf(person: string): string | undefined;
}

export interface OpenDeployments {
  routes: Route[];
  service: DeploymentService;
  store: DeploymentStore;
  /** Deployments whose revision that serves, or is being brought up, names the volume. */
  mounting(environment: string, volume: string): string[];
  /** One look at everything, with its repairs. */
  reconcile(): Promise<Repairs>;
  /** Asks the engine how the replicas do; what it last said is in the samples. */
  measure(): Promise<void>;
  samples(): Sample[];
  close(): Promise<void>;
}

export function openDeployments(options: DeploymentOptions): OpenDeployments {
  const { db, engine, ingress, audit, clock, log, environments, nameOf, secrets, volumeNode, networks } = options;
  const { registries } = options;
  const deployments = createDeploymentStore(db);
  const operations = createOperationStore(db, clock.unixSeconds);
  const { unixSeconds, monotonicSeconds, sleep } = clock;
  const isListed = (registry: string) => registries.list().some((one) => one.registry === registry);
  const refuse = (registry: string) => refuseRegistry(registry, { isListed });
  const rollout: RolloutPorts = {
    ...{ engine, ingress, deployments, operations, secrets, volumeNode, networks, forget: options.forget, sha256 },
    ...{ unixSeconds, monotonicSeconds, sleep, isoTime: () => new Date(unixSeconds() * 1000).toISOString() },
    credentials: (pinned) => (isImageId(pinned) ? undefined : registries.credentials(parseReference(pinned).registry)),
    localNode: localNodeOf(engine, monotonicSeconds),
    resolveImage: (reference, tell, signal) =>
      resolveImage(
        { engine, credentials: registries.credentials, refuseRegistry: refuse, monotonicSeconds },
        ...([reference, tell, signal] as const),
      ),
  };
  const service = new DeploymentService({
    ...{ ...rollout, audit, environments, randomId },
    ready: () => whyNotReady(engine),
    onBroken: (error) => log.error({ err: error }, 'an operation ended in a way that nobody expected'),
  });
  const acts = createRepairActs(audit);
  const figures = new DeploymentFigures();
  const reader = new DeploymentReader({ engine, ingress, deployments, operations, nameOf, unixSeconds });
  return {
    routes: [
      ...deploymentRoutes(reader, service),
      ...composeRoutes({ service, secretNames: options.secretNames, volumeNames: options.volumeNames }),
      ...pruneRoutes({ engine, deployments, operations, unixSeconds }),
      ...engineRoutes(engine),
      ...registryRoutes(registries, unixSeconds),
    ],
    service,
    store: deployments,
    mounting: (environment, volume) =>
      deployments
        .list(environment)
        .filter((one) =>
          deployments
            .revisions(one.name)
            .some(
              ({ number, result, spec }) =>
                (number === one.stable || result === 'pending') && spec.volumes.some(({ name }) => name === volume),
            ),
        )
        .map(({ name }) => name),
    reconcile: () => reconcile({ ...rollout, acts }),
    async measure() {
      const listed = deployments.list();
      const tasks = listed.length === 0 ? undefined : await engine.tasks.list();
      if (tasks === undefined || tasks.ok) figures.look(listed, tasks?.value ?? [], monotonicSeconds());
    },
    samples: () => figures.samples(deployments.list(), monotonicSeconds()),
    close: () => service.close(),
  };
}

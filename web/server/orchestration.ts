// What runs on the engine, put together: the ingress, deployments, and the look at both every so often.
import { join } from 'node:path';
import { renderExposition } from '../../core/lib/promtext.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Log } from '../../core/runtime/log.ts';
import type { AuditLog } from './audit/log.ts';
import type { Db } from './db.ts';
import { deploymentMetrics } from './deployments/figures.ts';
import { type OpenDeployments, openDeployments } from './deployments/open.ts';
import type { DeploymentService } from './deployments/service.ts';
import type { EnginePort } from './engine/port.ts';
import type { Route } from './http/route.ts';
import type { IngressSettings } from './ingress/container-spec.ts';
import { type OpenIngress, openIngress } from './ingress/open.ts';
import { eventMetrics } from './observed/figures.ts';
import type { Repairs } from './reconcile/reconcile.ts';
import { openSeal } from './registries/seal.ts';
import { createRegistryStore } from './registries/store.ts';
import { openResources, type Resources } from './resources.ts';

export interface OrchestrationOptions {
  dataFolder: string;
  clock: Clock;
  log: Log;
  /** The Docker engine behind the broker; it need not answer. */
  engine: EnginePort;
  ingress: IngressSettings;
  db: Db;
  audit: AuditLog;
  environments: { byId(id: string): { archived: boolean } };
  nameOf(person: string): string | undefined;
}

export interface Orchestration {
  ingress: OpenIngress;
  deployments: DeploymentService;
  resources: Resources;
  routes: Route[];
  /** One comparison with what is recorded, with its repairs. */
  look(): Promise<Repairs>;
  /** How deployments and containers do, for /metrics. */
  render(): string;
  /** Goes on with what was interrupted, then compares and repairs every 15 s until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const lookEverySeconds = 15;

export async function openOrchestration(options: OrchestrationOptions): Promise<Orchestration> {
  const { dataFolder, clock, log, engine, audit } = options;
  const registries = createRegistryStore(options.db, openSeal(join(dataFolder, 'control/registries.key')));
  const { credentials } = registries;
  const ingress = await openIngress({ dataFolder, clock, engine, log, audit, credentials, settings: options.ingress });
  const resources = openResources({
    ...options,
    deployments: () => ({
      renewSecrets: (actor, environment, name) => deployments.service.renewSecrets(actor, environment, name),
      exists: (environment, name) => deployments.store.list(environment).some((one) => one.name === name),
      mounting: (environment, volume) => deployments.mounting(environment, volume),
    }),
  });
  const { secrets, volumes, networks } = resources;
  const deployments: OpenDeployments = openDeployments({
    ...options,
    ingress: ingress.port,
    registries,
    secrets: (environment, deployment, uses) => secrets.references(environment, deployment, uses),
    volumeNode: (environment, used) =>
      volumes.nodeOf(
        environment,
        used.map(({ name }) => name),
      ),
    forget: (environment, deployment) => networks.forget(environment, deployment),
    volumeNames: (environment) => volumes.namesOf(environment),
    networks: (environment, deployment) => networks.of(environment, deployment),
    secretNames: async (environment) => (await secrets.list(environment)).map(({ name }) => name),
  });
  return {
    ingress,
    deployments: deployments.service,
    resources,
    routes: [...ingress.routes, ...deployments.routes, ...resources.routes],
    look: deployments.reconcile,
    render: () =>
      renderExposition([...deploymentMetrics, ...eventMetrics], [...deployments.samples(), ...resources.samples()]),
    async run(signal) {
      const beside = resources.run(signal);
      for (let told = ''; !signal.aborted; ) {
        deployments.service.resume();
        told = tell(log, await look(deployments.reconcile), told);
        await deployments.measure();
        await ingress.port.read(); // what is measured of it is known also where the engine does not answer
        await clock.sleep(lookEverySeconds, signal);
      }
      await beside;
    },
    async close() {
      const rotations = resources.close();
      await deployments.close();
      await rotations;
      await ingress.close();
    },
  };
}

async function look(reconcile: () => Promise<Repairs>): Promise<Repairs> {
  try {
    return await reconcile();
  } catch (error) {
    return { kind: 'unknown', reason: (error as Error).stack ?? String(error) };
  }
}

/** Each finding is written when it appears, not every 15 s while it lasts. */
function tell(log: Log, found: Repairs, before: string): string {
  if (found.kind === 'looked' && found.repaired.length > 0)
    log.warn({ repaired: found.repaired }, 'what runs was not what is recorded, and was repaired');
  const now = JSON.stringify(found.kind === 'looked' ? found.problems : found.reason);
  if (now === before) return before;
  if (found.kind === 'unknown')
    log.warn({ reason: found.reason }, 'what runs cannot be compared with what is recorded');
  else if (found.problems.length > 0)
    log.error({ problems: found.problems }, 'what runs cannot be made what is recorded');
  return now;
}

// What deployments stand on, put together: secrets, volumes, networks and nodes, and what of the engine people may look at.
import type { Sample } from '../../core/contracts/sample.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { AuditLog } from './audit/log.ts';
import type { Db } from './db.ts';
import type { EnginePort } from './engine/port.ts';
import type { Route } from './http/route.ts';
import { logRoutes } from './logs/routes.ts';
import { networkRoutes } from './networks/routes.ts';
import { type NetworkPorts, NetworkService } from './networks/service.ts';
import { createNetworkTable } from './networks/table.ts';
import { nodeRoutes } from './nodes/routes.ts';
import { NodeService } from './nodes/service.ts';
import { createJoinOffers } from './nodes/table.ts';
import { EventRing, listenForEvents } from './observed/events.ts';
import { eventSamples } from './observed/figures.ts';
import { observedRoutes } from './observed/routes.ts';
import type { SecretUsers } from './secrets/port.ts';
import { secretRoutes } from './secrets/routes.ts';
import { SecretService } from './secrets/service.ts';
import { swarmSecretStore } from './secrets/swarm-store.ts';
import { createSecretTable } from './secrets/table.ts';
import { volumeRoutes } from './volumes/routes.ts';
import { type VolumePorts, VolumeService } from './volumes/service.ts';
import { createVolumeTable } from './volumes/table.ts';

export interface ResourceOptions {
  engine: EnginePort;
  db: Db;
  audit: AuditLog;
  clock: Clock;
  environments: { byId(id: string): { archived: boolean } };
  /** Asked only once they are there: deployments are made of these resources, and change with them. */
  deployments(): SecretUsers & {
    exists: NetworkPorts['deployments']['exists'];
    mounting: VolumePorts['mountedBy'];
  };
}

export interface Resources {
  routes: Route[];
  secrets: SecretService;
  volumes: VolumeService;
  networks: NetworkService;
  /** What the engine told of containers. */
  samples(): Sample[];
  /** Listens to the engine, goes on with rotations and rotates join tokens, until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const resumeSeconds = 30;

export function openResources({ engine, db, audit, clock, environments, deployments }: ResourceOptions): Resources {
  const { unixSeconds, monotonicSeconds } = clock;
  const sleep = (seconds: number, signal?: AbortSignal) => clock.sleep(seconds, signal);
  const shared = { engine, audit, environments, unixSeconds, monotonicSeconds, sleep };
  const users: SecretUsers = { renewSecrets: (...call) => deployments().renewSecrets(...call) };
  const secrets = new SecretService({
    ...{ ...shared, users, store: swarmSecretStore(engine), table: createSecretTable(db) },
    toBase64: (text) => Buffer.from(text).toString('base64'),
  });
  const volumes = new VolumeService({
    ...{ ...shared, table: createVolumeTable(db) },
    mountedBy: (environment, volume) => deployments().mounting(environment, volume),
  });
  const networks = new NetworkService({
    ...{ ...shared, table: createNetworkTable(db) },
    deployments: {
      exists: (environment, deployment) => deployments().exists(environment, deployment),
      renew: users.renewSecrets,
    },
  });
  const nodes = new NodeService({
    ...{ ...shared, offers: createJoinOffers(db) },
    volumesOn: (node) => volumes.onNode(node),
  });
  const events = new EventRing();
  return {
    ...{ secrets, volumes, networks },
    samples: () => eventSamples(events, unixSeconds()),
    routes: [
      ...logRoutes(shared),
      ...observedRoutes({ engine, events, sleep }),
      ...secretRoutes(secrets),
      ...volumeRoutes(volumes),
      ...networkRoutes(networks),
      ...nodeRoutes(nodes),
    ],
    async run(signal) {
      const resume = async () => {
        for (; !signal.aborted; await sleep(resumeSeconds, signal)) await secrets.resume().catch(() => undefined);
      };
      await Promise.all([listenForEvents(events, shared, signal), nodes.watchOffers(signal), resume()]);
    },
    close: () => secrets.close(),
  };
}

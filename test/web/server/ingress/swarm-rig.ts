// An ingress as it is in earnest: a real engine with a swarm, the broker before it, HAProxy in its container, services behind it.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { createBrokerEngine } from '../../../../web/server/engine/broker-engine.ts';
import { containerPlaces } from '../../../../web/server/ingress/configuration.ts';
import { ingressContainer } from '../../../../web/server/ingress/container.ts';
import type { IngressSettings } from '../../../../web/server/ingress/container-spec.ts';
import { createFigures, type Figures } from '../../../../web/server/ingress/figures.ts';
import { ingressFiles } from '../../../../web/server/ingress/files.ts';
import { Ingress } from '../../../../web/server/ingress/ingress.ts';
import type { IngressRoute } from '../../../../web/server/ingress/port.ts';
import { type Receiver, startReceiver } from '../../../../web/server/ingress/receiver.ts';
import { haproxySockets } from '../../../../web/server/ingress/sockets.ts';
import { type DockerEngine, startDockerEngine } from '../../../engine/docker-engine.ts';
import type { TestBroker } from '../../broker/harness.ts';
import { type LoadOptions, type RunningLoad, startLoad } from './loader/start.ts';
import { placeIngress, ports } from './placed.ts';
import { hexOf } from './rig.ts';

export interface SwarmRig {
  engine: DockerEngine;
  broker: TestBroker;
  ingress: Ingress;
  figures: Figures;
  receiver: Receiver;
  settings: IngressSettings;
  data: string;
  /** A service of so many tasks that answer with their revision. */
  serve(service: string, replicas: number, network?: string): Promise<void>;
  makeNetwork(name: string): Promise<void>;
  /** Requests from within the engine's network, where the ingress is published. */
  load(options: Omit<LoadOptions, 'port'>): RunningLoad;
  close(): Promise<void>;
}

export async function startSwarmRig(): Promise<{ kind: 'rig'; rig: SwarmRig } | { kind: 'absent'; reason: string }> {
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-in-')));
  const { broker, settings } = await placeIngress(engine, data);
  const [configuration, run] = [join(data, 'haproxy'), join(data, 'run/haproxy')];
  const ask = must(engine);
  await ask('POST', '/swarm/init', { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' });
  const { monotonicSeconds } = systemClock;
  const sleep = (seconds: number) => systemClock.sleep(seconds);
  const figures = createFigures();
  const receiver = await startReceiver({ socketPath: join(run, 'requests.sock'), figures, monotonicSeconds });
  const ingress = new Ingress({
    onRunning: () => undefined,
    image: { ensure: () => Promise.resolve(undefined), said: () => undefined },
    logConnections: () => receiver.connections(),
    ...{ figures, monotonicSeconds, sleep, markOf: hexOf, places: containerPlaces },
    files: ingressFiles(configuration),
    sockets: haproxySockets(run, sleep),
    container: ingressContainer(createBrokerEngine(broker.write), settings, hexOf),
  });
  const rig: SwarmRig = {
    ...{ engine, broker, ingress, figures, receiver, settings, data },
    async serve(service, replicas, network = 'env-e1') {
      const revision = service.split('-').at(-1)!;
      const config = JSON.parse(
        await ask('POST', '/configs/create', {
          Name: service,
          Data: Buffer.from(application(revision)).toString('base64'),
        }),
      ) as { ID: string };
      await ask('POST', '/services/create', serviceSpec(service, replicas, network, settings.image, config.ID));
    },
    async makeNetwork(name) {
      const body = { Name: name, Driver: 'overlay', Attachable: true, Labels: {} };
      await ask('POST', '/networks/create', body);
    },
    load: (options) => startLoad(engine.holder, { port: ports.http, ...options }),
    async close() {
      await engine.ask('DELETE', '/containers/odyssey-haproxy?force=1');
      await engine.ask('POST', '/swarm/leave?force=1');
      await receiver.close();
      await broker.close();
      await engine.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
  return { kind: 'rig', rig };
}

export function swarmRoute(change: Partial<IngressRoute> = {}): IngressRoute {
  const deployment = change.deployment ?? 'shop';
  return {
    ...{ environment: 'e1', network: 'env-e1', deployment, hosts: [`${deployment}.test`], port: 8080 },
    ...{ healthPath: '/healthz', sticky: false, stable: 'r1', canary: undefined, replicas: 2 },
    revisions: ['r1', 'r2'].map((revision) => ({ revision, service: `${deployment}-${revision}`, replicasMax: 6 })),
    ...change,
  };
}

/** The application is an HAProxy, too: it answers by itself, and is in the image already. */
function application(revision: string): string {
  return `defaults
  mode http
  timeout client 30s
frontend all
  bind :8080
  http-request return status 200 content-type text/plain string "${revision}"
`;
}

function serviceSpec(service: string, replicas: number, network: string, image: string, config: string) {
  return {
    Name: service,
    Mode: { Replicated: { Replicas: replicas } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: {
      Networks: [{ Target: network }],
      ContainerSpec: {
        Image: image,
        Command: ['haproxy', '-f', '/app.cfg'],
        StopSignal: 'SIGUSR1',
        Configs: [
          { File: { Name: '/app.cfg', UID: '0', GID: '0', Mode: 0o444 }, ConfigID: config, ConfigName: service },
        ],
      },
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
    },
  };
}

function must({ ask }: DockerEngine) {
  return async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, text } = await ask(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return text;
  };
}

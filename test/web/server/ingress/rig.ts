// An ingress with a real HAProxy on loopback: a name server and tasks of the test's own stand in for the swarm.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { sha256 } from '../../../../web/server/crypto.ts';
import type { Places } from '../../../../web/server/ingress/configuration.ts';
import { createFigures, type Figures } from '../../../../web/server/ingress/figures.ts';
import { type IngressFiles, ingressFiles } from '../../../../web/server/ingress/files.ts';
import { Ingress } from '../../../../web/server/ingress/ingress.ts';
import type { IngressRoute } from '../../../../web/server/ingress/port.ts';
import { type Receiver, startReceiver } from '../../../../web/server/ingress/receiver.ts';
import { type HaproxySockets, haproxySockets } from '../../../../web/server/ingress/sockets.ts';
import { type RunningHaproxy, runHaproxy } from '../../../engine/haproxy.ts';
import { type NameServer, startNameServer } from '../../../fakes/name-server.ts';

export interface Rig {
  ingress: Ingress;
  files: IngressFiles;
  sockets: HaproxySockets;
  figures: Figures;
  readonly receiver: Receiver;
  /** The receiver is closed, and a fresh one, which counts from nothing, takes its place afterwards. */
  awayWhile(act: () => Promise<void>): Promise<void>;
  names: NameServer['names'];
  /** May be changed between two calls. */
  places: Places;
  /** Where HAProxy listens for requests. */
  port: number;
  httpsPort: number;
  /** Where the tasks of every service listen, each on an address of its own. */
  taskPort: number;
  folder: string;
  haproxy(): RunningHaproxy | undefined;
  /** Starts tasks of a service and gives them its name; each answers with the revision unless told otherwise. */
  serve(service: string, tasks: number, answer?: RequestListener): Promise<void>;
  stopTasks(service: string): Promise<void>;
  close(): Promise<void>;
}

/** A real HAProxy starts with the first routes and again whenever it is gone, as its container would. */
export async function startRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'ody-in-')); // short: the path of a unix socket has 107 bytes
  const configuration = join(folder, 'haproxy');
  const run = join(folder, 'run');
  mkdirSync(run);
  const [port, httpsPort, metrics, taskPort] = (await freePorts(4)) as [number, number, number, number];
  const names = await startNameServer();
  const figures = createFigures();
  const { monotonicSeconds } = systemClock;
  const receive = () => startReceiver({ socketPath: join(run, 'requests.sock'), figures, monotonicSeconds });
  let receiver = await receive();
  const files = ingressFiles(configuration);
  const sockets = haproxySockets(run, (seconds) => systemClock.sleep(seconds));
  const places: Places = { http: port, https: httpsPort, metrics, resolver: `127.0.0.1:${names.port}` };
  let haproxy: RunningHaproxy | undefined;
  const ingress = new Ingress({
    onRunning: () => undefined,
    image: { ensure: () => Promise.resolve(undefined), said: () => undefined },
    logConnections: () => receiver.connections(),
    ...{ files, sockets, figures, monotonicSeconds, places },
    sleep: (seconds) => systemClock.sleep(seconds),
    markOf: hexOf,
    container: {
      async ensure(_, needed) {
        if (haproxy?.process.exitCode === null && haproxy.process.signalCode === null)
          return { kind: 'running', fresh: false };
        if (!needed) return { kind: 'none' };
        haproxy = await runHaproxy(configuration, run);
        return { kind: 'running', fresh: true };
      },
      leave: () => Promise.resolve(),
    },
  });
  const tasks = new Map<string, Server[]>();
  let nextAddress = 2;
  const stopTasks = async (service: string): Promise<void> => {
    names.names.delete(`tasks.${service}`);
    for (const server of tasks.get(service) ?? []) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    tasks.delete(service);
  };
  return {
    ...{ ingress, files, sockets, figures, names: names.names, places, port, httpsPort, taskPort, folder },
    get receiver() {
      return receiver;
    },
    async awayWhile(act) {
      await receiver.close();
      await act();
      receiver = await receive();
    },
    haproxy: () => haproxy,
    async serve(service, count, answer = (_, response) => void response.end(service.split('-').at(-1))) {
      const addresses: string[] = [];
      for (let task = 0; task < count; task++) {
        const address = `127.0.1.${nextAddress++}`;
        const server = createServer(answer);
        server.keepAliveTimeout = 60_000;
        await new Promise<void>((resolve) => server.listen(taskPort, address, resolve));
        tasks.set(service, [...(tasks.get(service) ?? []), server]);
        addresses.push(address);
      }
      names.names.set(`tasks.${service}`, [...(names.names.get(`tasks.${service}`) ?? []), ...addresses]);
    },
    stopTasks,
    async close() {
      await haproxy?.kill();
      for (const service of [...tasks.keys()]) await stopTasks(service);
      await receiver.close();
      names.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function hexOf(text: string): string {
  return Buffer.from(sha256(Buffer.from(text))).toString('hex');
}

export function routeOf(rig: Pick<Rig, 'taskPort'>, change: Partial<IngressRoute> = {}): IngressRoute {
  const deployment = change.deployment ?? 'shop';
  return {
    ...{ environment: 'e1', network: 'env-e1', deployment, hosts: [`${deployment}.test`], port: rig.taskPort },
    ...{ healthPath: '/', sticky: false, stable: 'r1', canary: undefined, replicas: 2 },
    revisions: ['r1', 'r2'].map((revision) => ({ revision, service: `${deployment}-${revision}`, replicasMax: 6 })),
    ...change,
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createTcp();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

// A control plane in earnest: a real engine, the broker before it, HAProxy in its container, and the API as people use it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation, OperationStep } from '../../../../core/contracts/deployments.ts';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { createBrokerEngine } from '../../../../web/server/engine/broker-engine.ts';
import type { EnginePort } from '../../../../web/server/engine/port.ts';
import type { IngressSettings } from '../../../../web/server/ingress/container-spec.ts';
import { type DockerEngine, startDockerEngine } from '../../../engine/docker-engine.ts';
import { packHaproxyImage } from '../../../engine/haproxy.ts';
import { healthCheck, importHttpImages } from '../../../engine/http-image.ts';
import { root } from '../../../tidy/tree.ts';
import { startTestBroker, type TestBroker } from '../../broker/harness.ts';
import { type Answer, type Caller, openPlane, type TestPlane } from '../plane.ts';

export interface DeploymentRig {
  engine: DockerEngine;
  broker: TestBroker;
  port: EnginePort;
  test: TestPlane;
  /** Ids of the application's images by version. */
  images: Record<string, string>;
  ingress: IngressSettings;
  data: string;
  /** A call of the admin below the default environment. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Starts an operation and waits for its end. */
  operate(method: string, path: string, body?: unknown): Promise<Operation & { steps: OperationStep[] }>;
  /** Requests from within the engine's network, where the ingress is published. */
  load(options: LoadOptions): RunningLoad;
  close(): Promise<void>;
}

interface LoadOptions {
  host: string;
  connections: number;
  /** Without it until it is stopped. */
  requests?: number;
  pauseMilliseconds?: number;
  path?: string;
}

export interface LoadResult {
  total: number;
  failed: number;
  failures: string[];
  answers: Record<string, number>;
}

export interface RunningLoad {
  stop(): void;
  done: Promise<LoadResult>;
}

/** Free in the engine's own namespace. */
export const ports = { http: 8081, https: 8444, metrics: 8405 };

/** What a deployment of the application is made of; changes are given. */
export function application(name: string, image: string, change: object = {}) {
  return {
    ...{ name, image, port: 8080, hosts: [`${name}.test`], healthPath: '/healthz', healthCheck },
    limits: { memoryMegabytes: 128, cpus: 0.5 },
    ...change,
  };
}

export async function startDeploymentRig(): Promise<
  { kind: 'rig'; rig: DeploymentRig } | { kind: 'absent'; reason: string }
> {
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-d-')));
  const { broker, settings } = await placeIngress(engine, data);
  const images = await importHttpImages(engine, ['1', '2', '3']);
  const port = createBrokerEngine(broker.write);
  const test = await openPlane({ dataFolder: data, clock: systemClock, engine: port, ingress: settings });
  const call = (method: string, path: string, body?: unknown) =>
    test.admin.call(method, `/environments/${test.defaultEnvironment}${path}`, body);
  return {
    kind: 'rig',
    rig: {
      ...{ engine, broker, port, test, images, ingress: settings, data, call },
      operate: (method, path, body) => operate(test.admin, call, method, path, body),
      load: (options) => startLoad(engine.holder, options),
      async close() {
        await test.close();
        await broker.close();
        await engine.ask('DELETE', '/containers/odyssey-haproxy?force=1').catch(() => undefined);
        await engine.ask('POST', '/swarm/leave?force=1').catch(() => undefined);
        await engine.stop();
        rmSync(data, { recursive: true, force: true });
      },
    },
  };
}

/** HAProxy's image and folders, and a broker that allows them. */
export async function placeIngress(
  engine: DockerEngine,
  data: string,
): Promise<{ broker: TestBroker; settings: IngressSettings }> {
  const configuration = join(data, 'haproxy');
  const run = join(data, 'run/haproxy');
  mkdirSync(run, { recursive: true });
  mkdirSync(configuration, { recursive: true });
  const { text } = await engine.ask('POST', '/images/create?fromSrc=-&repo=haproxy&tag=3.0', await packHaproxyImage());
  const image = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
  if (image === undefined) throw new Error(`no image of HAProxy: ${text.slice(0, 300)}`);
  const broker = await startTestBroker(engine.socketPath, {
    dataFolder: data,
    policy: {
      binds: [
        { source: configuration, readOnly: true },
        { source: run, readOnly: false },
      ],
      publishedPorts: Object.values(ports),
    },
  });
  const settings: IngressSettings = {
    ...{ image, ports, metricsPort: ports.metrics, networks: [] },
    mounts: { kind: 'bind', configuration, sockets: run },
    user: { uid: process.getuid!(), gid: process.getgid!() },
  };
  return { broker, settings };
}

export function startLoad(pid: number, options: LoadOptions): RunningLoad {
  const loader = join(root, 'test/web/server/ingress/loader/main.ts');
  const given = JSON.stringify({ port: ports.http, ...options });
  const child = spawn('nsenter', ['-t', String(pid), '--net', process.execPath, loader, given], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const done = new Promise<LoadResult>((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text) as LoadResult) : reject(new Error(`the load ended with ${code}`)),
    );
  });
  return { stop: () => child.stdin.end(), done };
}

const operationSecondsMax = 120;

async function operate(
  admin: Caller,
  call: DeploymentRig['call'],
  method: string,
  path: string,
  body: unknown,
): Promise<Operation & { steps: OperationStep[] }> {
  const begun = await call(method, path, body);
  if (begun.status !== 202) throw new Error(`${method} ${path}: ${begun.status} ${begun.text} ${admin.id}`);
  return untilEnded(call, begun.body.operation as string);
}

async function untilEnded(
  call: DeploymentRig['call'],
  operation: string,
): Promise<Operation & { steps: OperationStep[] }> {
  for (let tries = 0; tries < operationSecondsMax * 5; tries++) {
    const { body } = await call('GET', `/operations/${operation}`);
    if (body.state !== 'running') return body;
    await systemClock.sleep(0.2);
  }
  throw new Error(`the operation ${operation} has not ended in ${operationSecondsMax} s`);
}

// A control plane in earnest: a real engine, the broker before it, HAProxy in its container, and the API as people use it.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation, OperationStep } from '../../../../core/contracts/deployments.ts';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { createBrokerEngine } from '../../../../web/server/engine/broker-engine.ts';
import type { EnginePort } from '../../../../web/server/engine/port.ts';
import type { IngressSettings } from '../../../../web/server/ingress/container-spec.ts';
import { type DockerEngine, startDockerEngine } from '../../../engine/docker-engine.ts';
import { healthCheck, importHttpImages } from '../../../engine/http-image.ts';
import type { TestBroker } from '../../broker/harness.ts';
import { type LoadOptions, type RunningLoad, startLoad } from '../ingress/loader/start.ts';
import { placeIngress, ports } from '../ingress/placed.ts';
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
  load(options: Omit<LoadOptions, 'port'>): RunningLoad;
  close(): Promise<void>;
}

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
      load: (options) => startLoad(engine.holder, { port: ports.http, ...options }),
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

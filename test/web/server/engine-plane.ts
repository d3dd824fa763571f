// A control plane before a real engine with a swarm of one node: the broker between them, the real clock, everything that runs running.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../core/runtime/clock.ts';
import { createBrokerEngine } from '../../../web/server/engine/broker-engine.ts';
import { type DockerEngine, startDockerEngine } from '../../engine/docker-engine.ts';
import { startTestBroker } from '../broker/harness.ts';
import { type Answer, type Caller, openPlane, type TestPlane } from './plane.ts';

export interface EnginePlane {
  engine: DockerEngine;
  it: TestPlane;
  /** Of the default environment. */
  at: string;
  data: string;
  /** Deploys and waits; rejects with the operation's outcome when it did not serve. */
  deploy(spec: { name: string } & Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

export type EnginePlaneStart = { kind: 'plane'; plane: EnginePlane } | { kind: 'absent'; reason: string };

/** Of the engine's own bridge: others could reach it, as they could not reach loopback. */
export const swarmAddress = '10.213.0.1';

export async function startEnginePlane(): Promise<EnginePlaneStart> {
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-ep-')));
  const init = {
    ListenAddr: `${swarmAddress}:2377`,
    AdvertiseAddr: swarmAddress,
    DefaultAddrPool: ['10.214.0.0/16'],
    SubnetSize: 24,
  };
  await engine.ask('POST', '/swarm/init', init);
  const broker = await startTestBroker(engine.socketPath, { dataFolder: data });
  const it = await openPlane({ dataFolder: data, clock: systemClock, engine: createBrokerEngine(broker.write) });
  const stopping = new AbortController();
  const running = it.plane.orchestration.run(stopping.signal);
  const at = `/environments/${it.defaultEnvironment}`;
  const plane: EnginePlane = {
    ...{ engine, it, at, data },
    async deploy(spec) {
      const body = {
        image: engine.imageId,
        limits: { memoryMegabytes: 64, cpus: 0.2 },
        rollout: { monitorSeconds: 1, deadlineSeconds: 60 },
        ...spec,
      };
      const begun = await it.admin.call('POST', `${at}/deployments`, body);
      if (begun.status !== 202) throw new Error(`not begun: ${begun.text}`);
      const ended = await until(it.admin, `${at}/operations/${begun.body.operation}`, (one) => one.ended !== null);
      if (ended.state !== 'done') throw new Error(JSON.stringify(ended));
    },
    async close() {
      stopping.abort();
      await running;
      await it.close();
      await engine.ask('POST', '/swarm/leave?force=1');
      await broker.close();
      await engine.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
  return { kind: 'plane', plane };
}

/** Asks again and again until the answer is so; rejects with the last one after a minute and a half. */
export async function until(
  caller: Caller,
  path: string,
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server says
  met: (body: any) => boolean,
  tries = 180,
): Promise<Answer['body']> {
  for (let left = tries; ; left--) {
    const answer = await caller.call('GET', path);
    if (answer.status === 200 && met(answer.body)) return answer.body;
    if (left === 0) throw new Error(`not so: ${answer.text.slice(0, 2_000)}`);
    await systemClock.sleep(0.5);
  }
}

export interface ReadStream {
  events: { event: string; data: unknown; id?: string }[];
  status: number;
  ended: Promise<void>;
  stop(): void;
}

/** A stream of events as a browser reads it. */
export async function readEvents(it: TestPlane, caller: Caller, path: string): Promise<ReadStream> {
  const controller = new AbortController();
  const cookie = [...caller.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${it.url}/api/v1${path}`, { headers: { cookie }, signal: controller.signal });
  const stream: ReadStream = {
    events: [],
    status: response.status,
    ended: Promise.resolve(),
    stop: () => controller.abort(),
  };
  const read = async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body!) {
      const parts = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      text = parts.pop()!;
      for (const part of parts) {
        const fields = new Map(part.split('\n').map((line) => line.split(': ', 2) as [string, string]));
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data === undefined) continue;
        const id = fields.get('id');
        stream.events.push({ event: fields.get('event')!, data: JSON.parse(data), ...(id !== undefined && { id }) });
      }
    }
  };
  stream.ended = read().catch(() => undefined);
  return stream;
}

/** Paths of files that hold the text; what is mounted in memory is seen in the containers' own namespaces alone. */
export function filesWith(text: string, folder: string): string {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** The networks of each running container of a deployment. */
export async function networksOf(engine: DockerEngine, deployment: string): Promise<string[][]> {
  const { text } = await engine.ask('GET', `/containers/json?filters={"label":["odyssey_deployment=${deployment}"]}`);
  const containers = JSON.parse(text) as { NetworkSettings: { Networks: object } }[];
  return containers.map(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks));
}

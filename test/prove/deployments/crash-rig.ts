// The control plane as a process of its own, to be killed and started again; engine, broker and HAProxy as they are in earnest.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../core/runtime/clock.ts';
import { type DockerEngine, startDockerEngine } from '../../engine/docker-engine.ts';
import { importHttpImages } from '../../engine/http-image.ts';
import { root } from '../../tidy/tree.ts';
import { startLoad } from '../../web/server/ingress/loader/start.ts';
import { placeIngress, ports } from '../../web/server/ingress/placed.ts';
import { type Answer, Caller, password } from '../../web/server/plane.ts';

export interface CrashRig {
  engine: DockerEngine;
  images: Record<string, string>;
  data: string;
  /** A call below the default environment; undefined while nobody answers. */
  call(method: string, path: string, body?: unknown): Promise<Answer | undefined>;
  /** Ends the control plane as a power cut would, and starts it again. */
  killControlPlane(): Promise<void>;
  killIngress(): Promise<void>;
  /** What a request through HAProxy is answered with; undefined where it is not. */
  answer(host: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const startSeconds = 60;

export async function startCrashRig(): Promise<{ kind: 'rig'; rig: CrashRig } | { kind: 'absent'; reason: string }> {
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-c-')));
  const { broker, settings } = await placeIngress(engine, data);
  const images = await importHttpImages(engine, ['1', '2']);
  const port = await freePort();
  const environment = {
    ...process.env,
    ...{ ODYSSEY_DATA: data, WEB_PORT: String(port), WEB_METRICS_PORT: String(await freePort()) },
    ...{ BROKER_WRITE_SOCKET: broker.write, HAPROXY_IMAGE: settings.image, WEB_CALLS_PER_MINUTE: '100000' },
    ...{ WEB_INGRESS_HTTP_PORT: String(ports.http), WEB_INGRESS_HTTPS_PORT: String(ports.https) },
    ...{ WEB_INGRESS_METRICS_PORT: String(ports.metrics), LOG_LEVEL: 'warn' },
  };
  const admin = new Caller(`http://127.0.0.1:${port}`);
  let child = await launch(environment, admin);
  const environments = await admin.call('GET', '/environments');
  const below = `/environments/${environments.body.items[0].id}`;
  await admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
  return {
    kind: 'rig',
    rig: {
      ...{ engine, images, data },
      async call(method, path, body) {
        const call = () => admin.call(method, `${below}${path}`, body).catch(() => undefined);
        const answer = await call();
        if (answer?.status !== 401) return answer;
        await admin.signIn('root-admin').catch(() => undefined); // a session lasts ten minutes, this may take longer
        return call();
      },
      async killControlPlane() {
        await end(child, 'SIGKILL');
        child = await launch(environment, admin);
      },
      async killIngress() {
        const { text } = await engine.ask('GET', '/containers/odyssey-haproxy/json');
        const { State } = JSON.parse(text) as { State?: { Pid?: number } };
        if (!State?.Pid) throw new Error(`HAProxy does not run: ${text.slice(0, 200)}`);
        process.kill(State.Pid, 'SIGKILL');
      },
      async answer(host) {
        const { answers } = await startLoad(engine.holder, { port: ports.http, host, connections: 1, requests: 1 })
          .done;
        return Object.keys(answers)[0];
      },
      async close() {
        await end(child, 'SIGTERM');
        await broker.close();
        await engine.ask('DELETE', '/containers/odyssey-haproxy?force=1').catch(() => undefined);
        await engine.ask('POST', '/swarm/leave?force=1').catch(() => undefined);
        await engine.stop();
        rmSync(data, { recursive: true, force: true });
      },
    },
  };
}

/** Resolves when it answers; sets the first person up where it asks for that. */
async function launch(environment: NodeJS.ProcessEnv, admin: Caller): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'web/server/main.ts')], {
    ...{ cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-20_000);
  });
  for (let tries = 0; tries < startSeconds * 10; tries++) {
    if (child.exitCode !== null) throw new Error(`the control plane has ended: ${said.slice(-500)}`);
    const state = await admin.call('GET', '/setup').catch(() => undefined);
    const token = /Set-up token[^:]*: (\S+)/.exec(said)?.[1];
    if (state?.status === 200 && !state.body.open) return child;
    if (state?.status === 200 && token !== undefined) {
      const made = await admin.call('POST', '/setup', { token, name: 'root-admin', password });
      if (made.status >= 300) throw new Error(`nobody can be set up: ${made.text}`);
      return child;
    }
    await systemClock.sleep(0.1);
  }
  throw new Error(`the control plane does not answer in ${startSeconds} s: ${said.slice(-500)}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

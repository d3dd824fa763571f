// The appliance from its own compose file on an engine of the test's own, with images made here.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../../compose/place.ts';
import { type DockerEngine, startDockerEngine } from '../../engine/docker-engine.ts';
import { packHaproxyImage } from '../../engine/haproxy.ts';
import { importHttpImages } from '../../engine/http-image.ts';
import { importImages } from './images.ts';

const run = promisify(execFile);

export interface Appliance {
  engine: DockerEngine;
  /** `docker compose …` on it; what it said. */
  compose(...args: string[]): Promise<string>;
  /** The same, with something on its standard input. */
  composeWith(input: Buffer, ...args: string[]): Promise<string>;
  /** A GET from inside a container of it, as `curl` would from that network; the status and the body. */
  get(service: string, url: string): Promise<{ status: number; body: string }>;
  /** `npm run bundle` on it. */
  bundle(folder: string): Promise<void>;
  stop(): Promise<void>;
}

export type ApplianceStart = { kind: 'appliance'; appliance: Appliance } | { kind: 'absent'; reason: string };

export async function startAppliance(): Promise<ApplianceStart> {
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const settings = await importAll(engine).catch(async (error: unknown) => {
    await engine.stop();
    throw error;
  });
  const env = { ...process.env, ...settings, DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.folder };
  const composeWith = async (input: Buffer | undefined, ...args: string[]) => {
    const running = run(engine.compose, args, { cwd: root, env, timeout: 300_000, maxBuffer: 1 << 26 });
    running.child.stdin!.on('error', () => {}); // one that ends before it has read all says why itself
    running.child.stdin!.end(input);
    const { stdout, stderr } = await running;
    return `${stdout}${stderr}`;
  };
  const compose = (...args: string[]) => composeWith(undefined, ...args);
  return {
    kind: 'appliance',
    appliance: {
      engine,
      compose,
      composeWith,
      get: async (service, url) => {
        const script = `const a = await fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(8000) });
          console.log(JSON.stringify({ status: a.status, body: await a.text() }))`;
        const said = await compose('exec', '-T', service, 'node', '--input-type=module', '-e', script);
        return JSON.parse(
          said
            .trim()
            .split('\n')
            .find((line) => line.startsWith('{'))!,
        ) as { status: number; body: string };
      },
      bundle: async (folder) => {
        await run(process.execPath, [join(root, 'compose/bundle/main.ts'), folder], { env, timeout: 120_000 });
      },
      stop: () => engine.stop(),
    },
  };
}

async function importAll(engine: DockerEngine): Promise<Record<string, string>> {
  const settings = { ...(await importImages(engine)), HAPROXY_IMAGE: await importHaproxy(engine) };
  await importHttpImages(engine, ['1']);
  return { ...settings, DOCKER_SOCKET: engine.socketPath };
}

async function importHaproxy(engine: DockerEngine): Promise<string> {
  const name = 'odyssey-test/haproxy';
  const { text } = await engine.ask('POST', `/images/create?fromSrc=-&repo=${name}&tag=3.0`, await packHaproxyImage());
  if (!text.includes('sha256:')) throw new Error(`the image of HAProxy was not taken: ${text.slice(0, 300)}`);
  return `${name}:3.0`;
}

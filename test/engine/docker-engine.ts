// A real Docker engine for tests: unpacked from Debian's packages, in namespaces of its own, gone when the test ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { type EngineSuite, getEnginePrograms } from './programs.ts';

export interface EngineOptions {
  suite: EngineSuite;
  /** Where images and layers are kept: the classic store, or containerd's. */
  store: 'overlay2' | 'containerd';
  /** Whether containers get a network; nothing leads out of it. */
  bridge: boolean;
  /** A name of its own, where several engines are to be told apart. */
  hostname?: string;
}

export interface DockerEngine {
  /** Of dockerd itself, as it was at the start. */
  pid: number;
  /** Of the process that holds the engine's namespaces; it outlives a crash. */
  holder: number;
  socketPath: string;
  /** A folder that goes with the engine. */
  folder: string;
  /** docker-compose, to be started with DOCKER_HOST set. */
  compose: string;
  /** The image that tests make containers from: a shell, `env` and `sleep`. */
  imageId: string;
  /** Asks the engine itself, past any broker. */
  ask: Ask;
  /** Kills dockerd alone, as a crash would, and starts it again on what it left, after so many seconds; resolves when it answers. */
  crash(downSeconds?: number): Promise<void>;
  stop(): Promise<void>;
}

export type DockerStart = { kind: 'engine'; engine: DockerEngine } | { kind: 'absent'; reason: string };

type Ask = (method: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;

const startSeconds = 40;
const stopSeconds = 20;

/** Never rejects: where a machine cannot run an engine (no root, no apt, no namespaces), it says why. */
export async function startDockerEngine(
  options: EngineOptions = { suite: 'trixie', store: 'overlay2', bridge: false },
): Promise<DockerStart> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { kind: 'absent', reason: 'a Docker engine needs root on Linux' };
  }
  const folder = mkdtempSync('/tmp/ody-engine-'); // short: the path of a unix socket has 107 bytes
  const socketPath = join(folder, 'docker.sock');
  let holder: ChildProcess | undefined;
  let daemon: ChildProcess | undefined;
  const stop = () => halt(daemon, holder, folder);
  try {
    const { environment, compose } = await getEnginePrograms(options.suite);
    writeConfig(folder, options);
    const namespaces = await holdNamespaces(folder, environment, options.hostname);
    holder = namespaces;
    daemon = launch(namespaces, folder, environment);
    const ask = asker(socketPath);
    await untilAnswered(ask, daemon);
    const { text } = await ask('POST', '/images/create?fromSrc=-&repo=tiny&tag=1', makeImage(folder));
    const imageId = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
    if (imageId === undefined) throw new Error(`the image was not taken: ${text.slice(0, 200)}`);
    const crash = async (downSeconds = 0) => {
      await kill(daemon!);
      await new Promise((resolve) => setTimeout(resolve, downSeconds * 1_000));
      daemon = launch(namespaces, folder, environment);
      await untilAnswered(ask, daemon);
    };
    return {
      kind: 'engine',
      engine: { pid: daemon.pid!, holder: namespaces.pid!, socketPath, folder, compose, imageId, ask, crash, stop },
    };
  } catch (error) {
    const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').slice(-300) : '';
    await stop();
    return { kind: 'absent', reason: `no Docker engine: ${(error as Error).message} ${log}` };
  }
}

/** Networks and mounts of its own: nothing that the engine sets up is seen by the machine. Controllers are mounted where a small machine has none. */
const script = `set -e
ip link set lo up
[ -z "$1" ] || echo "$1" >/proc/sys/kernel/hostname
mount --make-rshared / # within this namespace: containers may mount the root as a slave
if ! mountpoint -q /sys/fs/cgroup; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null || {
    mount -t tmpfs cgroup /sys/fs/cgroup
    for name in $(awk '!/^#/ && $4 == 1 {print $1}' /proc/cgroups); do
      mkdir -p /sys/fs/cgroup/$name
      mount -t cgroup -o $name cgroup /sys/fs/cgroup/$name || rmdir /sys/fs/cgroup/$name
    done
  }
fi
echo ready
exec cat # until the test ends, or closes its end`;

function daemonCommand(folder: string): string[] {
  const at = (name: string) => join(folder, name);
  return [
    ...['dockerd', '-H', `unix://${at('docker.sock')}`, '--pidfile', at('pid'), '--config-file', at('daemon.json')],
    ...['--data-root', at('data'), '--exec-root', at('exec')],
    ...['--iptables=false', '--ip6tables=false', '--ip-forward=false'],
  ];
}

/** Addresses that no machine's own network is likely to have; they are seen in the engine's namespace alone. */
const addresses = { bip: '10.213.0.1/20', 'default-address-pools': [{ base: '10.213.128.0/17', size: 24 }] };

function writeConfig(folder: string, { store, bridge }: EngineOptions): void {
  const config = {
    ...(store === 'containerd' ? { features: { 'containerd-snapshotter': true } } : { 'storage-driver': 'overlay2' }),
    ...(bridge ? addresses : { bridge: 'none' }),
  };
  writeFileSync(join(folder, 'daemon.json'), JSON.stringify(config));
}

/** Keeps the namespaces for as long as this process holds its input open, whatever becomes of dockerd. */
async function holdNamespaces(folder: string, environment: NodeJS.ProcessEnv, hostname = ''): Promise<ChildProcess> {
  const log = openSync(join(folder, 'log'), 'a');
  const holder = spawn('unshare', ['--net', '--mount', '--uts', 'sh', '-c', script, 'sh', hostname], {
    env: environment,
    stdio: ['pipe', 'pipe', log],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout!.once('data', () => resolve());
    holder.once('exit', () => reject(new Error('namespaces cannot be made here')));
    holder.once('error', reject);
  });
  return holder;
}

function launch(holder: ChildProcess, folder: string, environment: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  return spawn('nsenter', ['-t', String(holder.pid), '--net', '--mount', '--uts', ...daemonCommand(folder)], {
    env: environment,
    stdio: ['ignore', log, log],
  });
}

async function kill(daemon: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGKILL');
  await ended;
}

async function untilAnswered(ask: Ask, daemon: ChildProcess): Promise<void> {
  for (let tries = 0; tries < startSeconds * 10; tries++) {
    if (daemon.exitCode !== null) throw new Error('dockerd ended at once');
    const answered = await ask('GET', '/_ping').catch(() => undefined);
    if (answered?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`dockerd did not answer in ${startSeconds} s`);
}

async function halt(daemon: ChildProcess | undefined, holder: ChildProcess | undefined, folder: string): Promise<void> {
  if (daemon !== undefined && daemon.exitCode === null && daemon.signalCode === null) {
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGTERM');
    const timer = setTimeout(() => daemon.kill('SIGKILL'), stopSeconds * 1000);
    await ended;
    clearTimeout(timer);
  }
  holder?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function asker(socketPath: string): Ask {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const type = Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json';
      const headers = bytes === undefined ? {} : { 'content-type': type, 'content-length': String(bytes.length) };
      const signal = AbortSignal.timeout(Buffer.isBuffer(body) ? 120_000 : 30_000); // an image takes its time on a busy machine
      const sent = request(
        { socketPath, method, path, agent: false, headers: { host: 'd', ...headers }, signal },
        (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          answer.on('end', () => resolve({ status: answer.statusCode!, text }));
          answer.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(bytes);
    });
}

/** A file system with three programs of this machine and the libraries that they need. */
function makeImage(folder: string): Buffer {
  const image = join(folder, 'image');
  const take = (from: string, to: string): void => {
    mkdirSync(dirname(join(image, to)), { recursive: true });
    copyFileSync(realpathSync(from), join(image, to));
  };
  for (const program of ['/bin/sh', '/bin/sleep', '/usr/bin/env']) {
    take(program, `/bin/${program.split('/').at(-1)}`);
    const needed = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const library of needed) take(library, library);
  }
  return execFileSync('tar', ['-C', image, '-c', '.'], { maxBuffer: 1 << 26 });
}

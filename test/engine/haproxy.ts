// A real HAProxy for tests: Debian's packages unpacked into a root of their own, run from there, or packed as an image for an engine.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackages } from '../../compose/engine/unpack.ts';
import { root as repository } from '../../compose/place.ts';

const engines = process.env['ODYSSEY_TEST_ENGINES'] ?? join(repository, '.cache/engine');

/** HAProxy 3.0 with all that it links; names that another release of the suite lacks may be missing. */
const libraries = [
  ...['libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g', 'libzstd1', 'libcrypt1', 'libssl3t64', 'libpcre2-8-0'],
  ...['liblua5.4-0', 'libjemalloc2', 'libopentracing-c-wrapper0t64', 'libopentracing1', 'libcap2', 'libsystemd0'],
];

/** The folder of an unpacked root file system with /usr/sbin/haproxy, made once. Rejects with a sentence. */
async function getHaproxyRoot(): Promise<string> {
  const into = join(engines, 'haproxy-trixie');
  await unpackPackages({
    from: { kind: 'suite', suite: 'trixie' },
    packages: ['haproxy', ...libraries],
    optional: libraries,
    relocations: [],
    into,
    progress: () => undefined,
  });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const link = join(into, name);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(`usr/${name}`, link);
  }
  for (const folder of ['etc/haproxy', 'run/haproxy', 'dev', 'proc', 'tmp'])
    mkdirSync(join(into, folder), { recursive: true });
  return into;
}

/** The root as an archive that an engine imports. */
export async function packHaproxyImage(): Promise<Buffer> {
  const root = await getHaproxyRoot();
  const left = ['usr/share', './usr/share', './etc/haproxy/errors', './.odyssey-packages'];
  return execFileSync('tar', ['-C', root, ...left.map((path) => `--exclude=${path}`), '-c', '.'], {
    maxBuffer: 1 << 28,
  });
}

export interface RunningHaproxy {
  process: ChildProcess;
  /** What it said so far. */
  said(): string;
  kill(): Promise<void>;
}

const script = `set -e
mount --bind "$2" "$1/etc/haproxy"
mount --bind "$3" "$1/run/haproxy"
mount --bind /dev "$1/dev"
exec chroot "$1" /usr/sbin/haproxy -W -db -S /run/haproxy/master.sock,mode,600 -f /etc/haproxy/haproxy.cfg`;

/** Why a real HAProxy cannot be run here, or undefined. */
export function lacksHaproxy(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a real HAProxy needs root on Linux';
  return existsSync('/usr/bin/apt-get') ? undefined : 'a real HAProxy is unpacked from Debian packages';
}

/** Runs it as the container would: its two folders at their places, everything else out of its sight. */
export async function runHaproxy(configuration: string, sockets: string): Promise<RunningHaproxy> {
  const root = await getHaproxyRoot();
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', root, configuration, sockets], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-20_000);
    });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    process: child,
    said: () => text,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

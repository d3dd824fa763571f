// The real machine behind the Machine type: files, links, filesystems, programs, the Docker API, DNS and the clock.
import { closeSync, constants, existsSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { machine as architecture, availableParallelism } from 'node:os';
import type { Clock } from '../core/runtime/clock.ts';
import { readKernelUnits } from '../core/runtime/own-process.ts';
import { runProgram } from '../core/runtime/program.ts';
import { createDockerGet } from './docker-api.ts';
import { createFilesystemUse } from './mounts.ts';
import { createProgramHash } from './program-hash.ts';
import { resolveThrough } from './resolver.ts';
import type { Machine } from './source.ts';

export interface MachineOptions {
  /** Where the host's root is mounted, such as `/host`; empty where the collector runs on the host itself. */
  hostRoot: string;
  /** As the docker client understands it: `unix:///var/run/docker.sock` or `tcp://127.0.0.1:2375`. */
  dockerHost: string;
  clock: Clock;
}

/** Errors that say "there is no such thing here", not "something is wrong". */
const missing = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EOPNOTSUPP', 'EINVAL', 'ESRCH']);

/** Longest file that is read; no file of /proc that a source reads comes near it. */
const fileBytesMax = 64 * 1024 * 1024;
/** A buffer that one huge file has blown up is not kept. */
const keptBufferBytesMax = 1024 * 1024;

export function createMachine({ hostRoot, dockerHost, clock }: MachineOptions): Machine {
  const onHost = pathOnHost(hostRoot.replace(/\/+$/, ''));
  const readText = createTextReader(onHost);
  const list = (path: string): string[] => readdirSync(onHost(path));
  const filesystemUse = createFilesystemUse();
  const programHash = createProgramHash();
  return {
    readText,
    readTextIfThere: (path) => unlessMissing(() => readText(path), undefined),
    readTextSlowly: (path) => readFile(onHost(path), 'utf8'),
    list,
    listIfThere: (path) => unlessMissing(() => list(path), []),
    linkTarget: (path) => {
      try {
        return readlinkSync(onHost(path));
      } catch {
        return undefined;
      }
    },
    filesystemUse: (path, timeoutSeconds, isLocal) => filesystemUse(onHost(path), timeoutSeconds, isLocal),
    run: runProgram,
    programHash: (path, limits) => programHash(onHost(path), limits),
    dockerGet: createDockerGet(dockerHost),
    resolve: resolveThrough,
    unixSeconds: clock.unixSeconds,
    monotonicSeconds: clock.monotonicSeconds,
    cpuCount: availableParallelism(),
    ...readKernelUnits(),
    architecture: architecture(),
  };
}

/**
 * Paths as the host names them, below the place where its root is mounted.
 * `/proc/net` is the reader's own network, so the host's is asked through its first process.
 */
function pathOnHost(root: string): (path: string) => string {
  if (root === '') return (path) => path;
  const hasInit = existsSync(`${root}/proc/1/net`);
  return (path) => root + (hasInit && path.startsWith('/proc/net/') ? `/proc/1${path.slice(5)}` : path);
}

/** One buffer serves every read: a scrape reads some hundred small files, and their garbage would cost more than they do. */
function createTextReader(onHost: (path: string) => string): (path: string) => string {
  let buffer = Buffer.allocUnsafeSlow(64 * 1024);
  return (path) => {
    const file = openSync(onHost(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      let length = 0;
      for (;;) {
        if (length === buffer.length) buffer = grown(buffer, path);
        const read = readSync(file, buffer, length, buffer.length - length, null);
        if (read === 0) break;
        length += read;
      }
      const text = buffer.toString('utf8', 0, length);
      if (buffer.length > keptBufferBytesMax) buffer = Buffer.allocUnsafeSlow(64 * 1024);
      return text;
    } finally {
      closeSync(file);
    }
  };
}

function grown(buffer: Buffer<ArrayBuffer>, path: string): Buffer<ArrayBuffer> {
  if (buffer.length >= fileBytesMax) throw new Error(`${path} is longer than ${fileBytesMax} bytes`);
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}

function unlessMissing<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (missing.has((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}

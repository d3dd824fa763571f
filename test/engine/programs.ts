// The programs of a Docker engine, unpacked from Debian's packages into a folder of their own and found there afterwards.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackPackages } from '../../compose/engine/unpack.ts';
import { root } from '../../compose/place.ts';

/** Debian's suites with an engine that runs on libc 2.34: Docker 26.1 and 28.5. */
export type EngineSuite = 'trixie' | 'sid';

export interface EnginePrograms {
  /** The environment that finds dockerd, containerd, runc and ip. */
  environment: NodeJS.ProcessEnv;
  /** docker-compose as a program of its own. */
  compose: string;
}

const engines = process.env['ODYSSEY_TEST_ENGINES'] ?? join(root, '.cache/engine');

/** What `ip` and `runc` need beside them on a machine that has neither. */
const libraries = [
  'libseccomp2',
  'libbpf1',
  'libelf1',
  'libmnl0',
  'libbsd0',
  'libmd0',
  'libcap2',
  'libtirpc3',
  'libxtables12',
];

/** The suite brings dockerd, containerd and compose, the machine or its own suite the rest. Rejects with a sentence. */
export async function getEnginePrograms(suite: EngineSuite): Promise<EnginePrograms> {
  const progress = (): void => undefined;
  const docker = join(engines, `docker-${suite}`);
  await unpackPackages({
    from: { kind: 'suite', suite },
    packages: ['docker.io', 'containerd', 'docker-compose', 'tini'],
    optional: [],
    relocations: [],
    into: docker,
    progress,
  });
  const folders = [docker];
  const onPath = (name: string) => process.env['PATH']!.split(delimiter).some((path) => existsSync(join(path, name)));
  if (!onPath('runc') || !onPath('ip')) {
    const tools = join(engines, 'docker-tools');
    const packages = ['runc', 'iproute2', ...libraries];
    await unpackPackages({
      from: { kind: 'own' },
      packages,
      optional: libraries,
      relocations: [],
      into: tools,
      progress,
    });
    folders.push(tools);
  }
  const plugins = ['usr/libexec/docker/cli-plugins', 'usr/lib/docker/cli-plugins'].map((below) => join(docker, below));
  const compose = [...plugins, join(docker, 'usr/bin')].map((folder) => join(folder, 'docker-compose'));
  return { environment: environmentOf(docker, folders), compose: compose.find(existsSync) ?? 'docker-compose' };
}

function environmentOf(docker: string, folders: readonly string[]): NodeJS.ProcessEnv {
  const programsIn = (path: string) => ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((below) => join(path, below));
  const path = [...programsIn(docker), process.env['PATH']!, ...folders.slice(1).flatMap(programsIn)];
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const beside = folders.slice(1).flatMap((path) => [join(path, 'usr/lib', triplet), join(path, 'lib', triplet)]);
  return {
    ...process.env,
    PATH: path.join(delimiter),
    ...(beside.length > 0 && { LD_LIBRARY_PATH: beside.join(delimiter) }),
  };
}

// Whether the broker can stand before the Docker engine here, and what the collector asks in its place where it cannot.
import type { DockerFact } from '../../core/lib/doctor/facts.ts';

export interface BrokerInput {
  docker: DockerFact;
  /** DOCKER_HOST of the person who starts us. */
  dockerHost: string | undefined;
  dataDir: string;
  /** The data folder without symbolic links: only such a folder can be mounted through the broker. */
  realDataDir: string;
}

export type BrokerPlace =
  | {
      kind: 'broker';
      /** The engine's own socket. */
      dockerHost: string;
      /** The socket that the collector asks. */
      readHost: string;
      /** What the ingress may mount, as BROKER_BINDS has it; empty where the folder cannot be mounted at all. */
      binds: string;
      /** What is missing although the broker runs. */
      note: string | undefined;
    }
  | { kind: 'left-out'; reason: string; remedy: string /** What the collector asks then. */; collectorHost: string };

const defaultHost = 'unix:///var/run/docker.sock';
/** The collector takes what is no socket for a machine without an engine. */
const noEngine = 'unix:///dev/null';
/** The kernel's bound of a unix socket's path, without the final NUL. */
const socketPathBytesMax = 107;

/** Trees that the broker lets no container mount, and folders that Odyssey's data may lie in but not be; as in its policy, which a test compares. */
const unmountable = [
  ...['bin', 'boot', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'libx32', 'proc', 'root', 'sbin', 'sys', 'usr'],
  ...['containerd', 'containers', 'cri-dockerd', 'crio', 'docker', 'kubelet', 'systemd'].map(
    (owner) => `var/lib/${owner}`,
  ),
  ...['containerd', 'crio', 'dbus', 'docker', 'libpod', 'podman', 'systemd', 'udev'].flatMap((owner) => [
    `run/${owner}`,
    `var/run/${owner}`,
  ]),
  'var/spool',
].map((path) => `/${path}`);
const shared = ['/', '/home', '/opt', '/run', '/tmp', '/var', '/var/lib', '/var/run', '/var/tmp'];

/** Pure: the same facts give the same place. */
export function placeBroker({ docker, dockerHost, dataDir, realDataDir }: BrokerInput): BrokerPlace {
  const engine = dockerHost || defaultHost;
  const leftOut = (reason: string, remedy: string, collectorHost = noEngine): BrokerPlace => ({
    kind: 'left-out',
    ...{ reason, remedy, collectorHost },
  });
  const later = 'Start again once Docker runs.';
  if (docker.kind === 'absent') return leftOut('no Docker engine was found', later);
  if (docker.kind === 'refused') return leftOut(docker.reason, later);
  if (!engine.startsWith('unix://'))
    return leftOut(`${engine} is no unix socket`, 'The collector asks it directly.', engine);
  const folder = `${dataDir}/run/broker`;
  const longest = new TextEncoder().encode(`${folder}/write.sock`).length;
  if (longest > socketPathBytesMax)
    return leftOut(
      `its sockets below ${folder} would have paths of ${longest} bytes, and the kernel takes ${socketPathBytesMax}`,
      'Give a shorter folder with --data DIR.',
    );
  const problem = whyUnmountable(realDataDir);
  return {
    kind: 'broker',
    dockerHost: engine,
    readHost: `unix://${folder}/read.sock`,
    binds: problem === undefined ? `${realDataDir}/haproxy:ro,${realDataDir}/run/haproxy:rw` : '',
    note:
      problem && `${problem}, so an ingress container could not be given its configuration. Use another --data DIR.`,
  };
}

function whyUnmountable(folder: string): string | undefined {
  if (folder.includes(',')) return `${folder} has a comma in it`;
  if (shared.includes(folder)) return `the data folder ${folder} is everybody's`;
  const tree = unmountable.find((path) => folder === path || folder.startsWith(`${path}/`));
  return tree && `the data lies in ${tree}, which no container may mount`;
}

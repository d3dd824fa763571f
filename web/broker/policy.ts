// What this installation allows beyond the fixed rules: bind mounts, volumes, networks and ports, all listed one by one.

export interface Bind {
  source: string;
  readOnly: boolean;
}

export interface Policy {
  /** Exact folders of the host; a folder below one is not allowed by it. */
  binds: readonly Bind[];
  /** Volumes that are not named as deployments' are, such as the ingress's own. */
  volumes: readonly string[];
  /** Networks that are not named as environments' are. */
  networks: readonly string[];
  /** Ports of the host that the ingress may publish. */
  publishedPorts: readonly number[];
  /** The id of the container that the broker itself runs in, or undefined where it runs in none. */
  brokerId: string | undefined;
  /** Why this folder may not be mounted as it is now, or undefined where it may. */
  refuseFolder(path: string): string | undefined;
}

/** Folders that are the host itself, or lead to its devices, its kernel, its engines or a socket that is as good as root. */
const forbiddenTrees = [
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/lib',
    '/lib32',
    '/lib64',
    '/libx32',
    '/proc',
    '/root',
    '/sbin',
    '/sys',
    '/usr',
  ],
  ...['containerd', 'containers', 'cri-dockerd', 'crio', 'docker', 'kubelet'].map((engine) => `/var/lib/${engine}`),
  ...['containerd', 'crio', 'dbus', 'docker', 'libpod', 'podman', 'systemd', 'udev'].flatMap((owner) => [
    `/run/${owner}`,
    `/var/run/${owner}`,
  ]),
  ...['/var/spool', '/var/lib/systemd'],
];

/** Folders that belong to everybody on the host: Odyssey's own may lie in one, it may not be one. */
const sharedFolders = ['/', '/home', '/opt', '/run', '/tmp', '/var', '/var/lib', '/var/run', '/var/tmp'];

/** What the ingress has of the data folder; nothing else of the host is ever mounted. */
const mountedParts = ['haproxy', 'run/haproxy'];

/**
 * Whether a bind source may be listed at all; a sentence says why not. Names alone decide here, what the folder holds is looked at
 * elsewhere. Both the socket's own path and the one behind its symbolic links count, and so does every folder above either.
 */
export function refuseBind(source: string, socketPaths: readonly string[]): string | undefined {
  if (!isCanonical(source)) return 'give an absolute path without ., .., // or a slash at its end';
  if (sharedFolders.includes(source)) return `${source} is a folder of the host`;
  const tree = forbiddenTrees.find((folder) => contains(folder, source) || contains(source, folder));
  if (tree !== undefined) return `${tree} must not be reached from a container`;
  const socket = socketPaths.find((path) => contains(source, path) || contains(path, source));
  if (socket !== undefined) return `the socket ${socket} would be inside`;
  return undefined;
}

/**
 * Whether a bind source is one of the two folders of the data folder that the ingress has; a sentence says why not.
 * The data folder is given without symbolic links, or as undefined where it is not there.
 */
export function refuseForeign(source: string, dataFolder: string | undefined): string | undefined {
  if (dataFolder === undefined) return 'the data folder (ODYSSEY_DATA) is not there';
  if (sharedFolders.includes(dataFolder)) return `the data folder ${dataFolder} is a folder of the host`;
  const own = mountedParts.map((part) => `${dataFolder}/${part}`);
  return own.includes(source) ? undefined : `only ${own.join(' and ')} may be listed`;
}

export function isCanonical(path: string): boolean {
  return /^(\/[^/\u0000-\u001f\u007f]+)+$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..');
}

/** Whether the path is the folder or lies below it. */
function contains(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** Whether a request may bind this source now: the very folder that is listed, as it looks at this moment. */
export function allowsBind(policy: Policy, source: string, readOnly: boolean): boolean {
  const listed = policy.binds.find((bind) => bind.source === source);
  if (listed === undefined || (listed.readOnly && !readOnly)) return false;
  return policy.refuseFolder(source) === undefined;
}

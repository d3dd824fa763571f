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
  /** The path without symbolic links, or undefined where this process cannot see it. */
  realPath(path: string): string | undefined;
}

/** Folders that are the host itself, or lead to its devices, its kernel or a socket that is as good as root. */
const forbiddenTrees = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys', '/usr'],
  ...['/var/lib/docker', '/var/lib/containerd'],
];

/**
 * Whether a bind source may be listed at all; a sentence says why not.
 * Both the socket's own path and the one behind its symbolic links count, and so does every folder above either.
 */
export function refuseBind(source: string, socketPaths: readonly string[]): string | undefined {
  if (!isCanonical(source)) return 'give an absolute path without ., .., // or a slash at its end';
  if (['/run', '/var/run'].includes(source)) return `${source} holds the sockets of the host`;
  const tree = forbiddenTrees.find((folder) => contains(folder, source) || contains(source, folder));
  if (tree !== undefined) return `${tree} must not be reached from a container`;
  const socket = socketPaths.find((path) => contains(source, path) || contains(path, source));
  if (socket !== undefined) return `the socket ${socket} would be inside`;
  return undefined;
}

export function isCanonical(path: string): boolean {
  return /^(\/[^/\u0000-\u001f\u007f]+)+$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..');
}

/** Whether the path is the folder or lies below it. */
function contains(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/**
 * Whether a request may bind this source now. A symbolic link anywhere in it is refused, since whoever may write to the folder above
 * could point it at the host's root; so is a folder that cannot be looked at from here.
 */
export function allowsBind(policy: Policy, source: string, readOnly: boolean): boolean {
  const listed = policy.binds.find((bind) => bind.source === source);
  if (listed === undefined || (listed.readOnly && !readOnly)) return false;
  return policy.realPath(source) === source;
}

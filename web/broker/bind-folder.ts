// Judges the folders that the ingress may mount: real ones of Odyssey's own, with nothing in them that leads to the host.
import { type Bind, refuseBind, refuseForeign } from './policy.ts';

interface Entry {
  name: string;
  kind: 'folder' | 'socket' | 'device' | 'other';
}

/** The host's files as this process sees them. */
export interface HostFiles {
  /** The path without symbolic links, or undefined where it is not there or not visible from here. */
  realPath(path: string): string | undefined;
  /** What lies in the folder, links not followed, and the number of its file system; undefined where it is no folder that can be read. */
  list(path: string): { device: number; entries: readonly Entry[] } | undefined;
}

/** HAProxy binds a socket under a name with its process id first, and keeps the old one under such a name while it reloads. */
const haproxySocket = /^(admin|master|requests)\.sock(\.\d{1,10}\.(tmp|bak))?$/;

/** Configuration, maps, certificates and sockets are some dozens; a folder with so many more is something else. */
const entriesMax = 20_000;

/**
 * Why the folder may not be mounted as it is now, or undefined where it may. A symbolic link anywhere in its path is refused, since
 * whoever may write to the folder above could point it at the host's root; so is a folder that cannot be looked at from here. Links
 * inside it are harmless: a container follows them in its own file system. A bind mount brings along what is mounted below it, so
 * another file system is as foreign as a socket.
 */
export function refuseFolder(files: HostFiles, folder: string): string | undefined {
  const real = files.realPath(folder);
  if (real !== undefined && real !== folder) return 'a symbolic link leads there';
  const device = files.list(folder)?.device;
  const waiting = [folder];
  for (let seen = 0, at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const found = files.list(at);
    if (found === undefined) return `${at} is no folder that can be looked at`;
    if (found.device !== device) return `another file system is mounted at ${at}`;
    seen += found.entries.length;
    if (seen > entriesMax) return `it holds more than ${entriesMax} files`;
    for (const entry of found.entries) {
      const problem = refuseEntry(entry, at === folder);
      if (problem !== undefined) return `it holds the ${problem} ${at}/${entry.name}`;
      if (entry.kind === 'folder') waiting.push(`${at}/${entry.name}`);
    }
  }
  return undefined;
}

function refuseEntry({ name, kind }: Entry, atTop: boolean): string | undefined {
  if (kind === 'device') return kind;
  return kind === 'socket' && !(atTop && haproxySocket.test(name)) ? kind : undefined;
}

/** Throws, with a line for each, when a listed folder is not Odyssey's own, is part of the host's or holds what leads there. */
export function checkBinds(
  files: HostFiles,
  binds: readonly Bind[],
  dataFolder: string,
  sockets: readonly string[],
): void {
  const named = [...sockets, '/run/docker.sock', '/var/run/docker.sock'];
  const reached = [...named, ...named.map(files.realPath).filter((path) => path !== undefined)];
  const problems = binds.flatMap(({ source }) => {
    const problem =
      refuseBind(source, reached) ?? refuseForeign(source, files.realPath(dataFolder)) ?? refuseFolder(files, source);
    return problem === undefined ? [] : [`BROKER_BINDS ${source}: ${problem}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

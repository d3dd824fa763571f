// Where a container's control group is: from the process's own word, else from the places engines put it, else by a bounded search.
import type { Machine } from '../../source.ts';

export type CgroupVersion = 1 | 2;

const root = '/sys/fs/cgroup';
/** Folders that a search opens at most; a host with more than this keeps its containers where the first guesses look. */
const foldersMax = 500;
const depthMax = 5;

export function cgroupVersion(machine: Machine): CgroupVersion {
  return machine.readTextIfThere(`${root}/cgroup.controllers`) === undefined ? 1 : 2;
}

/** The folder of a group in the tree of one controller. */
export function groupFolder(version: CgroupVersion, controller: string, path: string): string {
  return version === 2 ? `${root}${path}` : `${root}/${controller}${path}`;
}

/**
 * The group that a process says it is in, from the text of /proc/PID/cgroup: the unified line on v2, that of the
 * memory controller (else cpuacct) on v1. Undefined where it says nothing usable, as through another cgroup namespace ("/..").
 */
export function parseProcessCgroup(text: string): string | undefined {
  let unified: string | undefined;
  let classic: string | undefined;
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers === '') unified = path;
    else if (/(^|,)memory(,|$)/.test(controllers)) classic = path;
    else if (/(^|,)cpuacct(,|$)/.test(controllers)) classic ??= path;
  }
  // On a host with both, containers live in the tree that names them.
  return [classic, unified].find((path) => path !== undefined && containerIds(path).length > 0) ?? classic ?? unified;
}

/** Container ids in a group's path, the outermost first: a container in a container has two. */
export function containerIds(path: string): string[] {
  return path.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
}

/** The path up to and with the container's own group: its processes may have moved to groups below. */
function cutAfterId(path: string, id: string): string | undefined {
  const at = path.indexOf(id);
  if (at < 0 || path.startsWith('/..')) return undefined;
  const end = path.indexOf('/', at);
  return end < 0 ? path : path.slice(0, end);
}

/** Finds the path of a running container's group below the hierarchy's root; undefined when there is none. A search costs up to 500 folders, so the caller says whether it may be one. */
export function findGroup(
  machine: Machine,
  container: { id: string; pid: number | undefined; cgroupParent: string | undefined },
  maySearch: boolean,
): string | undefined {
  const { id, pid } = container;
  const own = pid === undefined ? undefined : machine.readTextIfThere(`/proc/${pid}/cgroup`);
  const said = own === undefined ? undefined : cutAfterId(parseProcessCgroup(own) ?? '', id);
  if (said !== undefined) return said;
  const version = cgroupVersion(machine);
  const guessed = guesses(id, container.cgroupParent).find((path) => isThere(machine, version, path));
  return guessed ?? (maySearch ? search(machine, version, id) : undefined);
}

/** The engine's places: cgroupfs keeps `parent/id`, systemd `a.slice/a-b.slice/docker-id.scope`. */
function guesses(id: string, parent: string | undefined): string[] {
  const plain = [`/docker/${id}`, `/system.slice/docker-${id}.scope`];
  if (parent === undefined || parent === '') return plain;
  if (!parent.endsWith('.slice')) return [`/${parent.replace(/^\/+/, '')}/${id}`, ...plain];
  const steps = parent.slice(0, -'.slice'.length).split('-');
  const slices = steps.map((_, index) => `${steps.slice(0, index + 1).join('-')}.slice`);
  return [`/${slices.join('/')}/docker-${id}.scope`, ...plain];
}

function isThere(machine: Machine, version: CgroupVersion, path: string): boolean {
  return machine.readTextIfThere(`${groupFolder(version, 'memory', path)}/cgroup.procs`) !== undefined;
}

/** Breadth first, so that groups near the root are found before the bound is reached. */
function search(machine: Machine, version: CgroupVersion, id: string): string | undefined {
  let level = [''];
  let opened = 0;
  for (let depth = 0; depth < depthMax; depth++) {
    const below: string[] = [];
    for (const path of level) {
      if (++opened > foldersMax) return undefined;
      for (const name of machine.listIfThere(groupFolder(version, 'memory', path))) {
        if (name.includes(id)) return `${path}/${name}`;
        if (/^[^.]+$|\.(slice|scope|service)$/.test(name)) below.push(`${path}/${name}`);
      }
    }
    level = below;
  }
  return undefined;
}

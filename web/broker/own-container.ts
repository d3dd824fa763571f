// Which container this process runs in, so that the broker can refuse to stop itself.

/**
 * The container's id from `/proc/self/mountinfo`: the engine mounts /etc/hostname from a folder that bears it. Undefined outside of one.
 * Fields as in proc_pid_mountinfo(5): the fourth is the path inside the file system that is mounted, the fifth where.
 */
export function ownContainerId(mountinfo: string): string | undefined {
  for (const line of mountinfo.split('\n')) {
    const [, , , source, target] = line.split(' ');
    if (target !== '/etc/hostname') continue;
    const id = /\/([0-9a-f]{64})\/(userdata\/)?hostname$/.exec(source ?? '')?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

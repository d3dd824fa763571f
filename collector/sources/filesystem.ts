// Space and inodes of every mounted filesystem that holds somebody's data.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { isLocal } from '../filesystem-types.ts';
import { linesOf } from '../procfs.ts';
import type { Machine, Source } from '../source.ts';

/** The defaults of node_exporter: what the kernel invents, what an image holds, and layers of containers. */
const mountpointsLeftOut =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
const typesLeftOut =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|erofs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;

/** Longest wait for one filesystem; all are asked at once, so the scrape waits no longer than this. */
const timeoutSeconds = 0.5;

interface Mount {
  device: string;
  mountpoint: string;
  fstype: string;
  readonly: boolean;
}

export const filesystem: Source = {
  name: 'filesystem',
  metrics: [
    gauge('node_filesystem_size_bytes', 'Size of the filesystem.'),
    gauge('node_filesystem_free_bytes', 'Space that is free for root.'),
    gauge('node_filesystem_avail_bytes', 'Space that is free for everybody.'),
    gauge('node_filesystem_files', 'Inodes there may be.'),
    gauge('node_filesystem_files_free', 'Inodes that are free.'),
    gauge('node_filesystem_readonly', '1 where the filesystem is mounted read-only.'),
    gauge(
      'node_filesystem_device_error',
      '1 where the filesystem did not say how full it is; then nothing else is exported of it.',
    ),
  ],
  async read(machine) {
    const mounts = parseMounts(machine.readTextIfThere('/proc/1/mounts') ?? machine.readText('/proc/mounts'));
    const [local, remote] = [
      mounts.filter(({ fstype }) => isLocal(fstype)),
      mounts.filter(({ fstype }) => !isLocal(fstype)),
    ];
    return (await Promise.all([...local, ...remote].map((mount) => readMount(machine, mount)))).flat();
  },
};

/** Of several filesystems mounted on one place only the last can be seen, so only that is kept. */
export function parseMounts(text: string): Mount[] {
  const byPlace = new Map<string, Mount>();
  for (const line of linesOf(text)) {
    const [device, place, fstype, options] = line.split(' ');
    if (options === undefined) throw new Error(`not a line of mounts: ${JSON.stringify(line.slice(0, 80))}`);
    const mountpoint = unescapeMount(place!);
    byPlace.delete(mountpoint);
    if (mountpointsLeftOut.test(mountpoint) || typesLeftOut.test(fstype!)) continue;
    const readonly = options.split(',').includes('ro');
    byPlace.set(mountpoint, { device: unescapeMount(device!), mountpoint, fstype: fstype!, readonly });
  }
  return [...byPlace.values()];
}

/** The kernel writes blank, tab, newline and backslash as three octal digits. */
function unescapeMount(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : text;
}

async function readMount(
  { filesystemUse }: Machine,
  { device, mountpoint, fstype, readonly }: Mount,
): Promise<Sample[]> {
  const labels = { device, fstype, mountpoint };
  try {
    const use = await filesystemUse(mountpoint, timeoutSeconds, isLocal(fstype));
    return [
      sample('node_filesystem_size_bytes', use.blocks * use.blockBytes, labels),
      sample('node_filesystem_free_bytes', use.blocksFree * use.blockBytes, labels),
      sample('node_filesystem_avail_bytes', use.blocksAvailable * use.blockBytes, labels),
      sample('node_filesystem_files', use.files, labels),
      sample('node_filesystem_files_free', use.filesFree, labels),
      sample('node_filesystem_readonly', readonly ? 1 : 0, labels),
      sample('node_filesystem_device_error', 0, labels),
    ];
  } catch (error) {
    const reason = deviceError((error as NodeJS.ErrnoException).code);
    return [sample('node_filesystem_device_error', 1, { ...labels, device_error: reason })];
  }
}

/** From a short list, so that the label stays bounded; a dead mount costs only itself, so this is a value and no failure. */
function deviceError(code: string | undefined): string {
  switch (code) {
    case 'ETIMEDOUT':
      return 'mountpoint timeout';
    case 'EAGAIN':
      return 'not asked';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'no such file or directory';
    case 'EIO':
      return 'input/output error';
    case 'ESTALE':
      return 'stale file handle';
    default:
      return 'unreadable';
  }
}

// How much disk a container's own layer takes, found by walking it: a few layers a minute, in the background, at the lowest priority.
import { gauge, type Sample, sample } from '../../../core/contracts/sample.ts';
import { parseInteger } from '../../../core/lib/parse.ts';
import { isLocal } from '../../filesystem-types.ts';
import type { Machine, Source } from '../../source.ts';
import { type Container, type Engine, runningPid } from './engine.ts';

const intervalSeconds = 60;
/** Layers walked in one pass, the longest waiting first. */
const walksMax = 4;
const walkSecondsMax = 5;
/** A layer that takes longer is not tried again before this. */
const retrySeconds = 3_600;
const ageSecondsMax = 3_600;
const statfsSecondsMax = 5;

interface Layer {
  usedBytes: number | undefined;
  walkedAt: number;
  notBefore: number;
}

/** `hostRoot` stands in front of paths that a program is told, as the machine puts it in front of those it reads. */
export function createContainerFilesystems(engine: Engine, hostRoot: string): Source {
  const layers = new Map<string, Layer>();
  return {
    name: 'container_filesystems',
    intervalSeconds,
    deadlineSeconds: 30,
    metrics: [
      gauge(
        'container_fs_usage_bytes',
        'Disk that the writable layer takes; layers are walked one after another, so up to an hour old.',
      ),
      gauge('container_fs_limit_bytes', 'Size of the filesystem that holds the writable layer.'),
    ],
    async read(machine) {
      const containers = engine.containers(machine);
      for (const id of layers.keys()) if (!containers.has(id)) layers.delete(id);
      const mounts = parseMounts(machine.readText('/proc/1/mounts'));
      const found = [...containers.values()].flatMap((container) => {
        const upper = container.labels === undefined ? undefined : upperDirectory(machine, container);
        return upper === undefined ? [] : [{ container, upper }];
      });
      await walkDue(machine, layers, found, hostRoot);
      return (
        await Promise.all(
          found.map(({ container, upper }) => samplesOf(machine, layers, container, mountOf(mounts, upper))),
        )
      ).flat();
    },
  };
}

/** Where the container writes, of the overlay that is its root; undefined for other storage drivers. */
function upperDirectory(machine: Machine, container: Container): string | undefined {
  const pid = runningPid(machine, container);
  const mounts = pid === undefined ? undefined : machine.readTextIfThere(`/proc/${pid}/mountinfo`);
  return /^\d+ \d+ \S+ \S+ \/ .* - overlay .*\bupperdir=([^,\s]+)/m.exec(mounts ?? '')?.[1];
}

async function walkDue(
  machine: Machine,
  layers: Map<string, Layer>,
  found: readonly { container: Container; upper: string }[],
  hostRoot: string,
): Promise<void> {
  const layerOf = ({ id }: Container) =>
    layers.get(id) ?? { usedBytes: undefined, walkedAt: Number.NEGATIVE_INFINITY, notBefore: Number.NEGATIVE_INFINITY };
  const due = found
    .filter(({ container }) => layerOf(container).notBefore <= machine.monotonicSeconds())
    .sort((a, b) => layerOf(a.container).walkedAt - layerOf(b.container).walkedAt);
  for (const { container, upper } of due.slice(0, walksMax)) {
    const usedBytes = await walk(machine, hostRoot + upper);
    const walkedAt = machine.monotonicSeconds();
    layers.set(container.id, {
      usedBytes,
      walkedAt,
      notBefore: usedBytes === undefined ? walkedAt + retrySeconds : walkedAt,
    });
  }
}

/** Undefined where it takes too long or may not be entered: told by the sample that is missing. */
async function walk(machine: Machine, folder: string): Promise<number | undefined> {
  try {
    const limits = { timeoutSeconds: walkSecondsMax, outputBytesMax: 65_536 };
    const { exitCode, stdout } = await machine.run('nice', ['-n', '19', 'du', '-skx', '--', folder], limits);
    return exitCode === 0 ? parseInteger(stdout.split('\t')[0]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

interface Mount {
  device: string;
  path: string;
  fstype: string;
}

/** Lines of /proc/PID/mounts; blanks in a path are written as \040. */
function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((columns) => columns.length >= 4)
    .map(([device, path, fstype]) => ({ device: device!, path: path!.replaceAll('\\040', ' '), fstype: fstype! }));
}

/** The mount that a path lies on: the longest that leads to it, the last of several on one place. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const leads = path === mount.path || path.startsWith(mount.path === '/' ? '/' : `${mount.path}/`);
    if (leads && mount.path.length >= (best?.path.length ?? 0)) best = mount;
  }
  return best;
}

async function samplesOf(
  machine: Machine,
  layers: ReadonlyMap<string, Layer>,
  { id, labels }: Container,
  mount: Mount | undefined,
): Promise<Sample[]> {
  if (mount === undefined) return [];
  const onDevice = { ...labels!, device: mount.device };
  const layer = layers.get(id);
  const fresh = layer?.usedBytes !== undefined && machine.monotonicSeconds() - layer.walkedAt <= ageSecondsMax;
  const { blockBytes, blocks } = await machine.filesystemUse(mount.path, statfsSecondsMax, isLocal(mount.fstype));
  return [
    sample('container_fs_limit_bytes', blockBytes * blocks, onDevice),
    ...(fresh ? [sample('container_fs_usage_bytes', layer.usedBytes!, onDevice)] : []),
  ];
}

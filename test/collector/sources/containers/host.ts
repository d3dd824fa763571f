// A host with containers for tests: engine answers, control groups of either version, processes and their networks.

import type { Machine } from '../../../../collector/source.ts';
import { fakeMachine } from '../../../fakes/machine.ts';
import { fixtureTree } from '../../fixtures.ts';

export interface Host {
  machine: Machine;
  files: Record<string, string | Error>;
  docker: Record<string, unknown>;
  links: Record<string, string>;
  now: { unixSeconds: number; monotonicSeconds: number };
}

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0:    5000      50    1    2    0     0          0         0     7000      70    3    4    0     0       0          0
`;

/** An empty host; `docker` answers by path, an Error is thrown, what is not there is a 404. */
export function createHost(version: 1 | 2 = 2): Host {
  const now = { unixSeconds: 1_800_000_000, monotonicSeconds: 1_000 };
  const files: Host['files'] = {
    '/proc/meminfo': 'MemTotal:        4000 kB\nSwapTotal:           0 kB\nMemAvailable:    1000 kB\n',
    '/proc/sys/kernel/osrelease': '6.12.0\n',
    '/proc/sys/kernel/hostname': 'node-1\n',
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 13"\n',
    ...(version === 2 && { '/sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n' }),
  };
  const links: Host['links'] = { '/sys/dev/block/259:0': '../../devices/pci0/nvme/nvme0/nvme0n1' };
  const docker: Host['docker'] = {};
  const machine: Machine = {
    ...fakeMachine(files, { links, now }),
    dockerGet: async (path) => {
      const answer = docker[path];
      if (answer instanceof Error) throw answer;
      if (answer === undefined) throw new Error(`Docker answered ${path} with 404`);
      return structuredClone(await answer);
    },
  };
  return { machine, files, docker, links, now };
}

/** Puts a container's control group, first process and network where the engine says they are. */
export function addGroup({ files }: Host, version: 1 | 2, id: string, pid: number, group = `/docker/${id}`): void {
  const trees =
    version === 2
      ? [fixtureTree('cgroup/v2', `/sys/fs/cgroup${group}`)]
      : ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'].map((controller) =>
          fixtureTree(`cgroup/v1/${controller}`, `/sys/fs/cgroup/${controller}${group}`),
        );
  Object.assign(files, ...trees);
  const base = version === 2 ? `/sys/fs/cgroup${group}` : `/sys/fs/cgroup/memory${group}`;
  files[`${base}/cgroup.procs`] = `${pid}\n`;
  files[`/proc/${pid}/cgroup`] = version === 2 ? `0::${group}\n` : `4:memory:${group}\n2:cpu,cpuacct:${group}\n0::/\n`;
  files[`/proc/${pid}/net/dev`] = netDev;
}

/** A row of the engine's list and the answer of its inspection. */
export function addContainer(
  host: Host,
  version: 1 | 2,
  name: string,
  pid: number,
  more: { labels?: object; networkMode?: string } = {},
): string {
  const id = Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
  const row = {
    Id: id,
    Names: [`/${name}`],
    Image: 'tiny:1',
    Labels: more.labels ?? {},
    State: 'running',
    Status: 'Up 3 minutes',
    HostConfig: { NetworkMode: more.networkMode ?? 'bridge' },
  };
  host.docker['/containers/json'] = [...((host.docker['/containers/json'] as object[]) ?? []), row];
  host.docker[`/containers/${id}/json`] = {
    Id: id,
    State: { Pid: pid, StartedAt: '2026-01-02T03:04:05Z' },
    RestartCount: 0,
    Config: { Image: 'tiny:1' },
    HostConfig: {},
    Mounts: [],
  };
  addGroup(host, version, id, pid);
  return id;
}

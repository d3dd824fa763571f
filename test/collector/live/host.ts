// A host with processes for tests of snapshots: their files, links and sockets.
import { createSnapshots } from '../../../collector/live/snapshots.ts';
import { createContainers } from '../../../collector/sources/containers/index.ts';
import type { GpuReading } from '../../../collector/sources/gpu/smi.ts';
import { processPage } from '../../../core/contracts/processes.ts';
import { createHost, type Host } from '../sources/containers/host.ts';

export const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5001 1 0 100 0 0 10 0
   1: 0A00020A:C350 0A0B0C0D:115C 01 00000000:00000000 00:00000000 00000000     0        0 5002 1 0 20 4 30 10 -1
   2: 0A00020A:C351 0A0B0C0D:0050 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0
`;

export interface Process {
  cmdline?: string | Error;
  exe?: string;
  comm?: string;
  fds?: string[];
  flags?: number;
  ticks?: number;
  environ?: string | Error;
}

export function addProcess({ files, links }: Host, pid: number, process: Process = {}): void {
  const {
    cmdline = `app${pid}\0--port\0${pid}\0`,
    exe = '/usr/bin/app',
    comm = 'app',
    fds = ['/dev/null', '/dev/null', '/dev/null'],
    flags = 0x40_0000,
    ticks = 0,
    environ = 'PATH=/bin\0',
  } = process;
  files[`/proc/${pid}/stat`] =
    `${pid} (${comm}) S 1 1 1 0 -1 ${flags} 10 0 2 0 ${ticks} 0 0 0 20 0 1 0 100 8192000 300 0 0 0\n`;
  files[`/proc/${pid}/cmdline`] = cmdline;
  files[`/proc/${pid}/environ`] = environ;
  files[`/proc/${pid}/status`] = `Name:\t${comm}\nUid:\t1000\t0\t0\t0\n`;
  files[`/proc/${pid}/cgroup`] ??= '0::/\n';
  files[`/proc/${pid}/net/tcp`] = tcp;
  links[`/proc/${pid}/exe`] = exe;
  links[`/proc/${pid}/ns/net`] = 'net:[1]';
  for (const [number, target] of fds.entries()) links[`/proc/${pid}/fd/${number}`] = target;
}

export function setup() {
  const host = createHost(2);
  host.files['/proc/stat'] = 'cpu  100 0 100 800 0 0 0 0 0 0\nbtime 1700000000\n';
  const containers = createContainers();
  const gpus: { now: GpuReading | undefined } = { now: undefined };
  const snapshots = createSnapshots(
    containers.engine,
    async () => undefined,
    () => gpus.now,
  );
  const page = async (cursor?: string) => {
    host.now.monotonicSeconds += 5;
    return processPage.parse(await snapshots.page(host.machine, cursor));
  };
  return { host, containers, gpus, snapshots, page };
}

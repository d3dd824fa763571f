// Many containers and hostile labels: the tick stays short, the caps hold, and the exposition still parses.
import { expect, test } from 'vitest';
import { createCollector } from '../../../../collector/collect.ts';
import { createContainers } from '../../../../collector/sources/containers/index.ts';
import { createProcesses } from '../../../../collector/sources/processes/index.ts';
import { renderExposition } from '../../../../core/lib/promtext.ts';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { addContainer, createHost, type Host } from './host.ts';

/** Looking a directory up in a table of 60,000 paths is the fake's cost, not the kernel's. */
function listQuickly({ machine }: Host, pids: readonly string[]): void {
  machine.list = (path) => (path === '/proc' ? [...pids] : ['0', '1', '2']);
  machine.listIfThere = () => ['0', '1', '2'];
}

function addProcess({ files }: Host, pid: number): void {
  files[`/proc/${pid}/stat`] =
    `${pid} (p${pid % 200}) S 1 1 1 0 -1 4194304 10 0 2 0 5 5 0 0 20 0 1 0 100 8192000 300 0 0 0\n`;
  files[`/proc/${pid}/cmdline`] = `p${pid}\0`;
  files[`/proc/${pid}/cgroup`] ??= '0::/\n';
  files[`/proc/${pid}/status`] =
    'Name:\tp\nState:\tS\nVmSwap:\t 0 kB\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t1\n';
  files[`/proc/${pid}/io`] = 'read_bytes: 1\nwrite_bytes: 1\n';
  files[`/proc/${pid}/limits`] = 'Max open files            100                  4096                 files     \n';
}

function collectorOf(host: Host) {
  const containers = createContainers();
  const sources = [...containers.sources, ...createProcesses(containers.engine)];
  const problems: string[] = [];
  const onChange = (source: string, problem: string | undefined) => void problems.push(`${source}: ${problem}`);
  return { problems, collector: createCollector(sources, { machine: host.machine, clock: systemClock, onChange }) };
}

test('2,000 containers and 5,000 processes: a tick in less than 5 s', async () => {
  const host = createHost(2);
  host.files['/proc/stat'] = 'btime 1700000000\n';
  host.files['/proc/sys/kernel/pid_max'] = '32768\n';
  host.files['/proc/sys/kernel/threads-max'] = '100000\n';
  for (let number = 0; number < 2_000; number++) addContainer(host, 2, `c${number}`, 10_000 + number);
  const pids = Array.from({ length: 5_000 }, (_, at) => 8_000 + at);
  for (const pid of pids) addProcess(host, pid);
  listQuickly(host, pids.map(String));
  const { collector, problems } = collectorOf(host);
  const stopping = new AbortController();
  await collector.start(stopping.signal);
  stopping.abort();
  const started = performance.now();
  const { metrics, samples } = await collector.scrape();
  const text = renderExposition(metrics, samples);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(problems).toEqual([]);
  expect(text.match(/^container_last_seen\{/gm)).toHaveLength(2_000);
  expect(text).toContain('node_processes_pids 5000\n');
  expect(text).toMatch(/^collector_series_dropped_total\{collector="containers"\} 0$/m);
}, 60_000);

test('containers that come and go leave nothing behind', async () => {
  const host = createHost(2);
  const containers = createContainers();
  const usage = containers.sources.find(({ name }) => name === 'containers')!;
  for (let round = 0; round < 50; round++) {
    host.docker['/containers/json'] = [];
    for (const path of Object.keys(host.files)) if (path.startsWith('/sys/fs/cgroup/docker')) delete host.files[path];
    for (let number = 0; number < 10; number++) addContainer(host, 2, `c${round}-${number}`, 1_000 + number);
    host.now.monotonicSeconds += 10;
    await containers.engine.source.read(host.machine);
    const samples = await usage.read(host.machine);
    const names = new Set(samples.map(({ labels }) => labels['name']).filter((name) => name !== undefined));
    expect([...names].every((name) => name.startsWith(`c${round}-`))).toBe(true);
    expect(containers.engine.containers(host.machine).size).toBe(10);
  }
});

test.each([
  ['a newline', 'a\nb'],
  ['quotes and backslashes', '"\\"\\'],
  ['1 MB', 'x'.repeat(1_000_000)],
  ['half a character', 'a\ud800b'],
  ['a comment', '# HELP x y'],
  ['braces', '{a="b"} 1'],
  ['emptiness', ''],
])('labels of %s', async (_, value) => {
  const host = createHost(2);
  addContainer(host, 2, 'web', 77, {
    labels: { 'com.docker.compose.project': value, 'com.docker.compose.service': value },
  });
  const { collector } = collectorOf(host);
  const stopping = new AbortController();
  await collector.start(stopping.signal);
  stopping.abort();
  const { metrics, samples } = await collector.scrape();
  const text = renderExposition(metrics, samples);
  const lines = text.split('\n');
  expect(lines.filter((line) => line.startsWith('container_last_seen'))).toHaveLength(1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(4_000);
  for (const line of lines)
    expect(line).toMatch(
      /^(# (HELP|TYPE) .*|[a-zA-Z_]\w*(\{([a-zA-Z_]\w*="([^"\\\n]|\\[\\"n])*",?)*\})? -?[\d.e+-]+|)$/,
    );
});

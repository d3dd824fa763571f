// What the containers can reach from inside: the engine's socket, each other's, other processes, and the files that hold secrets.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ProcessFacts } from '../../../core/contracts/processes.ts';
import { inspect, inspectAll } from './containers.ts';
import { until } from './person.ts';
import type { Appliance } from './stack.ts';

const run = promisify(execFile);

/** Asks each socket for the engine's `/_ping`: the status, or the error's code. */
const connectScript = `const { request } = require('node:http');
  const ask = (socketPath) => new Promise((resolve) => {
    request({ socketPath, path: '/_ping', timeout: 5000 }, (answer) => resolve(answer.resume().statusCode))
      .on('error', ({ code }) => resolve(code)).on('timeout', () => resolve('no answer')).end();
  });
  Promise.all(process.argv.slice(1).map(ask)).then((all) => console.log(JSON.stringify(all)));`;

/** What a taken-over collector would try on another process: attach to it, copy its memory, take a descriptor; 0 or the error's number. */
const seizeScript = `my $pid = shift;
  $! = 0; syscall(${process.arch === 'arm64' ? 117 : 101}, 0x4206, $pid + 0, 0, 0); print "seize ", $! + 0, "\\n"; $! = 0;
  my $fd = syscall(434, $pid + 0, 0); print "pidfd ", ($fd < 0 ? $! + 0 : 0), "\\n"; $! = 0;
  syscall(438, $fd, 0, 0); print "getfd ", $! + 0, "\\n";`;

/** All pages of the collector's snapshot, but for command lines. */
const processesScript = `import { readFileSync } from 'node:fs';
  const headers = { authorization: 'Bearer ' + readFileSync('/data/run/collector.token', 'utf8') };
  const all = [];
  for (let cursor = ''; cursor !== null; ) {
    const answer = await fetch('http://collector:9401/v1/processes' + (cursor && '?cursor=' + encodeURIComponent(cursor)), { headers });
    const page = await answer.json();
    all.push(...page.processes.map(({ argv, ...facts }) => facts));
    cursor = page.nextCursor;
  }
  console.log(JSON.stringify(all));`;

const collectorCapabilities = '0000000000080004'; // SYS_PTRACE and DAC_READ_SEARCH
const permissionDenied = 1; // EPERM

export function describeReach(appliance: Appliance): void {
  test('the engine’s socket lies in a mount of the broker and of the collector, and in no other', async () => {
    const place = placeOf(mountsOf(appliance.engine.holder), appliance.engine.socketPath);
    const sees: string[] = [];
    for (const [name, { State: state }] of await inspectAll(appliance))
      if (state.Running && mountsOf(state.Pid).some((mount) => leadsTo(mount, place))) sees.push(name);
    expect(sees).toEqual(['broker', 'collector']);
  });

  test('the broker connects to it; the probe is one that can succeed', async () => {
    expect(await connect(appliance, 'broker', ['/var/run/docker.sock'])).toEqual({ '/var/run/docker.sock': 200 });
  });

  test.each(['control-plane', 'detectors'])('%s finds it nowhere', async (service) => {
    const { socketPath } = appliance.engine;
    const paths = ['/var/run/docker.sock', '/run/docker.sock', socketPath, `/host${socketPath}`];
    const answers = await connect(appliance, service, [...paths, `/proc/1/root${socketPath}`]);
    expect(
      Object.values(answers).every((code) => code === 'ENOENT'),
      JSON.stringify(answers),
    ).toBe(true);
  });

  test('the collector sees it on every path, and is refused on each', async () => {
    const { socketPath, folder, holder } = appliance.engine;
    const broker = (await inspect(appliance, 'broker')).State.Pid;
    const volumes = `/host${folder}/data/volumes/odyssey_broker-write/_data`;
    const paths = [
      `/host${socketPath}`,
      `/proc/${holder}/root${socketPath}`,
      `/proc/${broker}/root/var/run/docker.sock`,
      `/proc/${broker}/root/run/odyssey/write/write.sock`, // the control plane's
      `${volumes}/write.sock`,
      `/host${folder}/exec/containerd/containerd.sock`,
    ];
    const answers = await connect(appliance, 'collector', paths);
    expect(answers).toEqual(Object.fromEntries(paths.map((path) => [path, 'EACCES'])));
    const own = '/run/odyssey/read/read.sock';
    expect(await connect(appliance, 'collector', [own])).toEqual({ [own]: 200 });
  });

  test('the collector runs with two capabilities and nobody’s user, and every other process of ours with none', async () => {
    for (const [name, { State: state }] of await inspectAll(appliance)) {
      if (!state.Running) continue;
      const status = statusOf(name === 'collector' ? await nodeIn(appliance, state.Pid) : state.Pid);
      const capabilities = name === 'collector' ? collectorCapabilities : '0000000000000000';
      expect(status, name).toMatchObject({
        ...{ CapEff: capabilities, CapPrm: capabilities, CapInh: capabilities, CapAmb: capabilities },
        ...{ NoNewPrivs: '1', Seccomp: '2' },
      });
      if (name === 'collector') expect(status).toMatchObject({ Uid: same('10002'), Gid: same('10002') });
      if (name === 'collector') expect(['', '10002']).toContain(status['Groups']);
    }
  });

  test('it can neither take hold of another process nor of its sockets, though its capabilities would let it', async () => {
    const broker = String((await inspect(appliance, 'broker')).State.Pid);
    const said = await asCollector(appliance, ['/usr/bin/perl', '-e', seizeScript, broker]);
    expect(said).toEqual(`seize ${permissionDenied}\npidfd 0\ngetfd ${permissionDenied}\n`);
    // The same rights without the filter: it is the filter that refuses.
    const rights = ['--reuid=10002', '--regid=10002', '--clear-groups', '--no-new-privs'];
    const both = '-all,+sys_ptrace,+dac_read_search';
    const bare = [...rights, `--inh-caps=${both}`, `--ambient-caps=${both}`, '/usr/bin/perl', '-e', seizeScript];
    const sleeper = execFile('sleep', ['60']);
    const { stdout } = await run('setpriv', [...bare, String(sleeper.pid)]);
    sleeper.kill();
    expect(stdout).toEqual('seize 0\npidfd 0\ngetfd 0\n');
  });

  test('it measures open files and i/o of other people’s processes all the same', async () => {
    const { body } = await appliance.get('detectors', 'http://collector:9401/metrics?collect[]=process_groups');
    const measured = (metric: string, group: string) =>
      Number(
        new RegExp(`^namedprocess_namegroup_${metric}\\{[^}]*groupname="${group}"[^}]*\\} (\\S+)`, 'm').exec(body)?.[1],
      );
    const dockerd = statusOf(appliance.engine.pid);
    expect(dockerd['Uid']).toBe(same('0'));
    expect(measured('open_filedesc', 'dockerd')).toBeGreaterThan(10);
    expect(measured('open_filedesc', 'prometheus')).toBeGreaterThan(10); // 65534's
    for (const group of ['dockerd', 'prometheus'])
      expect(measured('write_bytes_total', group), group).toBeGreaterThanOrEqual(0);
    expect(await asCollector(appliance, ['/bin/sh', '-c', 'cat /host/etc/shadow'])).toContain('root:');
  });

  test('it tells of other people’s processes what only their owners may see', async () => {
    const told = await appliance.compose(
      'exec',
      '-T',
      'detectors',
      'node',
      '--input-type=module',
      '-e',
      processesScript,
    );
    const processes = JSON.parse(told.trim().split('\n').at(-1)!) as ProcessFacts[];
    const engine = processes.find(({ pid }) => pid === appliance.engine.pid);
    expect(engine).toMatchObject({ euid: 0, exe: expect.stringContaining('dockerd'), stdioIsOneSocket: false });
    expect(engine?.ldPreload).toBeDefined(); // its environment was read
    const prometheus = processes.find(({ container }) => container?.name === 'odyssey-prometheus-1');
    expect(prometheus).toMatchObject({ euid: 65_534, ldPreload: '' });
  });

  test('none of its sources fails, and what containers have written is walked', async () => {
    const failing = (text: string) => text.match(/^node_scrape_collector_success\{.*\} 0$/gm) ?? [];
    // A machine that is busy with tests may keep one of them past its deadline; none goes on failing.
    const { body } = await until(
      () => appliance.get('detectors', 'http://collector:9401/metrics'),
      ({ body: text }) => failing(text).length === 0,
    );
    expect(failing(body)).toEqual([]);
    const written = await until(
      () => appliance.get('detectors', 'http://collector:9401/metrics?collect[]=container_filesystems'),
      ({ body: text }) => /^container_fs_usage_bytes\{/m.test(text),
    );
    expect(written.body).toMatch(/^container_fs_usage_bytes\{.*name="odyssey-/m);
  });

  describe('secrets lie in the volumes of those who need them', () => {
    test.each([
      { service: 'broker', files: [] },
      { service: 'collector', files: ['/data/run/collector.token'] },
      {
        service: 'detectors',
        files: ['/data/certificate/console.crt', '/data/run/collector.token', '/data/run/detectors.token'],
      },
      { service: 'prometheus', files: [] },
      {
        service: 'alertmanager',
        files: ['/etc/odyssey/alertmanager.yml', '/run/certificate/console.crt', '/run/odyssey/alertmanager.token'],
      },
    ])('$service has $files', async ({ service, files }) => {
      const { State: state, Mounts: mounts } = await inspect(appliance, service);
      const found = mounts
        .filter(({ Type }) => Type === 'volume')
        .flatMap(({ Destination: at }) =>
          filesBelow(join(`/proc/${state.Pid}/root`, at)).map((file) => join(at, file)),
        );
      const telling = /(\.token|\.crt|\.key|secret-key|alertmanager\.yml(\..*)?)$/;
      expect([...new Set(found.filter((file) => telling.test(file)))].sort()).toEqual(files);
    });

    test('every installation has tokens of its own making, one for each process', async () => {
      const told = await appliance.compose(
        'exec',
        '-T',
        'control-plane',
        'sh',
        '-c',
        'for one in /data/run/*.token; do cat $one; echo; done',
      );
      const tokens = told.trim().split('\n');
      expect(tokens).toHaveLength(3);
      for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(tokens).size).toBe(3);
    });

    test('Alertmanager reads its own, which are no use to the collector', async () => {
      const told = await appliance.compose('exec', '-T', 'alertmanager', 'cat', '/run/odyssey/alertmanager.token');
      expect(told.trim()).toMatch(/^[0-9a-f]{64}$/);
      const script = `const at = (token) => fetch('http://collector:9401/v1/processes', { headers: { authorization: 'Bearer ' + token } });
        Promise.all(process.argv.slice(1).map(at)).then((all) => console.log(all.map(({ status }) => status).join()));`;
      const own = `$(cat /data/run/collector.token)`;
      const said = await appliance.compose(
        ...['exec', '-T', 'detectors', 'sh', '-c', `node -e "$0" ${told.trim()} '' "${own}"`, script],
      );
      expect(said.trim()).toBe('401,401,200');
    });
  });
}

interface Mount {
  device: string;
  root: string;
  at: string;
}

/** Of /proc/PID/mountinfo: what lies where. */
function mountsOf(pid: number): readonly Mount[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [, , device, root, at] = line.split(' ');
      return { device: device!, root: root!, at: at! };
    });
}

/** The file system and the place in it that a path leads to. */
function placeOf(mounts: readonly Mount[], path: string): Omit<Mount, 'at'> {
  const leading = mounts.filter(({ at }) => at === '/' || path.startsWith(`${at}/`));
  const { device, root, at } = leading.reduce((best, mount) => (mount.at.length >= best.at.length ? mount : best));
  return { device, root: join(root, path.slice(at === '/' ? 0 : at.length)) };
}

function leadsTo({ device, root }: Mount, place: Omit<Mount, 'at'>): boolean {
  return device === place.device && (root === '/' || place.root === root || place.root.startsWith(`${root}/`));
}

async function connect(
  appliance: Appliance,
  service: string,
  paths: readonly string[],
): Promise<Record<string, number | string>> {
  const probe = ['node', '-e', connectScript, ...paths];
  const said =
    service === 'collector'
      ? await asCollector(appliance, probe)
      : await appliance.compose('exec', '-T', service, ...probe);
  const answers = JSON.parse(said.trim().split('\n').at(-1)!) as (number | string)[];
  return Object.fromEntries(paths.map((path, place) => [path, answers[place]!]));
}

/** Starts a program in the collector's container as the collector is started there, by what its entry point has in front of Node. */
async function asCollector(appliance: Appliance, program: readonly string[]): Promise<string> {
  const { Entrypoint: entry } = (await inspect(appliance, 'collector')).Config;
  const start = entry!.slice(0, entry!.indexOf('node'));
  expect(start[0]).toBe('setpriv');
  return appliance.compose('exec', '-T', 'collector', ...start, ...program);
}

/** The collector itself: setpriv became it. */
async function nodeIn(appliance: Appliance, pid: number): Promise<number> {
  const { Entrypoint: entry } = (await inspect(appliance, 'collector')).Config;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  expect(command).toEqual([...entry!.slice(entry!.indexOf('node')), 'collector/main.ts']);
  const image = JSON.parse((await appliance.engine.ask('GET', '/images/odyssey:0.1.0/json')).text) as {
    Config: { Entrypoint: readonly string[] };
  };
  expect(command.slice(0, -1)).toEqual(image.Config.Entrypoint); // the compile cache holds for one set of flags
  return pid;
}

function statusOf(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(':').map((part) => part.trim()) as [string, string]));
}

/** Real, effective, saved and file system's. */
function same(id: string): string {
  return Array(4).fill(id).join('\t');
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
}

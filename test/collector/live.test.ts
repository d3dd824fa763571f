// Snapshots of processes and live values: facts, redaction, pages within their bound, and nothing measured for nobody.
import { describe, expect, test } from 'vitest';
import { parseConnections } from '../../collector/live/connections.ts';
import { argvLengthMax, parseArgv } from '../../collector/live/facts.ts';
import { createRoutes } from '../../collector/live/routes.ts';
import { createSnapshots } from '../../collector/live/snapshots.ts';
import { createViewer } from '../../collector/live/viewer.ts';
import { createContainers } from '../../collector/sources/containers/index.ts';
import { liveValues } from '../../core/contracts/live.ts';
import { processPage } from '../../core/contracts/processes.ts';
import { fileError } from '../fakes/machine.ts';
import { addContainer, createHost, type Host } from './sources/containers/host.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5001 1 0 100 0 0 10 0
   1: 0A00020A:C350 0A0B0C0D:115C 01 00000000:00000000 00:00000000 00000000     0        0 5002 1 0 20 4 30 10 -1
   2: 0A00020A:C351 0A0B0C0D:0050 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0
`;

interface Process {
  cmdline?: string | Error;
  exe?: string;
  comm?: string;
  fds?: string[];
  flags?: number;
  ticks?: number;
  environ?: string | Error;
}

function addProcess({ files, links }: Host, pid: number, process: Process = {}): void {
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

function setup() {
  const host = createHost(2);
  host.files['/proc/stat'] = 'cpu  100 0 100 800 0 0 0 0 0 0\nbtime 1700000000\n';
  const containers = createContainers();
  const snapshots = createSnapshots(containers.engine, async () => undefined);
  const page = async (cursor?: string) => {
    host.now.monotonicSeconds += 5;
    return processPage.parse(await snapshots.page(host.machine, cursor));
  };
  return { host, containers, snapshots, page };
}

describe('facts of a process', () => {
  test('what it is, in the shape of the contract', async () => {
    const { host, page } = setup();
    addProcess(host, 10, {
      fds: ['/dev/null', 'socket:[5001]', '/log', 'socket:[5002]'],
      environ: 'A=1\0LD_PRELOAD=/tmp/x.so\0SECRET=hunter2\0',
    });
    const { processes, instance, nextCursor, scanGapSeconds } = await page();
    expect({ instance, nextCursor, scanGapSeconds }).toEqual({
      instance: 'node-1',
      nextCursor: null,
      scanGapSeconds: 0,
    });
    expect(processes).toEqual([
      {
        pid: 10,
        ppid: 1,
        startedAtSeconds: 1_700_000_001,
        comm: 'app',
        exe: '/usr/bin/app',
        exeDeleted: false,
        argv: ['app10', '--port', '10'],
        kernelThread: false,
        uid: 1000,
        euid: 0,
        container: null,
        stdioIsOneSocket: false,
        listeningPorts: [8080],
        remotePorts: [4444],
        ldPreload: '/tmp/x.so',
      },
    ]);
    expect(JSON.stringify(processes)).not.toContain('hunter2');
  });

  test.each([
    [
      'a reverse shell',
      { fds: ['socket:[5002]', 'socket:[5002]', 'socket:[5002]'] },
      { stdioIsOneSocket: true, stdioPeer: '13.12.11.10:4444', remotePorts: [4444] },
    ],
    ['three sockets', { fds: ['socket:[1]', 'socket:[2]', 'socket:[3]'] }, { stdioIsOneSocket: false }],
    ['a deleted program', { exe: '/tmp/x (deleted)' }, { exe: '/tmp/x', exeDeleted: true }],
    ['a program in memory', { exe: '/memfd:payload (deleted)' }, { exe: '/memfd:payload', exeDeleted: true }],
    [
      'another name than its program',
      { comm: 'kworker/0:1', exe: '/tmp/miner' },
      { comm: 'kworker/0:1', exe: '/tmp/miner', kernelThread: false },
    ],
    ['a secret in its arguments', { cmdline: 'mysql\0-phunter2\0' }, { argv: ['mysql', '-p[redacted]'] }],
  ] as const)('%s', async (_, process, facts) => {
    const { host, page } = setup();
    addProcess(host, 10, process as Process);
    expect((await page()).processes[0]).toMatchObject(facts);
  });

  test('what may not be looked into is absent, not false', async () => {
    const { host, page } = setup();
    addProcess(host, 10, { environ: fileError('EACCES'), fds: [] });
    host.machine.listIfThere = () => {
      throw fileError('EACCES');
    };
    const [facts] = (await page()).processes;
    for (const key of ['stdioIsOneSocket', 'listeningPorts', 'remotePorts', 'ldPreload'])
      expect(facts).not.toHaveProperty(key);
  });

  test('a kernel thread', async () => {
    const { host, page } = setup();
    addProcess(host, 2, { comm: 'kthreadd', flags: 0x20_8040, cmdline: '' });
    expect((await page()).processes[0]).toEqual({
      pid: 2,
      ppid: 1,
      startedAtSeconds: 1_700_000_001,
      comm: 'kthreadd',
      argv: [],
      kernelThread: true,
      container: null,
    });
  });

  test('its container, and whether its program came with the image', async () => {
    const { host, containers, page } = setup();
    const id = addContainer(host, 2, 'web', 10);
    addProcess(host, 10, { exe: '/usr/bin/miner' });
    host.files['/proc/10/mountinfo'] =
      '1 2 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/data/up,workdir=/w\n';
    host.files['/data/up/usr/bin/miner'] = '';
    await containers.engine.source.read(host.machine);
    expect((await page()).processes[0]).toMatchObject({
      container: { id, name: 'web', image: 'tiny:1', hostMounts: [] },
      exeOutsideImage: true,
    });
  });

  test('cores in use since the snapshot before', async () => {
    const { host, page } = setup();
    addProcess(host, 10);
    expect((await page()).processes[0]).not.toHaveProperty('cpuCores');
    addProcess(host, 10, { ticks: 250 });
    expect((await page()).processes[0]!.cpuCores).toBeCloseTo(0.5);
  });

  test('a 2 MB command line is cut, quickly', () => {
    const started = performance.now();
    const { argv, argvTruncated } = parseArgv(`sh\0-c\0${'echo hello; '.repeat(170_000)}\0`);
    expect(performance.now() - started).toBeLessThan(200);
    expect(argvTruncated).toBe(true);
    expect(argv.join('').length).toBeLessThanOrEqual(argvLengthMax);
    expect(parseArgv('a\0\0b\0')).toEqual({ argv: ['a', '', 'b'], argvTruncated: false });
    expect(parseArgv('')).toEqual({ argv: [], argvTruncated: false });
  });
});

describe('pages', () => {
  test('hold 2 MB at most, each process once, and end', async () => {
    const { host, page } = setup();
    for (let pid = 1; pid <= 300; pid++) addProcess(host, pid, { cmdline: `app\0${'x'.repeat(20_000)}\0` });
    const pids: number[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ; ) {
      const one = await page(cursor);
      expect(JSON.stringify(one).length).toBeLessThanOrEqual(2_000_000);
      pids.push(...one.processes.map(({ pid }) => pid));
      pages++;
      if (one.nextCursor === null) break;
      cursor = one.nextCursor;
    }
    expect(pages).toBe(4);
    expect(pids).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
  });

  test('of a snapshot that is gone are refused, and so is a cursor of nonsense', async () => {
    const { host, snapshots } = setup();
    addProcess(host, 10);
    await snapshots.page(host.machine, undefined);
    expect(await snapshots.page(host.machine, '1-0')).toBeDefined();
    host.now.monotonicSeconds += 61;
    for (const cursor of ['1-0', '9-0', '', 'x', '1-1e9'])
      expect(await snapshots.page(host.machine, cursor)).toBeUndefined();
  });

  test('the step between looks is exported, and grows when nobody looks', async () => {
    const { host, snapshots, page } = setup();
    addProcess(host, 10);
    expect(snapshots.source.read(host.machine)).toEqual([]);
    await page();
    await page();
    expect(snapshots.source.read(host.machine)).toMatchObject([{ name: 'threat_scan_gap_seconds', value: 5 }]);
    host.now.monotonicSeconds += 100;
    expect(snapshots.source.read(host.machine)).toMatchObject([{ value: 100 }]);
  });

  test('two who ask at once share one look', async () => {
    const { host, snapshots } = setup();
    addProcess(host, 10);
    const [one, other] = await Promise.all([
      snapshots.page(host.machine, undefined),
      snapshots.page(host.machine, undefined),
    ]);
    expect(one!.takenAtSeconds).toBe(other!.takenAtSeconds);
    expect(await snapshots.page(host.machine, '2-0')).toBeUndefined();
  });
});

describe('connections', () => {
  test('of both families, by inode', () => {
    expect([...parseConnections(tcp)]).toEqual([
      ['5001', { listening: true, established: false, localPort: 8080, remotePort: 0, remote: '0.0.0.0:0' }],
      [
        '5002',
        { listening: false, established: true, localPort: 50_000, remotePort: 4444, remote: '13.12.11.10:4444' },
      ],
    ]);
    const six = (address: string) =>
      parseConnections(`h\n 0: ${'0'.repeat(32)}:0016 ${address}:0050 01 0:0 0:0 0 0 0 7 1\n`).get('7')!.remote;
    expect(six('00000000000000000000000001000000')).toBe('[::1]:80');
    expect(six('0000000000000000FFFF00000100007F')).toBe('127.0.0.1:80');
    expect(six('B80D0120000000000000000001000000')).toBe('[2001:db8::1]:80');
    expect(() => parseConnections('h\n 0: zz:1 00000000:0000 01 0 0 0 0 0 7\n')).toThrow();
  });
});

describe('live values', () => {
  function viewerOf() {
    const host = createHost(2);
    host.files['/proc/stat'] = 'cpu  100 0 100 800 0 0 0 0 0 0\n';
    host.files['/proc/diskstats'] = ' 259 0 nvme0n1 1 0 8 0 1 0 16 0 0 0 0\n 259 1 nvme0n1p1 1 0 8 0 1 0 16 0 0 0 0\n';
    host.files['/sys/block/nvme0n1/size'] = '1\n';
    host.files['/proc/net/dev'] =
      'h\nh\n  eth0: 100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n veth1: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n';
    const containers = createContainers();
    let wake = () => {};
    const errors: unknown[] = [];
    const viewer = createViewer({
      machine: host.machine,
      engine: containers.engine,
      gpus: () => undefined,
      sleep: (seconds) => {
        host.now.monotonicSeconds += seconds;
        return new Promise((resolve) => {
          wake = resolve;
        });
      },
      onError: (error) => errors.push(error),
    });
    const second = async () => {
      wake();
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    return { host, containers, viewer, second, errors };
  }

  test('rates from the second look on', async () => {
    const { host, containers, viewer, second } = viewerOf();
    const id = addContainer(host, 2, 'web', 77);
    await containers.engine.source.read(host.machine);
    const first = liveValues.parse(viewer.look());
    expect(first.node).toEqual({ memoryTotalBytes: 4_096_000, memoryUsedBytes: 3_072_000 });
    expect(first.network).toEqual([{ device: 'eth0' }]);
    host.files['/proc/stat'] = 'cpu  150 0 150 900 0 0 0 0 0 0\n';
    host.files['/proc/net/dev'] = 'h\nh\n  eth0: 1100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n';
    host.files[`/sys/fs/cgroup/docker/${id}/cpu.stat`] = 'usage_usec 1235000000\nuser_usec 1\nsystem_usec 1\n';
    await second();
    const next = liveValues.parse(viewer.look());
    expect(next.node.cpuRatio).toBe(0.5);
    expect(next.network).toEqual([{ device: 'eth0', receiveBytesPerSecond: 1000, transmitBytesPerSecond: 0 }]);
    expect(next.disks).toEqual([{ device: 'nvme0n1', readBytesPerSecond: 0, writeBytesPerSecond: 0 }]);
    expect(next.containers).toEqual([{ id, name: 'web', cpuCores: 0.5, workingSetBytes: 209_715_200 - 62_914_560 }]);
  });

  test('nothing is measured ten seconds after the last look, and a failure is told and survived', async () => {
    const { host, viewer, second, errors } = viewerOf();
    viewer.look();
    const { '/proc/net/dev': devices } = host.files;
    host.files['/proc/net/dev'] = fileError('EIO');
    await second();
    expect(errors).toHaveLength(1);
    host.files['/proc/net/dev'] = devices!;
    for (let step = 0; step < 12; step++) await second();
    const before = host.now.monotonicSeconds;
    await second();
    expect(host.now.monotonicSeconds).toBe(before);
    expect(liveValues.parse(viewer.look()).node).not.toHaveProperty('cpuRatio');
  });
});

describe('the routes', () => {
  const token = 'a-token-of-some-length';
  const ask = async (path: '/v1/processes' | '/v1/live', authorization?: string, query = '') => {
    const { host, snapshots } = setup();
    addProcess(host, 10);
    host.files['/proc/diskstats'] = '';
    host.files['/proc/net/dev'] = 'h\nh\n';
    const containers = createContainers();
    const viewer = createViewer({
      machine: host.machine,
      engine: containers.engine,
      gpus: () => undefined,
      sleep: () => new Promise(() => undefined),
      onError: () => undefined,
    });
    const routes = createRoutes(token, host.machine, { snapshots, viewer });
    return routes[path](new URLSearchParams(query), authorization === undefined ? {} : { authorization });
  };

  test.each([[undefined], [''], ['Bearer wrong'], [`Bearer ${token}x`], [token]])(
    '%s is not let in',
    async (authorization) => {
      for (const path of ['/v1/processes', '/v1/live'] as const)
        expect((await ask(path, authorization)).status).toBe(401);
    },
  );

  test('the token is', async () => {
    const page = await ask('/v1/processes', `Bearer ${token}`);
    expect(processPage.parse(JSON.parse(page.body)).processes).toHaveLength(1);
    expect((await ask('/v1/processes', `Bearer ${token}`, 'cursor=77-0')).status).toBe(410);
    expect(liveValues.parse(JSON.parse((await ask('/v1/live', `Bearer ${token}`)).body)).instance).toBe('node-1');
  });
});

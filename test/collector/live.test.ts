// Snapshots in pages, live values, and the routes to both: bounded, behind a token, and nothing measured for nobody.
import { describe, expect, test } from 'vitest';
import { createRoutes } from '../../collector/live/routes.ts';
import { createViewer } from '../../collector/live/viewer.ts';
import { createContainers } from '../../collector/sources/containers/index.ts';
import { liveValues } from '../../core/contracts/live.ts';
import { processPage } from '../../core/contracts/processes.ts';
import { fileError } from '../fakes/machine.ts';
import { addProcess, setup } from './live/host.ts';
import { addContainer, createHost } from './sources/containers/host.ts';
import { gpuHost, oneGpu, readGpu, uuid } from './sources/gpu/host.ts';

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

  test('tell the program by its hash and the share of a GPU, where they are known', async () => {
    const { host, gpus, page } = setup();
    for (const pid of [10, 11]) addProcess(host, pid);
    const asked: string[] = [];
    host.machine.programHash = async (path, { timeoutSeconds }) => {
      expect(timeoutSeconds).toBeLessThanOrEqual(3);
      asked.push(path);
      return path === '/proc/10/exe' ? 'a'.repeat(64) : undefined;
    };
    const nvidia = gpuHost({ stdout: oneGpu }, { stdout: `GPU-${uuid}, 11, miner, 100\n` });
    await readGpu(nvidia.host.machine, nvidia.gpus, 'gpu');
    gpus.now = { ...nvidia.gpus.reading()!, atSeconds: host.now.monotonicSeconds };
    const { processes } = await page();
    expect(processes.map(({ exeSha256 }) => exeSha256)).toEqual(['a'.repeat(64), undefined]);
    expect(processes.map(({ gpuRatio }) => gpuRatio)).toEqual([undefined, 0.37]);
    expect(asked).toEqual(['/proc/10/exe', '/proc/11/exe']);
  });

  test('hash new programs for a second at most, and tell the others that are known', async () => {
    const { host, page } = setup();
    for (let pid = 1; pid <= 20; pid++) addProcess(host, pid);
    const known = new Set(['/proc/19/exe']);
    host.machine.programHash = async (path, { onlyKnown }) => {
      if (!known.has(path) && onlyKnown) return undefined;
      if (!known.has(path)) host.now.monotonicSeconds += 0.3;
      known.add(path);
      return 'b'.repeat(64);
    };
    const told = async () =>
      (await page()).processes.filter(({ exeSha256 }) => exeSha256 !== undefined).map(({ pid }) => pid);
    expect(await told()).toEqual([1, 2, 3, 4, 19]);
    expect(await told()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 19]);
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

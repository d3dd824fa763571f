// Containers from the engine's list to the exposition: every version of engine and control groups, and an engine that fails.
import { describe, expect, test } from 'vitest';
import { guardSamples } from '../../../collector/guard.ts';
import { createContainers } from '../../../collector/sources/containers/index.ts';
import { containerMetrics } from '../../../collector/sources/containers/metrics.ts';
import { renderExposition } from '../../../core/lib/promtext.ts';
import { fileError } from '../../fakes/machine.ts';
import { fixture } from '../fixtures.ts';
import { addContainer, addGroup, createHost, type Host } from './containers/host.ts';

/** One source of the three, read and written as lines. */
async function lines(host: Host, containers: ReturnType<typeof createContainers>, name: string): Promise<string[]> {
  const source = containers.sources.find((one) => one.name === name)!;
  const { kept } = guardSamples(source, await source.read(host.machine));
  return renderExposition(source.metrics, kept)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const values = (found: readonly string[], name: string) =>
  found
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));

describe.each([['engine-26-overlay2'], ['engine-28-overlay2'], ['engine-28-containerd'], ['engine-29-containerd']])(
  '%s',
  (name) => {
    test('every running container has a name, an image and its compose or swarm labels', async () => {
      const host = createHost(2);
      Object.assign(host.docker, JSON.parse(fixture(`docker/${name}.json`)));
      const [web, api] = host.docker['/containers/json'] as { Id: string }[];
      addGroup(host, 2, web!.Id, 4001, `/system.slice/docker-${web!.Id}.scope`);
      addGroup(host, 2, api!.Id, 4002, `/system.slice/docker-${api!.Id}.scope`);
      const containers = createContainers();
      await lines(host, containers, 'docker');
      const found = await lines(host, containers, 'containers');
      const seen = found.filter((line) => line.startsWith('container_last_seen'));
      expect(seen).toHaveLength(2);
      expect(seen[0]).toMatch(
        /name="shop-web-1",image="nginx:1.27",container_label_com_docker_compose_project="shop",container_label_com_docker_compose_service="web",container_label_com_docker_compose_project_working_dir="\/srv\/shop"}/,
      );
      expect(seen[1]).toMatch(
        /name="api.3.t4sk",image="registry.local\/api:7@sha256:[0-9a-f]{64}",container_label_com_docker_swarm_service_name="api"/,
      );
      expect(values(found, 'container_health_state')).toEqual([1, -1]);
      expect(values(found, 'container_restart_count')).toEqual([2, 0]);
      expect(found.find((line) => line.startsWith('container_identity_info') && line.includes('api.3'))).toContain(
        'replica="api.3",service="api",slot="3",environment="default",deployment="api",revision="7",model_key="api"',
      );
      expect(found.join('\n')).not.toContain('not-for-export');
      expect(found.join('\n')).not.toContain('maintainer');
    });
  },
);

describe('numbers', () => {
  test.each([[1], [2]] as const)('cgroup v%s says the same of the same container', async (version) => {
    const host = createHost(version);
    addContainer(host, version, 'web', 77);
    const containers = createContainers();
    await lines(host, containers, 'docker');
    const found = await lines(host, containers, 'containers');
    const one = (name: string) => values(found, name)[0];
    expect({
      cpu: one('container_cpu_usage_seconds_total'),
      user: one('container_cpu_user_seconds_total'),
      system: one('container_cpu_system_seconds_total'),
      throttled: one('container_cpu_cfs_throttled_seconds_total'),
      usage: one('container_memory_usage_bytes'),
      workingSet: one('container_memory_working_set_bytes'),
      rss: one('container_memory_rss'),
      cache: one('container_memory_cache'),
      mapped: one('container_memory_mapped_file'),
      swap: one('container_memory_swap'),
      peak: one('container_memory_max_usage_bytes'),
      failcnt: one('container_memory_failcnt'),
      oom: one('container_oom_events_total'),
      read: one('container_fs_reads_bytes_total'),
      written: one('container_fs_writes_bytes_total'),
      reads: one('container_fs_reads_total'),
      threads: one('container_threads'),
      quota: one('container_spec_cpu_quota'),
      limit: one('container_spec_memory_limit_bytes'),
      swapLimit: one('container_spec_memory_swap_limit_bytes'),
    }).toEqual({
      cpu: 1234.5,
      user: 1000,
      system: 234.5,
      throttled: 12.5,
      usage: 209_715_200,
      workingSet: 209_715_200 - 62_914_560,
      rss: 104_857_600,
      cache: 83_886_080,
      mapped: 20_971_520,
      swap: 4096,
      peak: 314_572_800,
      failcnt: 42,
      oom: 2,
      read: 1_048_576,
      written: 2_097_152,
      reads: 100,
      threads: 17,
      quota: 50_000,
      limit: 536_870_912,
      swapLimit: 0,
    });
    expect(found.filter((line) => line.startsWith('container_pressure'))).toHaveLength(version === 2 ? 6 : 0);
    expect(values(found, 'container_fs_io_time_seconds_total')).toEqual(version === 2 ? [] : [1.5]);
    expect(found.find((line) => line.startsWith('container_blkio_device_usage_total'))).toContain(
      'device="/dev/nvme0n1",major="259",minor="0",operation="Read"',
    );
    expect(values(found, 'container_network_receive_bytes_total')).toEqual([5000]);
    expect(values(found, 'container_network_transmit_packets_dropped_total')).toEqual([4]);
  });

  test('the formula of the working set stands in its HELP', () => {
    const { help } = containerMetrics.find(({ name }) => name === 'container_memory_working_set_bytes')!;
    expect(help).toContain('memory.current - inactive_file');
    expect(help).toContain('usage_in_bytes - total_inactive_file');
  });

  test.each(['host', 'container:abc'])(
    "network %s belongs to somebody else and is not the container's",
    async (networkMode) => {
      const host = createHost(2);
      addContainer(host, 2, 'web', 77, { networkMode });
      const containers = createContainers();
      await lines(host, containers, 'docker');
      expect((await lines(host, containers, 'containers')).filter((line) => line.includes('network'))).toEqual([]);
    },
  );

  test('one odd control group does not hide the others', async () => {
    const host = createHost(2);
    const odd = addContainer(host, 2, 'odd', 76);
    addContainer(host, 2, 'web', 77);
    host.files[`/sys/fs/cgroup/docker/${odd}/memory.stat`] = 'anon x\n';
    const containers = createContainers();
    await lines(host, containers, 'docker');
    const found = await lines(host, containers, 'containers');
    expect(found.filter((line) => line.startsWith('container_last_seen'))).toHaveLength(1);
    expect(values(found, 'container_read_failures')).toEqual([1]);
  });

  test('a container that is gone loses its series at once, before the list knows', async () => {
    const host = createHost(2);
    const id = addContainer(host, 2, 'web', 77);
    const containers = createContainers();
    await lines(host, containers, 'docker');
    for (const path of Object.keys(host.files)) if (path.includes(id)) delete host.files[path];
    expect((await lines(host, containers, 'containers')).filter((line) => line.includes('name="web"'))).toEqual([]);
  });

  test('restarts change a value and no series', async () => {
    const host = createHost(2);
    const id = addContainer(host, 2, 'web', 77);
    const containers = createContainers();
    const names = new Set<string>();
    for (let restart = 0; restart < 100; restart++) {
      const inspect = host.docker[`/containers/${id}/json`] as { RestartCount: number; State: { Pid: number } };
      inspect.RestartCount = restart;
      inspect.State.Pid = 100 + restart;
      delete host.files[`/proc/${99 + restart}/cgroup`];
      addGroup(host, 2, id, 100 + restart);
      host.now.monotonicSeconds += 10;
      await lines(host, containers, 'docker');
      const found = await lines(host, containers, 'containers');
      expect(values(found, 'container_restart_count')).toEqual([restart]);
      for (const line of found) names.add(line.slice(0, line.lastIndexOf(' ')));
    }
    expect(names.size).toBe((await lines(host, containers, 'containers')).length);
  });

  test('processes, threads by state, files and sockets', async () => {
    const host = createHost(2);
    addContainer(host, 2, 'web', 77);
    Object.assign(host.links, {
      '/proc/77/fd/0': '/dev/null',
      '/proc/77/fd/1': 'socket:[5]',
      '/proc/77/fd/2': 'socket:[6]',
    });
    host.files['/proc/77/task/77/stat'] = '77 (a) b) S 1';
    host.files['/proc/77/task/78/stat'] = '78 (c) R 1';
    const containers = createContainers();
    await lines(host, containers, 'docker');
    const found = await lines(host, containers, 'container_tasks');
    expect(values(found, 'container_processes')).toEqual([1]);
    expect(values(found, 'container_file_descriptors')).toEqual([3]);
    expect(values(found, 'container_sockets')).toEqual([2]);
    expect(found.filter((line) => line.includes('state="running"') && line.endsWith(' 1'))).toHaveLength(1);
    expect(found.filter((line) => line.includes('state="sleeping"') && line.endsWith(' 1'))).toHaveLength(1);
  });
});

describe('an engine that fails', () => {
  test('none at all is no failure, and says so', async () => {
    const host = createHost();
    host.docker['/containers/json'] = fileError('ENOENT');
    const containers = createContainers();
    expect(await lines(host, containers, 'docker')).toEqual([]);
    expect(await lines(host, containers, 'containers')).toEqual(['container_engine_up 0']);
  });

  test.each([
    ['hangs', new Error('Docker did not answer /containers/json within 3 s')],
    ['answers 500', new Error('Docker answered /containers/json with 500')],
    ['is gone', fileError('ECONNREFUSED')],
    ['talks nonsense', { message: 'what?' }],
  ])(
    'one that %s fails alone; known containers go on until the list is two intervals old, and it recovers',
    async (_, trouble) => {
      const host = createHost();
      addContainer(host, 2, 'web', 77);
      const containers = createContainers();
      await lines(host, containers, 'docker');
      const list = host.docker['/containers/json'];
      host.docker['/containers/json'] = trouble;
      host.now.monotonicSeconds += 19;
      await expect(lines(host, containers, 'docker')).rejects.toThrow();
      expect(
        (await lines(host, containers, 'containers')).filter((line) => line.startsWith('container_last_seen')),
      ).toHaveLength(1);
      host.now.monotonicSeconds += 2;
      expect(await lines(host, containers, 'containers')).toEqual(['container_engine_up 0']);
      host.docker['/containers/json'] = list;
      await lines(host, containers, 'docker');
      expect(values(await lines(host, containers, 'containers'), 'container_engine_up')).toEqual([1]);
    },
  );

  test('one container whose inspection fails is put aside; it keeps its numbers, and the rest go on', async () => {
    const host = createHost();
    const id = addContainer(host, 2, 'slow', 76);
    addContainer(host, 2, 'web', 77);
    const answer = host.docker[`/containers/${id}/json`];
    let asked = 0;
    Object.defineProperty(host.docker, `/containers/${id}/json`, {
      configurable: true,
      get: () => {
        asked++;
        return new Error('late');
      },
    });
    const containers = createContainers();
    for (let pass = 0; pass < 3; pass++) {
      expect(values(await lines(host, containers, 'docker'), 'container_engine_quarantined')).toEqual([1]);
      host.now.monotonicSeconds += 10;
    }
    expect(asked).toBe(1);
    const found = await lines(host, containers, 'containers');
    expect(found.filter((line) => line.startsWith('container_memory_rss'))).toHaveLength(2);
    expect(found.filter((line) => line.startsWith('container_restart_count'))).toHaveLength(1);
    Object.defineProperty(host.docker, `/containers/${id}/json`, { value: answer, configurable: true });
    host.now.monotonicSeconds += 600;
    expect(values(await lines(host, containers, 'docker'), 'container_engine_quarantined')).toEqual([0]);
  });

  test('never more than eight inspections at once, and none for what has not changed', async () => {
    const host = createHost();
    for (let number = 0; number < 40; number++) addContainer(host, 2, `web-${number}`, 100 + number);
    let [open, most, asked] = [0, 0, 0];
    const { dockerGet } = host.machine;
    host.machine.dockerGet = async (path, timeout) => {
      expect(path).not.toContain('size');
      asked++;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
      return dockerGet(path, timeout);
    };
    const containers = createContainers();
    await lines(host, containers, 'docker');
    expect(most).toBe(8);
    asked = 0;
    host.now.monotonicSeconds += 10;
    await lines(host, containers, 'docker');
    expect(asked).toBeLessThanOrEqual(2); // the list, and the version once
  });
});

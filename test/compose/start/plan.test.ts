// The plan of one machine's processes: commands, environments, addresses.
import { describe, expect, test } from 'vitest';
import { portsFrom } from '../../../compose/ports.ts';
import { type PlanInput, planProcesses } from '../../../compose/start/plan.ts';

const input: PlanInput = {
  root: '/opt/odyssey',
  dataDir: '/srv/data',
  ports: portsFrom(100),
  node: '/opt/node',
  prometheus: { path: '/usr/bin/prometheus', cwd: '/' },
  alertmanager: { path: '/engine/usr/bin/prometheus-alertmanager', cwd: '/engine' },
  retentionBytes: 5 * 2 ** 30,
  environment: {
    PATH: '/bin',
    HOME: '/root',
    DOCKER_HOST: 'unix:///tmp/d.sock',
    COLLECTOR_DNS_NAMES: 'example.test',
    COLLECTOR_PORT: '1',
    DETECTOR_SEED: '7',
    LOG_LEVEL: 'debug',
    AWS_SECRET_ACCESS_KEY: 'not theirs',
    NODE_OPTIONS: '--inspect',
  },
};
const plan = (name: string, changed: Partial<PlanInput> = {}) =>
  planProcesses({ ...input, ...changed }).find((each) => each.name === name)!;

describe('plan', () => {
  test.each([
    { given: 'both engines', changed: {}, expected: ['prometheus', 'alertmanager', 'collector', 'detectors'] },
    {
      given: 'no Prometheus',
      changed: { prometheus: undefined },
      expected: ['alertmanager', 'collector', 'detectors'],
    },
    {
      given: 'neither',
      changed: { prometheus: undefined, alertmanager: undefined },
      expected: ['collector', 'detectors'],
    },
  ])('$given → $expected', ({ changed, expected }) => {
    expect(planProcesses({ ...input, ...changed }).map(({ name }) => name)).toEqual(expected);
  });

  test('every port is watched by an address that must answer, all on loopback', () => {
    const plans = planProcesses(input);
    expect(plans.flatMap(({ ports }) => ports).sort()).toEqual(Object.values(input.ports).sort());
    for (const { ports, readyUrls } of plans) {
      expect(readyUrls.map((url) => Number(new URL(url).port))).toEqual(ports);
      for (const url of readyUrls) expect(new URL(url).hostname).toBe('127.0.0.1');
    }
  });

  test('a process sees its own settings and what we decide, nothing else of the environment', () => {
    expect(plan('collector').environment).toEqual({
      PATH: '/bin',
      HOME: '/root',
      LOG_LEVEL: 'debug',
      DOCKER_HOST: 'unix:///tmp/d.sock',
      COLLECTOR_DNS_NAMES: 'example.test',
      COLLECTOR_HOST: '127.0.0.1',
      COLLECTOR_PORT: '9501',
      ODYSSEY_DATA: '/srv/data',
      NODE_COMPILE_CACHE: '/srv/data/cache/compile',
      NODE_ENV: 'production',
    });
    expect(plan('detectors').environment).toMatchObject({
      DETECTOR_SEED: '7',
      DETECTOR_GPU_PORT: '9505',
      DETECTOR_CONTAINER_PORT: '9506',
      DETECTOR_PROCESS_PORT: '9507',
      DETECTOR_DISK_PORT: '9508',
      PROMETHEUS_URL: 'http://127.0.0.1:9190',
    });
    for (const { environment } of planProcesses(input)) {
      expect(Object.keys(environment)).not.toContain('AWS_SECRET_ACCESS_KEY');
      expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
    }
  });

  test('our own processes run with small heaps', () => {
    for (const name of ['collector', 'detectors']) {
      expect(plan(name).args).toEqual(expect.arrayContaining(['--optimize-for-size', '--max-semi-space-size=1']));
      expect(plan(name).args.at(-1)).toBe(`/opt/odyssey/${name}/main.ts`);
    }
  });

  test('Prometheus keeps 90 days within its cap, Alertmanager opens no gossip port', () => {
    expect(plan('prometheus').args).toEqual(
      expect.arrayContaining([
        '--storage.tsdb.retention.time=90d',
        '--storage.tsdb.retention.size=5120MB',
        '--web.listen-address=127.0.0.1:9190',
      ]),
    );
    expect(plan('alertmanager')).toMatchObject({
      cwd: '/engine',
      args: expect.arrayContaining(['--cluster.listen-address=']),
    });
  });
});

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
  broker: {
    kind: 'broker',
    dockerHost: 'unix:///tmp/d.sock',
    readHost: 'unix:///srv/data/run/broker/read.sock',
    binds: '/srv/data/haproxy:ro,/srv/data/run/haproxy:rw',
    note: undefined,
  },
  environment: {
    PATH: '/bin',
    HOME: '/root',
    DOCKER_HOST: 'unix:///tmp/d.sock',
    COLLECTOR_DNS_NAMES: 'example.test',
    COLLECTOR_PORT: '1',
    DETECTOR_SEED: '7',
    DETECTOR_GPU_URL: 'http://elsewhere.test',
    WEB_CALLS_PER_MINUTE: '60',
    WEB_HOST: '0.0.0.0',
    BROKER_BINDS: '/srv:rw',
    BROKER_NETWORKS: 'host',
    CONTROL_PLANE_URL: 'http://elsewhere.test',
    LOG_LEVEL: 'debug',
    AWS_SECRET_ACCESS_KEY: 'not theirs',
    NODE_OPTIONS: '--inspect',
  },
};
const frugal = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };
const plan = (name: string, changed: Partial<PlanInput> = {}) =>
  planProcesses({ ...input, ...changed }).find((each) => each.name === name)!;

const leftOut = { kind: 'left-out', reason: '', remedy: '', collectorHost: 'unix:///dev/null' } as const;

describe('plan', () => {
  const always = ['collector', 'control-plane', 'detectors'];
  test.each([
    { given: 'everything', changed: {}, expected: ['prometheus', 'alertmanager', 'broker', ...always] },
    { given: 'no Prometheus', changed: { prometheus: undefined }, expected: ['alertmanager', 'broker', ...always] },
    {
      given: 'neither engine',
      changed: { prometheus: undefined, alertmanager: undefined },
      expected: ['broker', ...always],
    },
    { given: 'no Docker', changed: { broker: leftOut }, expected: ['prometheus', 'alertmanager', ...always] },
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
      ...frugal,
      PATH: '/bin',
      HOME: '/root',
      LOG_LEVEL: 'debug',
      DOCKER_HOST: 'unix:///srv/data/run/broker/read.sock',
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
      CONTROL_PLANE_URL: 'http://127.0.0.1:8180',
    });
    expect(plan('detectors').environment).not.toHaveProperty('DETECTOR_GPU_URL');
    expect(plan('control-plane').environment).toEqual({
      PATH: '/bin',
      HOME: '/root',
      LOG_LEVEL: 'debug',
      ...frugal,
      WEB_CALLS_PER_MINUTE: '60',
      WEB_HOST: '127.0.0.1',
      WEB_PORT: '8180',
      WEB_METRICS_HOST: '127.0.0.1',
      WEB_METRICS_PORT: '9503',
      WEB_INGRESS_HTTP_PORT: '180',
      WEB_INGRESS_HTTPS_PORT: '543',
      WEB_INGRESS_METRICS_PORT: '8504',
      WEB_AMTOOL: '/engine/usr/bin/amtool',
      WEB_INBOX_URL: 'http://127.0.0.1:8180',
      PROMETHEUS_URL: 'http://127.0.0.1:9190',
      ALERTMANAGER_URL: 'http://127.0.0.1:9193',
      COLLECTOR_URL: 'http://127.0.0.1:9501',
      DETECTOR_GPU_URL: 'http://127.0.0.1:9505',
      DETECTOR_CONTAINER_URL: 'http://127.0.0.1:9506',
      DETECTOR_PROCESS_URL: 'http://127.0.0.1:9507',
      DETECTOR_DISK_URL: 'http://127.0.0.1:9508',
      ODYSSEY_DATA: '/srv/data',
      NODE_COMPILE_CACHE: '/srv/data/cache/compile',
      NODE_ENV: 'production',
    });
    for (const { environment } of planProcesses(input)) {
      expect(Object.keys(environment)).not.toContain('AWS_SECRET_ACCESS_KEY');
      expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
    }
  });

  test('the engine’s socket is known to the broker alone, and nothing of the environment widens what it allows', () => {
    expect(plan('broker').environment).toEqual({
      PATH: '/bin',
      HOME: '/root',
      LOG_LEVEL: 'debug',
      ...frugal,
      BROKER_HOST: '127.0.0.1',
      BROKER_PORT: '9502',
      BROKER_PUBLISHED_PORTS: '180,543,8504',
      BROKER_BINDS: '/srv/data/haproxy:ro,/srv/data/run/haproxy:rw',
      DOCKER_HOST: 'unix:///tmp/d.sock',
      ODYSSEY_DATA: '/srv/data',
      NODE_COMPILE_CACHE: '/srv/data/cache/compile',
      NODE_ENV: 'production',
    });
    const knowing = planProcesses(input).filter((each) => JSON.stringify(each).includes('/tmp/d.sock'));
    expect(knowing.map(({ name }) => name)).toEqual(['broker']);
  });

  test.each([
    { broker: input.broker, after: 'broker', asks: 'unix:///srv/data/run/broker/read.sock' },
    { broker: leftOut, after: undefined, asks: 'unix:///dev/null' },
  ])('with a $broker.kind the collector comes after $after and asks $asks', ({ broker, after, asks }) => {
    const collector = plan('collector', { broker });
    expect(collector.after).toBe(after);
    expect(collector.environment['DOCKER_HOST']).toBe(asks);
  });

  test('the detectors come after the control plane, whose word on alerts they ask for at once', () => {
    expect(plan('detectors').after).toBe('control-plane');
  });

  test.each([
    { line: 'Set-up token (once, within a day): abc', shown: true },
    { line: 'Open http://127.0.0.1:8080/setup', shown: true },
    { line: '{"level":30,"msg":"Set-up token"}', shown: false },
  ])('of the control plane $line is shown: $shown', ({ line, shown }) => {
    expect(plan('control-plane').tells!.test(line)).toBe(shown);
  });

  test.each([
    { name: 'collector', main: 'collector/main.ts' },
    { name: 'detectors', main: 'detectors/main.ts' },
    { name: 'broker', main: 'web/broker/main.ts' },
    { name: 'control-plane', main: 'web/server/main.ts' },
  ])('$name is run from $main with a small heap', ({ name, main }) => {
    expect(plan(name).args).toEqual(expect.arrayContaining(['--optimize-for-size', '--max-semi-space-size=1']));
    expect(plan(name).args.at(-1)).toBe(`/opt/odyssey/${main}`);
  });

  test('Prometheus keeps 90 days within its cap, Alertmanager opens no gossip port and loses at most a minute of silences', () => {
    expect(plan('prometheus').args).toEqual(
      expect.arrayContaining([
        '--storage.tsdb.retention.time=90d',
        '--storage.tsdb.retention.size=5120MB',
        '--web.listen-address=127.0.0.1:9190',
      ]),
    );
    expect(plan('alertmanager')).toMatchObject({
      cwd: '/engine',
      args: expect.arrayContaining(['--cluster.listen-address=', '--data.maintenance-interval=1m']),
    });
  });
});

// What is started on one machine: each process with its command, its whole environment and the addresses at which it says that it is ready.
import { defaultPorts, type Ports } from '../ports.ts';
import type { BrokerPlace } from './broker-place.ts';
import { renderSize } from './retention.ts';

export interface ProcessPlan {
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  /** All that the process sees: nothing is inherited. */
  environment: Readonly<Record<string, string>>;
  ports: readonly number[];
  /** Each answers 200 once the process does its work. */
  readyUrls: readonly string[];
  /** Where a person looks at it. */
  address: string;
  /** The process that is to be ready before this one starts; should that take long, this one starts without it. */
  after?: string;
  /** Lines of its standard error that are shown to the person who starts us, and kept out of its log. */
  tells?: RegExp;
}

export interface PlanInput {
  root: string;
  dataDir: string;
  ports: Ports;
  node: string;
  /** Undefined where the program could not be had. */
  prometheus: { path: string; cwd: string } | undefined;
  alertmanager: { path: string; cwd: string } | undefined;
  retentionBytes: number;
  broker: BrokerPlace;
  /** The environment of the person who starts us: settings and a few basics are taken from it. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Small heaps: these processes hold little, and must fit beside what the machine is for. */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--optimize-for-size', '--max-semi-space-size=1'];

/**
 * glibc's allocator keeps one arena a thread and large blocks it has freed; the training worker frees many, and so does a first start,
 * which has no compiled code to read yet. Measured as PSS, with the allocator's defaults and with these: detectors at 504 series
 * 157 and 137 MB, broker at its first start 55 and 44 MB, control plane 66 and 53 MB.
 */
export const frugalMalloc = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** A model is one block of some 50 KB: mapped by itself, it neither lies between the training worker's leavings nor holds them. */
export const detectorsMalloc = { ...frugalMalloc, MALLOC_MMAP_THRESHOLD_: '16384' };

/** Ports of the host that the ingress may publish: web, TLS and its figures. */
const ingressPorts = [80, 443, 8404];

/** Ours always, Prometheus and Alertmanager where their programs are there, the broker where an engine is. */
export function planProcesses(input: PlanInput): ProcessPlan[] {
  const engines = [planPrometheus(input), planAlertmanager(input)];
  const plans = [...engines, planBroker(input), planCollector(input), planControlPlane(input), planDetectors(input)];
  return plans.filter((plan) => plan !== undefined);
}

/** Nothing of the person's environment widens what the broker lets through. */
function planBroker(input: PlanInput): ProcessPlan | undefined {
  const { broker, ports } = input;
  if (broker.kind === 'left-out') return undefined;
  const base = ports.broker - defaultPorts.broker;
  return {
    name: 'broker',
    command: input.node,
    cwd: input.root,
    args: [...nodeFlags, `${input.root}/web/broker/main.ts`],
    environment: {
      ...ours(input),
      ...frugalMalloc,
      BROKER_HOST: '127.0.0.1',
      BROKER_PORT: String(ports.broker),
      BROKER_PUBLISHED_PORTS: ingressPorts.map((port) => port + base).join(','),
      BROKER_BINDS: broker.binds,
      DOCKER_HOST: broker.dockerHost,
    },
    ports: [ports.broker],
    readyUrls: [`http://127.0.0.1:${ports.broker}/ready`],
    address: `http://127.0.0.1:${ports.broker}/metrics`,
  };
}

function planCollector(input: PlanInput): ProcessPlan {
  const port = input.ports.collector;
  return {
    name: 'collector',
    command: input.node,
    cwd: input.root,
    args: [...nodeFlags, `${input.root}/collector/main.ts`],
    environment: {
      ...ours(input, 'COLLECTOR_'),
      ...frugalMalloc,
      ...pick(input.environment, ['HOST_ROOT']),
      DOCKER_HOST: input.broker.kind === 'broker' ? input.broker.readHost : input.broker.collectorHost,
      COLLECTOR_HOST: '127.0.0.1',
      COLLECTOR_PORT: String(port),
    },
    ports: [port],
    readyUrls: [`http://127.0.0.1:${port}/ready`],
    address: `http://127.0.0.1:${port}/metrics`,
    ...(input.broker.kind === 'broker' && { after: 'broker' }),
  };
}

function planControlPlane(input: PlanInput): ProcessPlan {
  const { ports } = input;
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const [http, https, figures] = ingressPorts.map((port) => String(port + ports.broker - defaultPorts.broker));
  return {
    name: 'control-plane',
    command: input.node,
    cwd: input.root,
    args: [...nodeFlags, `${input.root}/web/server/main.ts`],
    environment: {
      ...ours(input, 'WEB_'),
      ...pick(input.environment, ['HAPROXY_IMAGE']),
      ...frugalMalloc,
      WEB_HOST: '127.0.0.1',
      WEB_PORT: String(ports.console),
      WEB_METRICS_HOST: '127.0.0.1',
      WEB_METRICS_PORT: String(ports['control plane']),
      WEB_INGRESS_HTTP_PORT: http!,
      WEB_INGRESS_HTTPS_PORT: https!,
      WEB_INGRESS_METRICS_PORT: figures!,
      PROMETHEUS_URL: at(ports.prometheus),
      ALERTMANAGER_URL: at(ports.alertmanager),
      WEB_INBOX_URL: at(ports.console),
      // It lies beside Alertmanager; where it does not, Alertmanager's own word is the check.
      ...(input.alertmanager && { WEB_AMTOOL: input.alertmanager.path.replace(/[^/]+$/, 'amtool') }),
      COLLECTOR_URL: at(ports.collector),
      DETECTOR_GPU_URL: at(ports['detectors gpu']),
      DETECTOR_CONTAINER_URL: at(ports['detectors container']),
      DETECTOR_PROCESS_URL: at(ports['detectors process']),
      DETECTOR_DISK_URL: at(ports['detectors disk']),
    },
    ports: [ports.console, ports['control plane']],
    // The first is the one page that anybody may ask for.
    readyUrls: [`${at(ports.console)}/api/v1/setup`, `${at(ports['control plane'])}/ready`],
    address: `${at(ports.console)}/`,
    tells: /^(Set-up token |Open http)/,
  };
}

function planDetectors(input: PlanInput): ProcessPlan {
  const { ports } = input;
  const listed = [
    ports['detectors gpu'],
    ports['detectors container'],
    ports['detectors process'],
    ports['detectors disk'],
  ];
  return {
    name: 'detectors',
    command: input.node,
    cwd: input.root,
    args: [...nodeFlags, `${input.root}/detectors/main.ts`],
    environment: {
      ...ours(input, 'DETECTOR_'),
      ...detectorsMalloc,
      DETECTOR_HOST: '127.0.0.1',
      DETECTOR_GPU_PORT: String(ports['detectors gpu']),
      DETECTOR_CONTAINER_PORT: String(ports['detectors container']),
      DETECTOR_PROCESS_PORT: String(ports['detectors process']),
      DETECTOR_DISK_PORT: String(ports['detectors disk']),
      PROMETHEUS_URL: `http://127.0.0.1:${ports.prometheus}`,
      CONTROL_PLANE_URL: `http://127.0.0.1:${ports.console}`,
    },
    ports: listed,
    readyUrls: listed.map((port) => `http://127.0.0.1:${port}/ready`),
    address: `http://127.0.0.1:${listed[0]}/health … :${listed.at(-1)}`,
    after: 'control-plane', // asked at once what people said about alerts, and then only every minute
  };
}

function planPrometheus(input: PlanInput): ProcessPlan | undefined {
  if (input.prometheus === undefined) return undefined;
  const port = input.ports.prometheus;
  return {
    name: 'prometheus',
    command: input.prometheus.path,
    cwd: input.prometheus.cwd,
    args: [
      `--config.file=${input.dataDir}/config/prometheus.yml`,
      `--storage.tsdb.path=${input.dataDir}/prometheus`,
      '--storage.tsdb.retention.time=90d',
      `--storage.tsdb.retention.size=${renderSize(input.retentionBytes)}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--query.max-concurrency=4',
      '--query.timeout=1m',
      '--log.format=json',
      '--log.level=warn',
    ],
    // A smaller heap for a little more work: the target machine has 4 GB.
    environment: { ...basics(input.environment), GOGC: '50', GOMEMLIMIT: '400MiB' },
    ports: [port],
    readyUrls: [`http://127.0.0.1:${port}/-/ready`],
    address: `http://127.0.0.1:${port}`,
  };
}

function planAlertmanager(input: PlanInput): ProcessPlan | undefined {
  if (input.alertmanager === undefined) return undefined;
  const port = input.ports.alertmanager;
  return {
    name: 'alertmanager',
    command: input.alertmanager.path,
    cwd: input.alertmanager.cwd,
    args: [
      `--config.file=${input.dataDir}/config/alertmanager.yml`,
      `--storage.path=${input.dataDir}/alertmanager`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=', // one of its kind: no gossip port
      '--data.maintenance-interval=1m', // what a kill may lose of silences and of what was told: a quarter of an hour by default
      '--log.format=json',
      '--log.level=warn',
    ],
    environment: { ...basics(input.environment), GOGC: '50', GOMEMLIMIT: '64MiB' },
    ports: [port],
    readyUrls: [`http://127.0.0.1:${port}/-/ready`],
    address: `http://127.0.0.1:${port}`,
  };
}

/** Addresses of the detectors are settings of the control plane, though they begin as the detectors' own do. */
const addresses = /^DETECTOR_[A-Z]+_URL$/;

/** What every process of ours is told, and the person's own settings for this one. */
function ours(input: PlanInput, prefix?: string): Record<string, string> {
  const own = (name: string) => prefix !== undefined && name.startsWith(prefix) && !addresses.test(name);
  const settings = Object.keys(input.environment).filter(own);
  return {
    ...basics(input.environment),
    ...pick(input.environment, ['LOG_LEVEL', ...settings]),
    ODYSSEY_DATA: input.dataDir,
    NODE_COMPILE_CACHE: `${input.dataDir}/cache/compile`,
    NODE_ENV: 'production',
  };
}

function basics(environment: PlanInput['environment']): Record<string, string> {
  return pick(environment, ['PATH', 'HOME', 'USER', 'LANG', 'TZ']);
}

function pick(environment: PlanInput['environment'], names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  return Object.fromEntries(found);
}

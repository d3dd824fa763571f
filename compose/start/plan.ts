// What is started on one machine: each process with its command, its whole environment and the addresses at which it says that it is ready.
import type { Ports } from '../ports.ts';

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
  /** The environment of the person who starts us: settings and a few basics are taken from it. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Small heaps: these processes hold little, and must fit beside what the machine is for. */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--optimize-for-size', '--max-semi-space-size=1'];

/**
 * glibc's allocator keeps one arena a thread and large blocks it has freed; the training worker frees many.
 * Measured at 504 series: 157 MB at most with its defaults for these thresholds, 137 MB with these.
 */
const frugalMalloc = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** Collector and detectors always, Prometheus and Alertmanager where their programs are there. */
export function planProcesses(input: PlanInput): ProcessPlan[] {
  const plans = [planPrometheus(input), planAlertmanager(input), planCollector(input), planDetectors(input)];
  return plans.filter((plan) => plan !== undefined);
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
      ...pick(input.environment, ['DOCKER_HOST', 'HOST_ROOT']),
      COLLECTOR_HOST: '127.0.0.1',
      COLLECTOR_PORT: String(port),
    },
    ports: [port],
    readyUrls: [`http://127.0.0.1:${port}/ready`],
    address: `http://127.0.0.1:${port}/metrics`,
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
      ...frugalMalloc,
      ...pick(input.environment, ['CONTROL_PLANE_URL']),
      DETECTOR_HOST: '127.0.0.1',
      DETECTOR_GPU_PORT: String(ports['detectors gpu']),
      DETECTOR_CONTAINER_PORT: String(ports['detectors container']),
      DETECTOR_PROCESS_PORT: String(ports['detectors process']),
      DETECTOR_DISK_PORT: String(ports['detectors disk']),
      PROMETHEUS_URL: `http://127.0.0.1:${ports.prometheus}`,
    },
    ports: listed,
    readyUrls: listed.map((port) => `http://127.0.0.1:${port}/ready`),
    address: `http://127.0.0.1:${listed[0]}/health … :${listed.at(-1)}`,
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
      `--storage.tsdb.retention.size=${Math.floor(input.retentionBytes / 2 ** 20)}MB`,
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
      '--log.format=json',
      '--log.level=warn',
    ],
    environment: { ...basics(input.environment), GOGC: '50', GOMEMLIMIT: '64MiB' },
    ports: [port],
    readyUrls: [`http://127.0.0.1:${port}/-/ready`],
    address: `http://127.0.0.1:${port}`,
  };
}

/** What every process of ours is told, and the person's own settings for this one. */
function ours(input: PlanInput, prefix: string): Record<string, string> {
  const settings = Object.keys(input.environment).filter((name) => name.startsWith(prefix));
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

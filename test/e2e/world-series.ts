// What the machine with an incident measures and what its detectors make of it, as series over time: any moment can be asked for.
import { gibibyte, gpu, instance, isHostile, lastingName, type Member, node, type Scene } from './world-scene.ts';

export interface Series {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** A counter's value is its rise each second. */
  kind: 'gauge' | 'counter';
  /** Undefined where nothing was measured. */
  at(seconds: number): number | undefined;
}
type Values = Series['at'];

/** A number between 0 and 1 that is always the same for the same place. */
export function noise(place: number): number {
  const value = Math.sin(place * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

function seedOf(name: string): number {
  return [...lastingName(name).slice(0, 200)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 997;
}

/** Around 1: slow swings, and a flicker that is one line at every step. */
function wave(seed: number, at: number, depth = 1): number {
  const place = Math.floor(at / 15);
  const part = at / 15 - place;
  const flicker = (1 - part) * noise(place + seed) + part * noise(place + 1 + seed);
  return 1 + depth * (0.06 * Math.sin(at / 900 + seed) + 0.04 * Math.sin(at / 190 + 3 * seed) + 0.12 * (flicker - 0.5));
}

const grownSeconds = 1_440;
const grownBytes = 0.7 * gibibyte;
/** The collector was away, and the GPU's driver did not answer: minutes before the incident began, from and to. */
const gaps = { 'worker-1': [-600, -200], gpu: [-1_100, -920] } as const;

function isGap(what: keyof typeof gaps, at: number, { began }: Scene): boolean {
  const [from, to] = gaps[what];
  return at - began > from && at - began < to;
}

export function memoryOf(one: Member, at: number, { began }: Scene): number {
  const grown = Math.min(1, Math.max(0, (at - began) / grownSeconds));
  return one.memory * wave(seedOf(one.name), at, 0.1) + (one.leak ?? 0) * grownBytes * grown;
}

/** One that is kept warm does next to nothing. */
export function cpuOf({ cpu, until = Number.POSITIVE_INFINITY }: Member, at: number): number {
  return at > until ? 0.02 * cpu : cpu;
}

/** Undefined where it was not judged. Minutes of an ordinary hour score anything, and hardly ever much. */
export function scoreOf(one: Member, at: number, scene: Scene): number | undefined {
  const name = lastingName(one.name);
  const since = at - scene.began;
  if (isHostile(one) || (one.since !== undefined && at < one.since + 120)) return undefined;
  if (name === 'worker-1' && isGap('worker-1', at, scene)) return undefined;
  if (name === 'search' && since > -1_200 && since < -700) return 99.2;
  const ordinary = 100 * noise(Math.floor(at / 60) + seedOf(name)) ** 2 * 0.93;
  if (one.leak === undefined || since <= 0) return ordinary;
  const rarity = Math.min(3.602, 0.4 + since / 150) * one.leak;
  return Math.max(ordinary * (1 - one.leak), 100 * (1 - 10 ** -rarity));
}

export function isRaised(score: number | undefined): boolean {
  return (score ?? 0) > 99;
}

/** What is usual of a container's memory at this hour. */
export function bandOf(one: Member, at: number): { low: number; high: number } {
  const swing = 1 + 0.015 * Math.sin(at / 1_800);
  if (one.leak !== undefined) return { low: 1.1 * gibibyte * swing, high: 1.3 * gibibyte * swing };
  return { low: 0.9 * one.memory * swing, high: 1.1 * one.memory * swing };
}

/** Everything there is to measure, the same for the same scene. */
export function seriesOf(scene: Scene): Series[] {
  return [
    ...scene.containers.flatMap((one) => containerSeries(one, scene)),
    ...nodeSeries(scene),
    ...gpuSeries(scene),
    ...applianceSeries(scene),
    ...ingressSeries(scene),
  ];
}

/** What the parts of the appliance cost: bytes and cores. */
const jobs = [
  ...[
    ['node', 58e6, 0.006],
    ['detectors', 137e6, 0.021],
    ['control-plane', 104e6, 0.012],
  ],
  ...[
    ['broker', 46e6, 0.001],
    ['prometheus', 212e6, 0.034],
    ['alertmanager', 31e6, 0.001],
  ],
] as const;

function applianceSeries({ troubles }: Scene): Series[] {
  const fixed = (name: string, job: string, kind: Series['kind'], value: number): Series => ({
    ...{ name, kind, labels: { instance, job }, at: () => value },
  });
  return [
    // Several ports of one process have one name, as they have on a real machine.
    fixed('up', 'detectors', 'gauge', 1),
    ...jobs.flatMap(([job, bytes, cores]) => [
      fixed('up', job, 'gauge', job === 'broker' && troubles ? 0 : 1),
      fixed('process_resident_memory_bytes', job, 'gauge', bytes),
      fixed('process_cpu_seconds_total', job, 'counter', cores),
    ]),
  ];
}

function containerSeries(one: Member, scene: Scene): Series[] {
  const seed = seedOf(one.name);
  const labels = {
    ...{ instance, name: one.name },
    ...(one.environment && { container_label_odyssey_environment: one.environment }),
    ...(one.deployment && { container_label_odyssey_deployment: one.deployment }),
    ...(one.revision && { container_label_odyssey_revision: one.revision }),
  };
  const measured =
    (value: (at: number) => number): Values =>
    (at) => {
      if (one.since !== undefined && at < one.since) return undefined;
      if (one.ended === true && at > (one.until ?? 0)) return undefined;
      return one.name === 'worker-1' && isGap('worker-1', at, scene) ? undefined : value(at);
    };
  const counter = (name: string, value: (at: number) => number): Series => ({
    ...{ name, labels, kind: 'counter', at: measured(value) },
  });
  const traffic = 8_000 + 240_000 * one.cpu;
  return [
    counter('container_cpu_usage_seconds_total', (at) => cpuOf(one, at) * wave(seed, at, 1.6)),
    ...(one.name === 'mailer' && scene.troubles
      ? []
      : [
          {
            ...{ name: 'container_memory_working_set_bytes', labels, kind: 'gauge' as const },
            at: measured((at) => memoryOf(one, at, scene)),
          },
        ]),
    counter('container_network_receive_bytes_total', (at) => traffic * wave(seed + 1, at, 2)),
    counter('container_network_transmit_bytes_total', (at) => 2.3 * traffic * wave(seed + 2, at, 2)),
    {
      ...{ name: 'container_start_time_seconds', labels, kind: 'gauge' },
      at: measured(() => one.since ?? scene.began - 864_000),
    },
    ...(one.ended === true ? [] : judged(one, scene)),
  ];
}

/** What the container detector says of it. */
function judged(one: Member, scene: Scene): Series[] {
  const entity = {
    ...{ instance, name: lastingName(one.name) },
    ...(one.deployment && { deployment: one.deployment }),
    ...(one.revision && { revision: one.revision }),
  };
  const score: Values = (at) => scoreOf(one, at, scene);
  const known =
    (value: (at: number) => number | undefined): Values =>
    (at) =>
      score(at) === undefined ? undefined : value(at);
  const of = (metric: string, values: Readonly<Record<string, Values>>): Series[] =>
    Object.entries(values).map(([name, at]) => ({
      ...{ name, kind: 'gauge', labels: { ...entity, detector: 'container', metric }, at: known(at) },
    }));
  const drove = (feature: string, share: number): Series => ({
    ...{ name: 'anomaly_feature_contribution', kind: 'gauge' },
    labels: { ...entity, detector: 'container', metric: 'memory', feature },
    at: (at) => (one.leak !== undefined && isRaised(score(at)) ? share * wave(share * 100, at, 0.5) : undefined),
  });
  return [
    ...of('memory', {
      anomaly_score: score,
      anomaly_observed: (at) => memoryOf(one, at, scene),
      anomaly_expected_low: (at) => bandOf(one, at).low,
      anomaly_expected_high: (at) => bandOf(one, at).high,
      anomaly_alert: (at) => Number(isRaised(score(at))),
    }),
    ...of('cpu', {
      anomaly_score: (at) => (score(at) ?? 0) * 0.8,
      anomaly_observed: (at) => cpuOf(one, at) * wave(seedOf(one.name), at, 1.6),
      anomaly_expected_low: () => one.cpu * 0.78,
      anomaly_expected_high: () => one.cpu * 1.22,
      anomaly_alert: () => 0,
    }),
    ...[drove('growth', 0.71), drove('level', 0.22), drove('spread', 0.07)],
  ];
}

const edges = [0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;

/** What was asked of each revision that answers requests, and how fast it did: what leaks answers more slowly. */
function ingressSeries(scene: Scene): Series[] {
  const revisions = Map.groupBy(
    scene.containers.filter(({ deployment, answers }) => deployment !== undefined && answers),
    ({ deployment, revision }) => `${deployment} ${revision}`,
  );
  return [...revisions.values()].flatMap((members) => {
    const one = members[0]!;
    const { environment = '', deployment = '', revision = '', since = 0, until = Infinity } = one;
    const labels = { environment, deployment, revision };
    const grown = (at: number) => ((one.leak ?? 0) * (memoryOf(one, at, scene) - one.memory)) / grownBytes;
    const rate = (at: number) => 46 * one.cpu * members.length * wave(seedOf(deployment), at, 1.4);
    const within = (edge: number) => (at: number) => rate(at) * (1 - Math.exp(-edge / (0.06 + 0.09 * grown(at))));
    const counter = (name: string, value: (at: number) => number, more = {}): Series => ({
      ...{ name, kind: 'counter', labels: { ...labels, ...more } },
      at: (at) => (at < since || at > until ? undefined : value(at)),
    });
    return [
      counter('ingress_requests_total', rate),
      counter('ingress_errors_total', (at) => rate(at) * (0.001 + 0.011 * Math.max(0, grown(at)))),
      ...edges.map((edge) => counter('ingress_request_duration_seconds_bucket', within(edge), { le: String(edge) })),
      counter('ingress_request_duration_seconds_bucket', rate, { le: '+Inf' }),
    ];
  });
}

function nodeSeries(scene: Scene): Series[] {
  const grown = (at: number) =>
    scene.containers.reduce(
      (sum, one) => sum + (one.leak === undefined ? 0 : memoryOf(one, at, scene) - one.memory),
      0,
    );
  const fixed = (name: string, labels: object, value: (at: number) => number): Series => ({
    ...{ name, kind: 'gauge', labels: { instance, ...labels }, at: value },
  });
  const root = { device: '/dev/nvme0n1p2', fstype: 'ext4', mountpoint: '/' };
  return [
    {
      ...{ name: 'node_cpu_seconds_total', kind: 'counter', labels: { instance, cpu: '0', mode: 'idle' } },
      at: (at) => 1 - 0.47 * wave(7, at),
    },
    fixed('node_memory_MemTotal_bytes', {}, () => node.memoryBytes),
    fixed('node_memory_MemAvailable_bytes', {}, (at) => node.memoryBytes * (1 - 0.68 * wave(8, at, 0.1)) - grown(at)),
    fixed('node_filesystem_size_bytes', root, () => node.diskBytes),
    fixed('node_filesystem_avail_bytes', root, (at) => node.diskBytes * (0.17 - (at - scene.began) / 4e6)),
    fixed('node_load1', {}, (at) => 3.8 * wave(9, at)),
  ];
}

/** A model answers requests on the GPU, sometimes a batch of them. */
function gpuUse(at: number): number {
  const batch = Math.sin(at / 420) > -0.2 ? 0.93 : 0.38;
  return Math.min(1, batch * wave(11, at, 0.4));
}

/** Heat follows the work of some minutes. */
function gpuHeat(at: number): number {
  return 38 + 35 * [0, 30, 60, 90, 120].reduce((sum, ago) => sum + gpuUse(at - ago) / 5, 0);
}

/** What the GPU is judged by; nothing about it is unusual. */
export const gpuReadings = (
  [
    ['utilization', 'ratio', 'nvidia_smi_utilization_gpu_ratio', gpuUse, 0.3, 1],
    ['temperature', 'celsius', 'nvidia_smi_temperature_gpu', gpuHeat, 48, 76],
    ['power', 'watts', 'nvidia_smi_power_draw_watts', (at: number) => 60 + 330 * gpuUse(at), 160, 405],
  ] as const
).map(([metric, unit, name, value, low, high]) => ({
  ...{ metric, unit, name, value, low, high },
  score: (at: number) => 90 * noise(Math.floor(at / 60) + low) ** 2,
}));

function gpuSeries(scene: Scene): Series[] {
  const { uuid } = gpu;
  return gpuReadings.flatMap(({ metric, name, value, low, high, score }) => {
    const labels = { instance, uuid, detector: 'gpu', metric };
    const of = (called: string, value: Values, more: Series['labels'] = labels): Series => ({
      ...{ name: called, kind: 'gauge', labels: more },
      at: (at) => (isGap('gpu', at, scene) ? undefined : value(at)),
    });
    return [
      of(name, value, { instance, uuid }),
      ...[of('anomaly_score', score), of('anomaly_observed', value)],
      ...[of('anomaly_expected_low', () => low), of('anomaly_expected_high', () => high)],
    ];
  });
}

// A machine with an incident under way, as the processes beside the control plane would tell it: for looking at pages, and for tests in a browser.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DetectorHealth, SeriesHealth } from '../../core/contracts/health.ts';
import { expressions } from '../../web/server/watch/overview.ts';
import { answerProcesses } from './world-processes.ts';

export interface World {
  url: string;
  close(): void;
}

const instance = 'orion';
const gibibyte = 1_073_741_824;
/** One that means no good: markup, a change of direction, escapes, and far too long. */
const hostileName = `<img src=x onerror=alert(1)>\u202egnp.exe\u001b[31m${'x'.repeat(65_536)}`;

const containers = [
  ...[
    ['shop-api', 0.82, 1.9 * gibibyte],
    ['shop-web', 0.12, 0.21 * gibibyte],
    ['postgres', 0.31, 2.4 * gibibyte],
  ],
  ...[
    ['redis', 0.03, 0.08 * gibibyte],
    ['worker-1', 0.4, 0.6 * gibibyte],
    ['worker-2', 0.38, 0.61 * gibibyte],
  ],
  ...[
    ['mailer', 0.01, 0.09 * gibibyte],
    ['search', 0.55, 3.1 * gibibyte],
    ['queue', 0.09, 0.3 * gibibyte],
  ],
  ...[
    ['metrics-gateway', 0.02, 0.05 * gibibyte],
    ['inference', 1.7, 7.9 * gibibyte],
    [hostileName, 0.001, 4_096],
  ],
] as const;

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

const gpu = { instance, uuid: 'GPU-8d2c9f1e-52a7-4b19-9d3e-6f0b1f0a2c11' };
type Row = [labels: Record<string, string>, value: number];

function rowsOf(expression: string): Row[] {
  const of = (values: readonly (readonly [string, number, number])[], at: 1 | 2, label: string): Row[] =>
    values.map((one) => [{ ...(label === 'name' ? { instance } : {}), [label]: one[0] }, one[at]]);
  switch (expression) {
    case expressions.up:
      return [
        [{ job: 'detectors', instance }, 1], // several ports of one process have one name, as they have on a real machine
        ...jobs.map(([job]): Row => [{ job, instance }, job === 'broker' ? 0 : 1]),
      ];
    case expressions.cpu:
      return [[{ instance }, 0.47]];
    case expressions.memory:
      return [[{ instance }, 0.71]];
    case expressions.disk:
      return [[{ instance }, 0.83]];
    case expressions.load:
      return [[{ instance }, 3.2]];
    case expressions.containerCpu:
      return of(containers, 1, 'name');
    case expressions.containerMemory:
      return of(
        containers.filter(([name]) => name !== 'mailer'),
        2,
        'name',
      );
    case expressions.gpuUse:
      return [[gpu, 0.93]];
    case expressions.gpuTemperature:
      return [[gpu, 71]];
    case expressions.gpuPower:
      return [[gpu, 288]];
    case expressions.billMemory:
      return of(jobs, 1, 'job');
    case expressions.billCpu:
      return of(jobs, 2, 'job');
    default:
      return [];
  }
}

function firing(now: number): object[] {
  const since = (minutes: number) => new Date((now - 60 * minutes) * 1_000).toISOString();
  return [
    {
      labels: { alertname: 'ContainerMemoryUnusual', severity: 'warning', instance, name: 'shop-api' },
      annotations: {
        summary: 'Memory of shop-api is unusual: 1 in 4,000',
        description: 'It holds 1.9 GiB, usually 1.1 to 1.3 GiB at this hour.',
      },
      ...{ state: 'firing', activeAt: since(21) },
    },
    {
      labels: { alertname: 'TargetDown', severity: 'critical', job: 'broker', instance: '127.0.0.1:9406' },
      annotations: {
        summary: 'broker on 127.0.0.1:9406 does not answer',
        description: 'Prometheus could not scrape it for a minute: what it measures is unknown.',
      },
      ...{ state: 'firing', activeAt: since(4) },
    },
  ];
}

/** A number between 0 and 1 that is always the same for the same place. */
function noise(place: number): number {
  const value = Math.sin(place * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

const incidentSeconds = 1_500;

function scoreAt(name: string, at: number, now: number): number | undefined {
  const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const calm = 100 * noise(Math.floor(at / 60) + seed) ** 2 * 0.93;
  const since = at - (now - incidentSeconds);
  if (name === 'shop-api' && since > 0) return Math.min(99.99, 97 + since / 480);
  if (name === 'search' && since > -1_200 && since < -700) return 99.2;
  if (name === 'worker-1' && since > -600 && since < -200) return undefined;
  return calm;
}

function seriesOf(name: string, place: number, now: number): SeriesHealth[] {
  const score = name === hostileName ? null : (scoreAt(name, now, now) ?? null);
  const bad = name === 'shop-api';
  const made = (metric: string, unit: string, value: number, more: Partial<SeriesHealth>): SeriesHealth => ({
    ...{ metric, unit, value, mode: 'model', reason: null, warmingSecondsLeft: null, score, rarity: null },
    ...{
      expectedLow: value * 0.8,
      expectedHigh: value * 1.15,
      contributions: [],
      alert: { raised: false, sinceSeconds: null },
    },
    ...{ lastSampleSeconds: now - 9, lastEvaluationSeconds: now - 4, evaluationDurationSeconds: 0.002, model: null },
    ...more,
  });
  const [, cpu, memory] = containers[place]!;
  if (name === hostileName)
    return [
      made('memory', 'bytes', memory, {
        mode: 'statistical',
        reason: 'learning',
        warmingSecondsLeft: 5_400,
        score: null,
      }),
    ];
  return [
    made('cpu', 's/s', cpu, { score: score === null ? null : score * 0.8 }),
    made('memory', 'bytes', memory, {
      ...(bad && {
        ...{ rarity: '1 in 4,000', expectedLow: 1.1 * gibibyte, expectedHigh: 1.3 * gibibyte },
        alert: { raised: true, sinceSeconds: now - 1_260 },
        contributions: [{ feature: 'growth', share: 0.71, words: 'Memory growth: 71 % of the score' }],
      }),
    }),
  ];
}

function healthOf(detector: DetectorHealth['detector'], now: number): DetectorHealth {
  const entities =
    detector === 'container'
      ? containers.map(([name], place) => ({
          labels: { instance, name: name.slice(0, 200) },
          series: seriesOf(name, place, now),
        }))
      : [];
  return {
    ...{ detector, atSeconds: now, tickSeconds: 15, rowSeconds: 60, ready: true, errorsTotal: 0, refusedModels: [] },
    prometheus: { answering: detector !== 'disk', lastAnswerSeconds: now - 5, lastError: null, lastErrorSeconds: null },
    ...{ overflow: { entities: 0, series: 0 }, training: { waiting: 0, lastOutcome: null }, entities },
  };
}

function rangeOf(query: URLSearchParams): { metric: Record<string, string>; values: [number, string][] }[] {
  const expression = query.get('query') ?? '';
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name))) as [
    number,
    number,
    number,
  ];
  const name = /[{,]name="([^"]*)"/.exec(expression)?.[1] ?? '';
  const now = Date.now() / 1000;
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
  const metric = /^(\w+)/.exec(expression)?.[1] ?? '';
  const values = times.flatMap((at): [number, string][] => {
    const score = scoreAt(name, at, now);
    if (metric === 'anomaly_score') return score === undefined ? [] : [[at, String(score)]];
    if (metric === 'anomaly_observed') return [[at, String((score ?? 0) > 99 ? 1.9 * gibibyte : 1.2 * gibibyte)]];
    if (metric === 'anomaly_expected_low') return [[at, String(1.1 * gibibyte * (1 + 0.03 * Math.sin(at / 900)))]];
    if (metric === 'anomaly_expected_high') return [[at, String(1.3 * gibibyte * (1 + 0.03 * Math.sin(at / 900)))]];
    if (metric === 'anomaly_alert') return [[at, score !== undefined && score > 99 ? '1' : '0']];
    return [];
  });
  return values.length === 0 ? [] : [{ metric: { __name__: metric }, values }];
}

function answer(request: IncomingMessage): unknown {
  const { pathname, searchParams } = new URL(request.url!, 'http://world');
  const now = Date.now() / 1000;
  const detector = /^\/(gpu|container|process|disk)\/health$/.exec(pathname)?.[1] as
    | DetectorHealth['detector']
    | undefined;
  if (detector === 'process') return undefined; // one that does not answer
  if (detector !== undefined) return healthOf(detector, now);
  if (pathname === '/api/v1/query') {
    const result = rowsOf(searchParams.get('query') ?? '').map(([metric, value]) => ({
      metric,
      value: [now, String(value)],
    }));
    return { status: 'success', data: { resultType: 'vector', result } };
  }
  if (pathname === '/api/v1/query_range')
    return { status: 'success', data: { resultType: 'matrix', result: rangeOf(searchParams) } };
  if (pathname === '/v1/live')
    return {
      ...{ instance, takenAtSeconds: now, network: [], disks: [] },
      gpus: [
        {
          ...{ uuid: gpu.uuid, index: 0, name: 'NVIDIA H100 80GB HBM3', utilizationRatio: 0.9 + 0.08 * noise(now) },
          ...{ memoryUsedBytes: 61 * gibibyte, memoryTotalBytes: 80 * gibibyte, temperatureCelsius: 71 },
          ...{ powerWatts: 288, ageSeconds: 3 },
        },
      ],
      node: {
        cpuRatio: 0.4 + 0.1 * noise(Math.floor(now)),
        memoryTotalBytes: 16 * gibibyte,
        memoryUsedBytes: 11 * gibibyte,
      },
      containers: containers.map(([name, cpu, memory]) => ({
        ...{ id: name.slice(0, 20), name, cpuCores: cpu * (0.9 + 0.2 * noise(now)), workingSetBytes: memory },
      })),
    };
  if (pathname === '/api/v1/alerts') return { status: 'success', data: { alerts: firing(now) } };
  if (pathname === '/api/v2/silences' || pathname === '/api/v2/alerts') return [];
  return answerProcesses(pathname, instance, now);
}

export async function openWorld(): Promise<World> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const said = answer(request);
    response.statusCode = said === undefined ? 503 : 200;
    response.end(JSON.stringify(said ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return { url, close: () => void server.close() };
}

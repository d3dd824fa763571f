// A machine with an incident under way, as the processes beside the control plane would tell it: for looking at pages, and for tests in a browser.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DetectorHealth } from '../../core/contracts/health.ts';
import type { LiveValues } from '../../core/contracts/live.ts';
import { entityLabels, healthOf, raisedAt, sayRarity } from './world-health.ts';
import { answerProcesses } from './world-processes.ts';
import { prepare } from './world-query.ts';
import { gpu, instance, makeScene, node, present, type Scene } from './world-scene.ts';
import { cpuOf, gpuReadings, memoryOf, noise, type Series, scoreOf, seriesOf } from './world-series.ts';

export interface World {
  url: string;
  /** From now on this is on the machine, and nothing else; a Prometheus that has its history answers instead of this one. */
  play(scene: Scene, prometheus?: string): void;
  close(): void;
}

interface Played {
  scene: Scene;
  series: readonly Series[];
  /** Address of one that has the scene's history. */
  prometheus: string | undefined;
}

function sayTime(seconds: number): string {
  return new Date(1_000 * seconds).toISOString();
}

/** Alerts as Prometheus tells them. */
function firing(now: number, scene: Scene): object[] {
  const alert = (since: number, labels: object, summary: string, description: string) => ({
    ...{ labels, annotations: { summary, description }, state: 'firing', activeAt: sayTime(since) },
  });
  const strange = scene.containers.flatMap((one) => {
    const since = raisedAt(one, scene);
    if (since === null) return [];
    const labels: Record<string, string> = { ...entityLabels(one), severity: 'warning' };
    if (!scene.troubles) {
      const judged = { alertname: 'Anomaly', ...labels, subject: 'anomaly', detector: 'container', metric: 'memory' };
      const summary = `The container detector finds memory strange on ${instance}`;
      return [alert(since, judged, summary, 'Its model says that ordinary rows hardly ever score so high.')];
    }
    const summary = `Memory of ${labels['name']} is unusual: ${sayRarity(scoreOf(one, now, scene) ?? 0)}`;
    const description = 'It holds 1.9 GiB, usually 1.1 to 1.3 GiB at this hour.';
    return [alert(since, { alertname: 'ContainerMemoryUnusual', ...labels }, summary, description)];
  });
  const found = `On ${instance} something looks like an attack: 1 of its processes`;
  const threat = { alertname: 'ThreatFound', severity: 'critical', subject: 'threat', instance, tier: 'critical' };
  const down = { alertname: 'TargetDown', severity: 'critical', job: 'broker', instance: '127.0.0.1:9406' };
  const silence = 'Prometheus could not scrape it for a minute: what it measures is unknown.';
  return scene.troubles
    ? [...strange, alert(now - 240, down, 'broker on 127.0.0.1:9406 does not answer', silence)]
    : [...strange, alert(scene.began + 120, threat, found, 'Nobody administers a machine this way.')];
}

/** The values of this second. */
function live(now: number, scene: Scene): LiveValues {
  const [use, heat, power] = gpuReadings.map(({ value }) => value(now)) as [number, number, number];
  return {
    ...{ instance, takenAtSeconds: now, network: [], disks: [] },
    node: {
      cpuRatio: 0.4 + 0.1 * noise(Math.floor(now)),
      ...{ memoryTotalBytes: node.memoryBytes, memoryUsedBytes: 0.71 * node.memoryBytes },
    },
    containers: present(scene).map((one, place) => ({
      ...{ id: one.id, name: one.name, cpuCores: cpuOf(one, now) * (0.9 + 0.2 * noise(now + place)) },
      workingSetBytes: memoryOf(one, now, scene),
    })),
    gpus: [
      {
        ...{ uuid: gpu.uuid, index: 0, name: gpu.name, utilizationRatio: use, temperatureCelsius: heat },
        ...{ memoryUsedBytes: 0.87 * gpu.memoryBytes, memoryTotalBytes: gpu.memoryBytes, powerWatts: power },
        ageSeconds: 3,
      },
    ],
  };
}

function answerQuery(query: URLSearchParams, series: readonly Series[], now: number): object {
  const told = prepare(query.get('query') ?? '', series);
  const result = told(now).map(({ labels, value }) => ({ metric: labels, value: [now, String(value)] }));
  return { resultType: 'vector', result };
}

function answerRange(query: URLSearchParams, series: readonly Series[]): object {
  const told = prepare(query.get('query') ?? '', series);
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name))) as [
    number,
    number,
    number,
  ];
  const found = new Map<string, { metric: object; values: [number, string][] }>();
  for (let at = start; at <= end; at += step) {
    for (const { labels, value } of told(at)) {
      const key = JSON.stringify(labels);
      const one = found.get(key) ?? { metric: labels, values: [] };
      found.set(key, one);
      one.values.push([at, String(value)]);
    }
  }
  return { resultType: 'matrix', result: [...found.values()] };
}

function answer(request: IncomingMessage, { scene, series }: Played): unknown {
  const { pathname, searchParams } = new URL(request.url!, 'http://world');
  const now = Date.now() / 1000;
  const detector = /^\/(gpu|container|process|disk)\/health$/.exec(pathname)?.[1];
  if (detector !== undefined) return healthOf(detector as DetectorHealth['detector'], now, scene);
  const data = (value: object) => ({ status: 'success', data: value });
  if (pathname === '/api/v1/query') return data(answerQuery(searchParams, series, now));
  if (pathname === '/api/v1/query_range') return data(answerRange(searchParams, series));
  if (pathname === '/api/v1/alerts') return data({ alerts: firing(now, scene) });
  if (pathname === '/v1/live') return live(now, scene);
  if (pathname === '/api/v2/silences' || pathname === '/api/v2/alerts') return [];
  return answerProcesses(pathname, instance, now);
}

async function relay(url: string, response: ServerResponse): Promise<void> {
  try {
    const told = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    response.statusCode = told.status;
    response.end(await told.text());
  } catch {
    response.statusCode = 502;
    response.end();
  }
}

export async function openWorld(scene: Scene = makeScene(Date.now() / 1000)): Promise<World> {
  const playing = (next: Scene, prometheus?: string): Played => ({ scene: next, series: seriesOf(next), prometheus });
  let played = playing(scene);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { prometheus } = played;
    if (prometheus !== undefined && request.url!.startsWith('/api/v1/query'))
      return void relay(prometheus + request.url, response);
    const said = answer(request, played);
    response.statusCode = said === undefined ? 503 : 200;
    response.end(JSON.stringify(said ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url,
    play(next, prometheus) {
      played = playing(next, prometheus);
    },
    close: () => void server.close(),
  };
}

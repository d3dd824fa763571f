// The health matrix: what there is, in five groups, each thing with the worst that is known of it.
import type { z } from 'zod';
import type { overview, reading } from '../../../core/contracts/api-watch.ts';
import { type Meaning, meaningOfSeverity, worst } from './meaning.ts';

export type Overview = z.infer<typeof overview>;
type Reading = z.infer<typeof reading>;
type Alerts = readonly { severity: string; name: string; labels: Readonly<Record<string, string>> }[];

interface Tile {
  id: string;
  name: string;
  meaning: Meaning;
  /** Why it means that. */
  words: string;
  href?: string;
}

export interface HealthGroup {
  title: string;
  tiles: readonly Tile[];
  /** Why the group could not be read; then there are no tiles. */
  unknown: string | undefined;
}

export function healthOf(data: Overview): HealthGroup[] {
  const alerts: Alerts = data.alerts.state === 'known' ? data.alerts.items : [];
  const unusual = new Set(
    data.anomalies.items
      .filter(({ alert }) => alert?.raised === true)
      .map(({ labels }) => labels['name'] ?? labels['uuid'] ?? ''),
  );
  const judge = (id: string, name: string, label: string, readings: readonly Reading[]): Tile =>
    judgeThing({
      id,
      name,
      alerts: alerts.filter(({ labels }) => labels[label] === name),
      unusual: unusual.has(name),
      readings,
    });
  return [
    group('Machines', data.nodes, ({ instance, cpuRatio, memoryRatio, diskRatio }) => {
      const own = alerts.filter(
        ({ labels }) => labels['instance'] === instance && labels['name'] === undefined && labels['uuid'] === undefined,
      );
      return judgeThing({
        id: instance,
        name: instance,
        alerts: own,
        unusual: false,
        readings: [cpuRatio, memoryRatio, diskRatio],
      });
    }),
    group('Containers', data.containers, ({ instance, name, cpuCores, memoryBytes }) =>
      judge(`${instance}/${name}`, name, 'name', [cpuCores, memoryBytes]),
    ),
    group('GPUs', data.gpus, ({ uuid, utilizationRatio, temperatureCelsius }) =>
      judge(uuid, uuid, 'uuid', [utilizationRatio, temperatureCelsius]),
    ),
    { title: 'Detectors', unknown: undefined, tiles: data.anomalies.detectors.map(tileOfDetector) },
    group('Scrape targets', data.targets, ({ job, instance, up }) => ({
      ...{ id: `${job}/${instance}`, name: `${job} ${instance}` },
      ...{ meaning: up ? ('ok' as const) : ('critical' as const), words: up ? 'answers' : 'does not answer' },
    })),
  ];
}

function group<Item>(
  title: string,
  section: { state: 'known'; items: Item[] } | { state: 'unknown'; reason: string },
  tile: (item: Item) => Tile,
): HealthGroup {
  if (section.state === 'unknown') return { title, tiles: [], unknown: section.reason };
  return { title, tiles: section.items.map(tile), unknown: undefined };
}

function judgeThing({
  id,
  name,
  alerts,
  unusual,
  readings,
}: {
  id: string;
  name: string;
  alerts: Alerts;
  unusual: boolean;
  readings: readonly Reading[];
}): Tile {
  const silent = readings.find((one) => one.state === 'unknown');
  const meanings: Meaning[] = [
    ...alerts.map(({ severity }) => meaningOfSeverity(severity)),
    ...(unusual ? ['notice' as const] : []),
    silent === undefined ? 'ok' : 'unknown',
  ];
  const words = [
    ...alerts.map((alert) => alert.name),
    ...(unusual ? ['unusual'] : []),
    ...(silent?.state === 'unknown' ? [`unknown: ${silent.reason}`] : []),
  ];
  return { id, name, meaning: worst(meanings), words: words.join(', ') || 'ordinary' };
}

function tileOfDetector(detector: Overview['anomalies']['detectors'][number]): Tile {
  const base = { id: detector.detector, name: detector.detector };
  if (detector.state === 'unknown') return { ...base, meaning: 'unknown', words: detector.reason };
  if (!detector.prometheusAnswering) return { ...base, meaning: 'warning', words: 'gets no history from Prometheus' };
  if (!detector.ready) return { ...base, meaning: 'notice', words: 'not ready yet' };
  const learning = detector.warming > 0 ? `, ${detector.warming} still learning` : '';
  return { ...base, meaning: 'ok', words: `${detector.series} series${learning}` };
}

/** "41, 2 unusual, 1 unknown": what stands beside the title of a group. */
export function sayGroup({ tiles, unknown }: HealthGroup): string {
  if (unknown !== undefined) return 'unknown';
  const count = (meanings: readonly Meaning[]) => tiles.filter(({ meaning }) => meanings.includes(meaning)).length;
  const parts = [
    [count(['critical', 'warning']), 'in trouble'],
    [count(['notice']), 'to look at'],
    [count(['unknown']), 'unknown'],
  ] as const;
  return [String(tiles.length), ...parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`)].join(', ');
}

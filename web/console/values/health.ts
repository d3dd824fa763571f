// The health matrix: what there is, in five groups, each thing with the worst that is known of it.
import type { z } from 'zod';
import type { overview, reading } from '../../../core/contracts/api-watch.ts';
import { alertHref } from './alert-words.ts';
import { type Anomaly, anomalyHref } from './anomaly-words.ts';
import { isTaskOf } from './engine-names.ts';
import { type Meaning, meaningOfSeverity, worst } from './meaning.ts';

export type Overview = z.infer<typeof overview>;
type Reading = z.infer<typeof reading>;
type Alert = Extract<Overview['alerts'], { state: 'known' }>['items'][number];
type Alerts = readonly (Alert & { silenced: boolean })[];

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
  /** What is said where it was read and holds nothing. */
  none?: string | undefined;
}

/** Containers are seen through an engine alone: without one nobody knows whether any runs. */
const noneSeen: Readonly<Record<string, string>> = {
  Containers: 'None seen: none runs, or no Docker engine is asked.',
};

/** An alert that `isSilenced` goes on being a notice: somebody knows of it, and it is not over. */
export function healthOf(data: Overview, isSilenced: (alert: Alert) => boolean = () => false): HealthGroup[] {
  const firing = data.alerts.state === 'known' ? data.alerts.items : [];
  const alerts: Alerts = firing.map((alert) => ({ ...alert, silenced: isSilenced(alert) }));
  const unheard = data.alerts.state === 'unknown' ? [`alerts unknown: ${data.alerts.reason}`] : [];
  return [
    group('Machines', data.nodes, ({ instance, cpuRatio, memoryRatio, diskRatio }) => {
      const own = alerts.filter(
        ({ labels }) => labels['instance'] === instance && labels['name'] === undefined && labels['uuid'] === undefined,
      );
      const unknown = [...unheard, ...silenceOf([cpuRatio, memoryRatio, diskRatio])];
      // No detector judges a machine as a whole: nothing is said of how usual it is.
      return judgeThing({
        ...{ id: instance, name: instance, alerts: own, unusual: undefined, unknown, calm: 'no alert fires' },
        href: '/nodes',
      });
    }),
    group('Containers', data.containers, ({ instance, name, cpuCores, memoryBytes }) => {
      const fits = (labels: Labels) =>
        (labels['instance'] ?? instance) === instance && isTaskOf(name, labels['name'] ?? '');
      const verdict = verdictOf(data.anomalies, 'container', fits);
      const unknown = [...unheard, ...silenceOf([cpuCores, memoryBytes]), ...verdict.unknown];
      const own = alerts.filter(({ labels }) => fits(labels));
      const { unusual } = verdict;
      return judgeThing({
        ...{ id: `${instance}/${name}`, name, alerts: own, unusual, unknown, calm: 'ordinary' },
        href: `/containers?${new URLSearchParams({ 't.q': name })}`,
      });
    }),
    group('GPUs', data.gpus, ({ uuid, utilizationRatio, temperatureCelsius }) => {
      const fits = (labels: Labels) => labels['uuid'] === uuid;
      const verdict = verdictOf(data.anomalies, 'gpu', fits);
      const unknown = [...unheard, ...silenceOf([utilizationRatio, temperatureCelsius]), ...verdict.unknown];
      const own = alerts.filter(({ labels }) => fits(labels));
      return judgeThing({
        ...{ id: uuid, name: uuid, alerts: own, unusual: verdict.unusual, unknown, calm: 'ordinary' },
        href: '/gpus',
      });
    }),
    { title: 'Detectors', unknown: undefined, tiles: data.anomalies.detectors.map(tileOfDetector) },
    group('Scrape targets', data.targets, ({ job, instance, up }) => ({
      ...{ id: `${job}/${instance}`, name: `${job} ${instance}` },
      ...{ meaning: up ? ('ok' as const) : ('critical' as const), words: up ? 'answers' : 'does not answer' },
    })),
  ];
}

type Labels = Readonly<Record<string, string>>;

function silenceOf(readings: readonly Reading[]): string[] {
  const silent = readings.find((one) => one.state === 'unknown');
  return silent?.state === 'unknown' ? [`unknown: ${silent.reason}`] : [];
}

/** What a detector says of one thing: whether an alert is raised, and why nobody knows how usual it is where nobody does. */
function verdictOf(
  { items, detectors, omitted }: Overview['anomalies'],
  detector: Anomaly['detector'],
  fits: (labels: Labels) => boolean,
): { unusual: Anomaly | undefined; unknown: string[] } {
  const own = items.filter((one) => one.detector === detector && fits(one.labels));
  const unusual = own.find(({ alert }) => alert?.raised === true);
  const beyond =
    own.length === 0 && omitted > 0 ? `beyond the ${items.length} most unusual that are listed` : undefined;
  const why = beyond ?? unjudgedOf(detectors, detector, own);
  return { unusual, unknown: why === undefined ? [] : [`not judged: ${why}`] };
}

/** Why nobody has judged these series; undefined where at least one has a score. A detector's silence is no verdict. */
export function unjudgedOf(
  detectors: Overview['anomalies']['detectors'],
  detector: Anomaly['detector'],
  own: readonly Anomaly[],
): string | undefined {
  if (own.some(({ score }) => score !== null)) return undefined;
  const watcher = detectors.find((one) => one.detector === detector);
  if (watcher === undefined) return `the ${detector} detector does not answer`;
  if (watcher.state === 'unknown') return `the ${detector} detector: ${watcher.reason}`;
  if (!watcher.prometheusAnswering) return `the ${detector} detector gets no history from Prometheus`;
  if (own.some(({ warmingSecondsLeft }) => warmingSecondsLeft !== null)) return 'still learning';
  return own.find(({ reason }) => reason !== null)?.reason ?? 'no verdict yet';
}

function group<Item>(
  title: string,
  section: { state: 'known'; items: Item[] } | { state: 'unknown'; reason: string },
  tile: (item: Item) => Tile,
): HealthGroup {
  if (section.state === 'unknown') return { title, tiles: [], unknown: section.reason };
  return { title, tiles: section.items.map(tile), unknown: undefined, none: noneSeen[title] };
}

function judgeThing({
  alerts,
  unusual,
  unknown,
  calm,
  href,
  ...thing
}: {
  id: string;
  name: string;
  alerts: Alerts;
  unusual: Anomaly | undefined;
  /** What is not known of it; ordinary is said only where there is nothing. */
  unknown: readonly string[];
  calm: string;
  /** Where it stands while nothing more telling is known of it. */
  href: string;
}): Tile {
  const meanings: Meaning[] = [
    ...alerts.map(meaningOfAlert),
    ...(unusual === undefined ? [] : ['notice' as const]),
    unknown.length === 0 ? 'ok' : 'unknown',
  ];
  const words = [
    ...alerts.map(({ name, silenced }) => (silenced ? `${name} (silenced)` : name)),
    ...(unusual === undefined ? [] : ['unusual']),
    ...unknown,
  ];
  const [gravest] = alerts.toSorted((a, b) => weigh(b) - weigh(a));
  const telling = gravest === undefined ? unusual && anomalyHref(unusual) : alertHref(gravest);
  return { ...thing, meaning: worst(meanings), words: words.join(', ') || calm, href: telling ?? href };
}

function meaningOfAlert({ severity, silenced }: Alerts[number]): Meaning {
  return silenced ? 'notice' : meaningOfSeverity(severity);
}

function weigh(alert: Alerts[number]): number {
  return ['unknown', 'notice', 'warning', 'critical'].indexOf(meaningOfAlert(alert));
}

function tileOfDetector(detector: Overview['anomalies']['detectors'][number]): Tile {
  const base = {
    ...{ id: detector.detector, name: detector.detector },
    href: `/anomalies?${new URLSearchParams({ 't.q': detector.detector })}`,
  };
  if (detector.state === 'unknown') return { ...base, meaning: 'unknown', words: detector.reason };
  if (!detector.prometheusAnswering) return { ...base, meaning: 'warning', words: 'gets no history from Prometheus' };
  if (!detector.ready) return { ...base, meaning: 'notice', words: 'not ready yet' };
  const learning = detector.warming > 0 ? `, ${detector.warming} still learning` : '';
  return { ...base, meaning: 'ok', words: `${detector.series} series${learning}` };
}

/** Those that somebody should look at, gravest first: a mark alone has no name where nothing hovers. */
export function troubledOf({ tiles }: HealthGroup): readonly Tile[] {
  return (['critical', 'warning', 'notice'] as const).flatMap((wanted) =>
    tiles.filter(({ meaning }) => meaning === wanted),
  );
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
  const said = parts.filter(([n]) => n > 0);
  const whole = said.length === 1 && said[0]![0] === tiles.length ? [] : [String(tiles.length)];
  return [...whole, ...said.map(([n, words]) => `${n} ${words}`)].join(', ');
}

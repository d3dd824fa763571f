// The four maps that decide which revision answers: their text, what HAProxy says of them, and the commands from one to the other.
import { type MapName, mapNames, mapPath } from './configuration.ts';
import type { IngressRoute, Pointing } from './port.ts';

export type MapTexts = Readonly<Record<MapName, ReadonlyMap<string, string>>>;

export function mapsOf(routes: readonly IngressRoute[]): MapTexts {
  const canaries = routes.flatMap(({ deployment, canary }) =>
    canary === undefined ? [] : [{ deployment, ...canary }],
  );
  return {
    hosts: new Map(routes.flatMap(({ hosts, deployment }) => hosts.map((host) => [host, deployment] as const))),
    stable: new Map(routes.flatMap(({ deployment, stable }) => (stable === undefined ? [] : [[deployment, stable]]))),
    canary: new Map(canaries.map(({ deployment, revision }) => [deployment, revision])),
    weights: new Map(canaries.map(({ deployment, share }) => [deployment, String(share)])),
  };
}

/** One `key value` a line, in the order of the keys: the same map is the same file. */
export function renderMap(entries: ReadonlyMap<string, string>): string {
  return [...entries]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
}

/** The file as `renderMap` writes it; lines that are none of ours are left out, as HAProxy would read them as keys. */
export function parseMap(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([a-z0-9.-]+) ([a-z0-9-]+)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) entries.set(key, value);
  }
  return entries;
}

/** What `show map` answers: the address of the entry in memory, the key and the value. Undefined: it is no such answer. */
export function parseShownMap(text: string): Map<string, string> | undefined {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, key, value] = /^0x[0-9a-f]+ (\S+) (\S+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return undefined;
    entries.set(key, value);
  }
  return entries;
}

/** `set map` changes a key that is there, `add map` would double it. */
function commandOf(map: MapName, key: string, from: string | undefined, to: string | undefined): string | undefined {
  if (from === to) return undefined;
  if (to === undefined) return `del map ${mapPath(map)} ${key}`;
  return `${from === undefined ? 'add' : 'set'} map ${mapPath(map)} ${key} ${to}`;
}

export function changeOf(map: MapName, from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): string[] {
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  return keys.map((key) => commandOf(map, key, from.get(key), to.get(key))).filter((command) => command !== undefined);
}

/**
 * From one set of maps to the other in an order in which no request misses: hosts that go before what they lead to, a share that
 * sinks before the canary goes, a canary before its share rises, hosts that come last.
 */
export function changesOf(from: MapTexts, to: MapTexts): string[] {
  const hosts = changeOf('hosts', from.hosts, to.hosts);
  const leaving = (command: string) => command.startsWith('del ');
  const weights = changeOf('weights', from.weights, to.weights);
  const sinking = weights.filter((command) => {
    const key = command.split(' ')[3]!;
    return Number(to.weights.get(key) ?? 0) < Number(from.weights.get(key) ?? 0);
  });
  return [
    ...hosts.filter(leaving),
    ...sinking,
    ...changeOf('stable', from.stable, to.stable),
    ...changeOf('canary', from.canary, to.canary),
    ...weights.filter((command) => !sinking.includes(command)),
    ...hosts.filter((command) => !leaving(command)),
  ];
}

export function pointingOf(maps: MapTexts, deployment: string): Pointing {
  return {
    deployment,
    stable: maps.stable.get(deployment),
    canary: maps.canary.get(deployment),
    share: Number(maps.weights.get(deployment) ?? 0),
  };
}

/** Of every deployment that any map names. */
export function pointingsOf(maps: MapTexts): Pointing[] {
  const names = new Set([...maps.stable.keys(), ...maps.canary.keys(), ...maps.weights.keys(), ...maps.hosts.values()]);
  return [...names].sort().map((deployment) => pointingOf(maps, deployment));
}

export function sameMaps(left: MapTexts, right: MapTexts): boolean {
  return mapNames.every((map) => changeOf(map, left[map], right[map]).length === 0);
}

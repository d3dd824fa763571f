// The picture of docs/STYLE.md as one table: which file is in which room, and which rooms it may look into.

export type Room = 'contracts' | 'lib' | 'runtime' | 'pure' | 'edge' | 'main' | 'test' | 'starter';

/** The first pattern that fits a path names its room. */
const rooms: readonly { pattern: RegExp; room: Room }[] = [
  { pattern: /^core\/contracts\//, room: 'contracts' },
  { pattern: /^core\/lib\//, room: 'lib' },
  { pattern: /^core\/runtime\//, room: 'runtime' },
  { pattern: /^(test|vitest\.config)/, room: 'test' },
  { pattern: /^compose\/start\.mjs$/, room: 'starter' },
  { pattern: /(^|\/)main\.ts$/, room: 'main' },
];

/** Files that touch the outside: sockets, files, processes, clocks. Everything else in an app is pure. */
export const edges: readonly RegExp[] = [
  /(^|\/)config\.ts$/,
  /(^|\/)routes\.ts$/,
  /^collector\/(docker-api|machine|mounts|program-hash|resolver|token)\.ts$/,
  /^detectors\/(store|process\/exception-file|training\/pool|training\/worker)\.ts$/,
  /^compose\/place\.ts$/,
  /^compose\/check\//,
  /^compose\/doctor\/(docker|gather|gather-ports|examine)\.ts$/,
  /^compose\/engine\/(engines|run|unpack)\.ts$/,
  /^compose\/start\/(console|disk|leftovers|lock-file|log-file|prepare|ready|supervisor|tokens)\.ts$/,
  /^web\/console\/(build\/(bundle|freshness)|edges\/[a-z-]+|pages\/index)\.ts$/,
  /^web\/broker\/(broker|deadline|engine|relay|serve|sockets)\.ts$/,
  /^web\/server\/(alerting|judging|notifications\/(config-file|open))\.ts$/,
  /^web\/server\/ingress\/(files|open|receiver|sockets)\.ts$/,
  /^web\/server\/(engine\/broker-engine|orchestration|resources|deployments\/(open|compose-file\/text)|registries\/seal|control-plane|crypto|db|listen|http\/(app|console-files|send|serve)|tls\/certificate|migrations\/index|people\/common-passwords|sessions\/(access-token|password)|tokens\/store|watch\/runbook-files|data-files|live\/hub|lock|grafana\/(open|proxy|relay|store)|outbound\/(post|registry)|process-tokens|backup\/backup|audit\/(anchors|log|open|store|keys))\.ts$/,
];

/** What a room may import, by room; packages and `node:` are named apart. Type-only imports are free: they are gone at run time. */
export const mayImport: Readonly<
  Record<Room, { rooms: readonly Room[]; node: boolean; packages: boolean | readonly string[] }>
> = {
  contracts: { rooms: ['contracts'], node: false, packages: ['zod'] },
  lib: { rooms: ['lib', 'contracts'], node: false, packages: [] },
  pure: { rooms: ['pure', 'lib', 'contracts'], node: false, packages: ['zod'] },
  runtime: { rooms: ['runtime', 'lib', 'contracts'], node: true, packages: true },
  edge: { rooms: ['edge', 'pure', 'runtime', 'lib', 'contracts'], node: true, packages: true },
  main: { rooms: ['main', 'edge', 'pure', 'runtime', 'lib', 'contracts'], node: true, packages: true },
  starter: { rooms: [], node: true, packages: false },
  test: {
    rooms: ['main', 'edge', 'pure', 'runtime', 'lib', 'contracts', 'test', 'starter'],
    node: true,
    packages: true,
  },
};

/** The apps never import each other: they meet in Prometheus and over HTTP. */
const apps = ['collector', 'detectors', 'web/server', 'web/broker', 'web/console', 'compose', 'grafana'] as const;

export function roomOf(path: string): Room {
  const named = rooms.find(({ pattern }) => pattern.test(path));
  if (named) return named.room;
  return edges.some((pattern) => pattern.test(path)) ? 'edge' : 'pure';
}

export function appOf(path: string): string | undefined {
  return apps.find((app) => path.startsWith(`${app}/`));
}

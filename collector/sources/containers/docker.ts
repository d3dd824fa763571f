// What the Docker API says of containers, taken out of its answers with care: fields come and go between engine versions.

/** A row of GET /containers/json. */
export interface Listed {
  id: string;
  name: string;
  image: string;
  labels: Readonly<Record<string, string>>;
  /** Undefined where it is not told. */
  state: string | undefined;
  /** As the status text tells it; undefined where it tells none, as while paused. */
  health: Health | undefined;
  networkMode: string | undefined;
}

export type Health = 'healthy' | 'starting' | 'unhealthy' | 'none';

/** The parts of GET /containers/{id}/json that are used; undefined is "not told". */
export interface Inspected {
  /** Undefined while it is not running, as between two restarts. */
  pid: number | undefined;
  /** The image as it was asked for; the list shows an id instead once the tag has moved on. */
  image: string | undefined;
  startedAtSeconds: number | undefined;
  restartCount: number | undefined;
  /** `none` where it has no health check. */
  health: Health | undefined;
  cgroupParent: string | undefined;
  privileged: boolean | undefined;
  hostMounts: readonly string[];
}

/** Rows of the list; a row that cannot be understood is left out, an answer that is no list throws. */
export function parseList(answer: unknown): Listed[] {
  if (!Array.isArray(answer)) throw new Error('the engine answered with something other than a list of containers');
  return answer.map(parseRow).filter((row) => row !== undefined);
}

function parseRow(row: unknown): Listed | undefined {
  const fields = asRecord(row);
  const id = asText(fields['Id']);
  if (id === undefined || !/^[0-9a-f]{64}$/.test(id)) return undefined;
  const names = Array.isArray(fields['Names']) ? fields['Names'].filter((name) => typeof name === 'string') : [];
  // Legacy links add names such as /web/alias; the container's own has one slash.
  const own = names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0];
  return {
    id,
    name: own?.replace(/^\//, '') || id.slice(0, 12),
    image: asText(fields['Image']) || asText(fields['ImageID']) || 'unknown',
    labels: asTexts(fields['Labels']),
    state: asText(fields['State']),
    health: healthInStatus(asText(fields['Status']) ?? ''),
    networkMode: asText(asRecord(fields['HostConfig'])['NetworkMode']),
  };
}

/** "Up 3 minutes (healthy)", "(unhealthy)", "(health: starting)". */
function healthInStatus(status: string): Health | undefined {
  return asHealth(/\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1]);
}

/** The facts of one container; throws where the answer is no container at all. */
export function parseInspect(answer: unknown): Inspected {
  const fields = asRecord(answer);
  if (asText(fields['Id']) === undefined) throw new Error('the engine answered with something other than a container');
  const [state, host, config] = [asRecord(fields['State']), asRecord(fields['HostConfig']), asRecord(fields['Config'])];
  const pid = asNumber(state['Pid']);
  const startedAt = Date.parse(asText(state['StartedAt']) ?? '') / 1000;
  const privileged = host['Privileged'];
  return {
    pid: pid !== undefined && Number.isInteger(pid) && pid > 0 ? pid : undefined,
    image: asText(config['Image']) || undefined,
    startedAtSeconds: startedAt > 0 ? startedAt : undefined, // year 1 is the engine's "never"
    restartCount: asNumber(fields['RestartCount']),
    health: healthOf(fields['State']),
    cgroupParent: asText(host['CgroupParent']) || undefined,
    privileged: typeof privileged === 'boolean' ? privileged : undefined,
    hostMounts: hostMountsOf(fields['Mounts']),
  };
}

function hostMountsOf(mounts: unknown): string[] {
  if (!Array.isArray(mounts)) return [];
  return mounts
    .map(asRecord)
    .filter((mount) => mount['Type'] === 'bind')
    .map((mount) => asText(mount['Source']))
    .filter((source) => source !== undefined)
    .slice(0, 256);
}

/** The engine leaves Health out where there is no health check; a word that it did not use before is not known. */
function healthOf(state: unknown): Health | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const health = asRecord(state)['Health'];
  return health === undefined || health === null ? 'none' : asHealth(asText(asRecord(health)['Status']));
}

const healths: readonly Health[] = ['healthy', 'starting', 'unhealthy', 'none'];

function asHealth(status: string | undefined): Health | undefined {
  return healths.find((health) => health === status);
}

/** The engine's own version, of GET /version. */
export function parseVersion(answer: unknown): string | undefined {
  return asText(asRecord(answer)['Version']);
}

/** No engine on this machine, as opposed to one that does not answer: nothing listens where it should. */
export function isAbsent(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | undefined)?.cause].map((it) => asText(asRecord(it)['code']));
  return codes.some((code) => code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function asTexts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asRecord(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

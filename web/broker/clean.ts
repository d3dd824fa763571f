// What leaves the broker: environment values, command lines and health-check output are taken out of every answer.

type Value = unknown;
type Fields = Readonly<Record<string, Value>>;

/** `true` keeps a value with all below it; an object keeps the named fields, `*` any field; a function rewrites. Nothing else is kept. */
export type Shape = true | ((value: Value) => Value) | { readonly [field: string]: Shape } | readonly [Shape];

/** Keeps what the shape names. A field that a later engine adds is left out until somebody has looked at it. */
export function project(value: Value, shape: Shape): Value {
  if (shape === true) return value;
  if (typeof shape === 'function') return shape(value);
  if (value === null || typeof value !== 'object') return undefined;
  if (isItems(shape)) return Array.isArray(value) ? value.map((item) => project(item, shape[0])) : undefined;
  if (Array.isArray(value)) return undefined;
  const kept: Record<string, Value> = {};
  for (const [field, below] of Object.entries(value as Fields)) {
    const inner = Object.hasOwn(shape, field) ? shape[field] : shape['*'];
    if (inner === undefined || field === '__proto__') continue;
    const projected = below === null ? null : project(below, inner);
    if (projected !== undefined) kept[field] = projected;
  }
  return kept;
}

function isItems(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** `PATH=/bin` becomes `PATH`: without its `=` the validators refuse it, so a stripped answer cannot be sent back as a specification. */
export function envNames(value: Value): Value {
  if (!Array.isArray(value)) return [];
  return value.filter((entry) => typeof entry === 'string').map((entry) => entry.split('=', 1)[0]);
}

const health: Shape = { Status: true, FailingStreak: true };
const mounts: Shape = [{ Type: true, Name: true, Source: true, Destination: true, Driver: true, RW: true }];
const networks: Shape = {
  '*': { NetworkID: true, EndpointID: true, IPAddress: true, GlobalIPv6Address: true, MacAddress: true },
};

/** One container of the list, for a reader that measures. */
export const listedContainer: Shape = {
  Id: true,
  Names: true,
  Image: true,
  ImageID: true,
  Created: true,
  Labels: true,
  State: true,
  Status: true,
  Health: health,
  Ports: true,
  HostConfig: { NetworkMode: true },
  NetworkSettings: { Networks: networks },
  Mounts: mounts,
};

/** One container in full, for a reader that measures: identity, state and limits, no command and no value of its environment. */
export const inspectedContainer: Shape = {
  Id: true,
  Name: true,
  Created: true,
  Image: true,
  Platform: true,
  Driver: true,
  RestartCount: true,
  State: {
    Status: true,
    Running: true,
    Paused: true,
    Restarting: true,
    OOMKilled: true,
    Dead: true,
    Pid: true,
    ExitCode: true,
    StartedAt: true,
    FinishedAt: true,
    Health: health,
  },
  Config: { Hostname: true, User: true, Image: true, Labels: true, Env: envNames },
  HostConfig: {
    NetworkMode: true,
    PidMode: true,
    Privileged: true,
    RestartPolicy: true,
    CgroupParent: true,
    Runtime: true,
    Memory: true,
    MemoryReservation: true,
    MemorySwap: true,
    NanoCpus: true,
    CpuShares: true,
    CpuPeriod: true,
    CpuQuota: true,
    CpusetCpus: true,
    PidsLimit: true,
    OomKillDisable: true,
  },
  GraphDriver: true,
  Mounts: mounts,
  NetworkSettings: { SandboxKey: true, Networks: networks },
};

/** Answers of the control plane's socket keep their form; values of environments, health-check output, secrets' data and the swarm's keys are taken out at any depth. */
export function strip(value: Value): Value {
  if (Array.isArray(value)) return value.map(strip);
  if (value === null || typeof value !== 'object') return value;
  const kept: Record<string, Value> = {};
  for (const [field, below] of Object.entries(value as Fields)) {
    if (field === '__proto__' || hidden.test(field)) continue;
    if (/^(labels|attributes)$/i.test(field))
      kept[field] = below; // names chosen by people: one may well be called `env`
    else if (/^env(ironment)?$/i.test(field)) kept[field] = envNames(below);
    else if (field === 'Health') kept[field] = project(below, health);
    else kept[field] = strip(below);
  }
  return kept;
}

const outputLengthMax = 4_096;
/** Shorter values, such as `1` or `on`, are no secrets, and without them no output could be read. */
const valueLengthMin = 4;

/**
 * One container for the control plane: also what its last health checks printed, which is the only word on why a replica is not taken
 * for healthy. The values of its environment are taken out of that as well; the collector's socket never gives it.
 */
export function inspectedForControl(value: Value): Value {
  const kept = strip(value) as { State?: { Health?: Fields } } | null;
  const told = value as { Config?: { Env?: Value }; State?: { Health?: { Log?: Value } } } | null;
  const log = told?.State?.Health?.Log;
  if (!kept?.State?.Health || !Array.isArray(log)) return kept;
  const Output = (text: Value) => withoutValues(String(text), told?.Config?.Env).slice(0, outputLengthMax);
  const Log = project(log, [{ Start: true, End: true, ExitCode: true, Output }]);
  kept.State.Health = { ...kept.State.Health, Log };
  return kept;
}

function withoutValues(text: string, environment: Value): string {
  const entries = Array.isArray(environment) ? environment.filter((entry) => typeof entry === 'string') : [];
  const values = entries
    .map((entry) => entry.slice(entry.indexOf('=') + 1))
    .filter((one) => one.length >= valueLengthMin);
  // The longest first: one may be a part of another.
  values.sort((a, b) => b.length - a.length);
  return values.reduce((rest, one) => rest.replaceAll(one, '[redacted]'), text);
}

/** The two tokens that machines join the swarm with, and nothing else of it: the answer of one row, which is called for that alone. */
export function joinTokens(value: Value): Value {
  return project(value, { JoinTokens: { Worker: true, Manager: true } });
}

/** Sizes of volumes, and how many containers hold each. */
export function volumeSizes(value: Value): Value {
  return project(value, { Volumes: [{ Name: true, UsageData: { Size: true, RefCount: true } }] });
}

/**
 * Proxies carry credentials; `Data` is a secret's or a config's content. With a join token a foreign machine becomes a manager of the
 * swarm, which is root on each of its nodes; the other two open its certificate authority and its state.
 */
const hidden = /^(https?proxy|noproxy|ftpproxy|data|jointokens?|signingcakey|unlockkey)$/i;

/** Events of commands run in a container name the command line after a colon; what is left says that it happened. */
export function cleanEvent(value: Value): Value {
  const event = strip(value);
  if (event === null || typeof event !== 'object') return event;
  const kept: Record<string, Value> = { ...event };
  for (const field of ['Action', 'status']) {
    const text = kept[field];
    if (typeof text === 'string' && /^exec_/.test(text)) kept[field] = text.split(':', 1)[0];
  }
  return kept;
}

// The list of running containers, kept fresh in the background from the engine's API, so that a scrape never waits for the engine.
import { gauge, type Labels, sample } from '../../../core/contracts/sample.ts';
import type { Machine, Source } from '../../source.ts';
import { containerIds, findGroup, parseProcessCgroup } from './cgroup-path.ts';
import { type Health, type Inspected, isAbsent, type Listed, parseInspect, parseList, parseVersion } from './docker.ts';
import { exportedContainerLabels, type Identity, identityOf } from './identity.ts';

/** One running container, as far as the engine and the kernel told. */
export interface Container {
  id: string;
  name: string;
  image: string;
  identity: Identity;
  /** Base labels of all its series; undefined until its control group was found once. */
  labels: Labels | undefined;
  group: string | undefined;
  listedLabels: Readonly<Record<string, string>>;
  networkMode: string | undefined;
  inspected: Inspected | undefined;
  inspectedAt: number;
  health: Health | undefined;
  /** The engine's word at the last inspection; another word asks for a new one. */
  state: string | undefined;
  failures: number;
  /** Not inspected again before this moment: an inspection that failed or hung must not hold up the others. */
  quarantinedUntil: number;
}

export interface Engine {
  source: Source;
  /** Running containers by id; empty once the list is two intervals old. */
  containers(machine: Machine): ReadonlyMap<string, Container>;
  /** undefined where there is no engine; false where there is one that does not answer. */
  isUp(machine: Machine): boolean | undefined;
  version(): string | undefined;
  /** The container that a process runs in; undefined on the host itself and for containers of other engines. */
  containerOf(machine: Machine, pid: number): Container | undefined;
}

const intervalSeconds = 10;
const listTimeoutSeconds = 3;
const inspectTimeoutSeconds = 2;
const inspectionsInFlightMax = 8;
/** Inspections stop after this; the rest come with the next pass. */
const passSecondsMax = 6;
/** What only an inspection tells (restart count, health) is asked for again this often. */
const inspectEverySeconds = 60;
const quarantineSecondsMax = 600;
/** Control groups searched for in one pass, when they are not where they are expected. */
const searchesMax = 4;

interface State {
  containers: Map<string, Container>;
  /** When the list was last had; undefined before the first time and where there is no engine. */
  listedAt: number | undefined;
  version: string | undefined;
  /** Counts passes, so that one that was given up on cannot write over its successor. */
  pass: number;
}

/** The engine's list as a source of its own: its failures are its own, and numbers go on from the last list. */
export function createEngine(): Engine {
  const state: State = { containers: new Map(), listedAt: undefined, version: undefined, pass: 0 };
  const isFresh = (machine: Machine) =>
    state.listedAt !== undefined && machine.monotonicSeconds() - state.listedAt <= 2 * intervalSeconds;
  const containers = (machine: Machine) => (isFresh(machine) ? state.containers : new Map<string, Container>());
  return {
    source: {
      name: 'docker',
      intervalSeconds,
      deadlineSeconds: intervalSeconds,
      metrics: [
        gauge('container_engine_containers', 'Running containers that the engine lists.'),
        gauge(
          'container_engine_quarantined',
          'Containers whose inspection failed or hung; they are asked again later.',
        ),
      ],
      read: (machine) => refresh(state, machine),
    },
    containers,
    isUp: (machine) => (state.listedAt === undefined ? undefined : isFresh(machine)),
    version: () => state.version,
    containerOf: (machine, pid) => {
      const text = machine.readTextIfThere(`/proc/${pid}/cgroup`);
      const path = text === undefined ? undefined : parseProcessCgroup(text);
      const id = containerIds(path ?? '').find((candidate) => state.containers.has(candidate));
      return id === undefined ? undefined : containers(machine).get(id);
    },
  };
}

async function refresh(state: State, machine: Machine) {
  const pass = ++state.pass;
  let listed: Listed[];
  try {
    listed = parseList(await machine.dockerGet('/containers/json', listTimeoutSeconds));
  } catch (error) {
    if (state.listedAt === undefined && isAbsent(error)) return []; // a machine without an engine is no failure
    throw error;
  }
  if (pass !== state.pass) return [];
  state.containers = merge(state.containers, listed);
  state.listedAt = machine.monotonicSeconds();
  await inspectDue(state, machine, listed, pass);
  if (pass !== state.pass) return [];
  const lost = [...state.containers.values()].filter((container) => container.labels === undefined);
  for (const [index, container] of lost.entries()) locate(machine, container, index < searchesMax);
  state.version ??= await machine.dockerGet('/version', inspectTimeoutSeconds).then(parseVersion, () => undefined);
  const now = machine.monotonicSeconds();
  const quarantined = [...state.containers.values()].filter(({ quarantinedUntil }) => quarantinedUntil > now);
  return [
    sample('container_engine_containers', state.containers.size),
    sample('container_engine_quarantined', quarantined.length),
  ];
}

/** What is known of those that are listed; what is no longer listed is forgotten. */
function merge(known: ReadonlyMap<string, Container>, listed: readonly Listed[]): Map<string, Container> {
  return new Map(
    listed.map((row) => {
      const before = known.get(row.id);
      const identity = identityOf(row);
      if (before === undefined) return [row.id, newContainer(row, identity)];
      if (before.name !== row.name) {
        before.name = row.name; // renamed: the one change of labels that a person asked for
        before.identity = identity;
        if (before.labels) before.labels = { ...before.labels, name: row.name };
      }
      before.health = row.health ?? before.inspected?.health;
      return [row.id, before];
    }),
  );
}

function newContainer(row: Listed, identity: Identity): Container {
  return {
    id: row.id,
    name: row.name,
    image: row.image,
    identity,
    labels: undefined,
    group: undefined,
    listedLabels: row.labels,
    networkMode: row.networkMode,
    inspected: undefined,
    inspectedAt: Number.NEGATIVE_INFINITY,
    health: row.health,
    state: undefined,
    failures: 0,
    quarantinedUntil: Number.NEGATIVE_INFINITY,
  };
}

/** Inspects those that are new, changed or due, the longest waiting first, a few at a time and for a bounded time. */
async function inspectDue(state: State, machine: Machine, listed: readonly Listed[], pass: number): Promise<void> {
  const startedAt = machine.monotonicSeconds();
  const due = listed
    .map((row) => ({ row, container: state.containers.get(row.id)! }))
    .filter(({ row, container }) => isDue(machine, row, container, startedAt))
    .sort((a, b) => a.container.inspectedAt - b.container.inspectedAt);
  let next = 0;
  const worker = async () => {
    while (next < due.length && pass === state.pass && machine.monotonicSeconds() - startedAt < passSecondsMax) {
      const { row, container } = due[next++]!;
      await inspect(machine, row, container);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inspectionsInFlightMax, due.length) }, worker));
}

function isDue(machine: Machine, row: Listed, container: Container, now: number): boolean {
  if (container.quarantinedUntil > now) return false;
  if (container.inspected === undefined || container.state !== row.state) return true;
  if (now - container.inspectedAt >= inspectEverySeconds) return true;
  if (row.health !== undefined && row.health !== container.inspected.health) return true;
  return container.inspected.pid !== undefined && runningPid(machine, container) === undefined; // restarted since
}

/** The pid of the container's first process, as long as it is still that process: the kernel hands pids out again. */
export function runningPid(machine: Machine, { id, inspected }: Container): number | undefined {
  const pid = inspected?.pid;
  return pid !== undefined && machine.readTextIfThere(`/proc/${pid}/cgroup`)?.includes(id) ? pid : undefined;
}

async function inspect(machine: Machine, row: Listed, container: Container): Promise<void> {
  try {
    const answer = await machine.dockerGet(`/containers/${row.id}/json`, inspectTimeoutSeconds);
    const first = container.inspected === undefined && container.labels === undefined;
    container.inspected = parseInspect(answer);
    if (first) container.image = container.inspected.image ?? container.image;
    container.health = row.health ?? container.inspected.health;
    container.state = row.state;
    container.failures = 0;
  } catch {
    // Counted in container_engine_quarantined; what the list tells of it stays in use.
    container.failures++;
    const wait = Math.min(quarantineSecondsMax, 2 * intervalSeconds * 2 ** container.failures);
    container.quarantinedUntil = machine.monotonicSeconds() + wait;
  }
  container.inspectedAt = machine.monotonicSeconds();
}

/** Finds the control group; the labels are fixed the first time, so that nothing renames the series of a running container. */
function locate(machine: Machine, container: Container, maySearch: boolean): void {
  const { id, inspected, failures } = container;
  if (inspected === undefined && failures === 0) return; // about to be inspected: its image name is not sure yet
  const hints = { id, pid: inspected?.pid, cgroupParent: inspected?.cgroupParent };
  container.group ??= findGroup(machine, hints, maySearch);
  if (container.group === undefined || container.labels !== undefined) return;
  container.labels = {
    id: container.group,
    name: container.name,
    image: container.image,
    ...exportedContainerLabels(container.listedLabels),
  };
}

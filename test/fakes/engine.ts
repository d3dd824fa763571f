// An engine in memory: services are there as they were sent, tasks and images as the test says; whatever is not told answers that it is missing.
import type {
  EngineInfo,
  Image,
  ListedImage,
  PullLine,
  Service,
  ServiceSpec,
  SwarmInit,
  Task,
} from '../../web/server/engine/objects.ts';
import type { EngineAnswer, EngineFailureKind, EnginePort } from '../../web/server/engine/port.ts';

export interface FakeEngine extends EnginePort {
  /** By name. */
  there: Map<string, Service>;
  runningTasks: Task[];
  /** By reference, id included. */
  known: Map<string, Image>;
  /** What a pull says, and what is known after it. */
  pulls: { lines: PullLine[]; brings?: Image };
  /** Names of what changed, in order: `create shop-r1`. */
  done: string[];
  host: EngineInfo;
  /** Every call fails so while it is set. */
  down: EngineFailureKind | undefined;
}

export function fakeEngine(): FakeEngine {
  const there = new Map<string, Service>();
  const known = new Map<string, Image>();
  const done: string[] = [];
  const ok = <T>(value: T): Promise<EngineAnswer<T>> =>
    Promise.resolve(
      fake.down === undefined
        ? { ok: true, value }
        : { ok: false, failure: { kind: fake.down, message: 'the engine is down' } },
    );
  const no = (kind: EngineFailureKind, message: string): Promise<EngineAnswer<never>> =>
    Promise.resolve({ ok: false, failure: { kind: fake.down ?? kind, message } });
  const put = (spec: ServiceSpec, index: number): void => {
    there.set(spec.Name, { ID: spec.Name, Version: { Index: index }, CreatedAt: '', UpdatedAt: '', Spec: spec });
  };
  const partial = {
    ...{ there, known, done, runningTasks: [] as Task[], pulls: { lines: [] as PullLine[] }, down: undefined },
    host: { Name: 'n1', ServerVersion: '26.1.5', NCPU: 2, MemTotal: 4e9 } as EngineInfo,
    services: {
      list: () => ok([...there.values()]),
      inspect: (name: string) => (there.has(name) ? ok(there.get(name)!) : no('missing', `service ${name} not found`)),
      create(spec: ServiceSpec) {
        done.push(`create ${spec.Name}`);
        put(spec, 1);
        return ok({ ID: spec.Name });
      },
      update(name: string, version: number, spec: ServiceSpec) {
        if (there.get(name)?.Version.Index !== version) return no('stale', 'update out of sequence');
        done.push(`update ${name}`);
        put(spec, version + 1);
        return ok({});
      },
      remove(name: string) {
        done.push(`remove ${name}`);
        return there.delete(name) ? ok(undefined) : no('missing', `service ${name} not found`);
      },
    },
    tasks: { list: () => ok(fake.runningTasks) },
    nodes: { list: () => ok([{ ID: 'n1', Description: { Hostname: 'one' } }]) },
    info: () => ok(fake.host),
    swarm: {
      init(options: SwarmInit) {
        done.push(`swarm ${options.AdvertiseAddr} ${options.DefaultAddrPool?.join()}`);
        fake.host = {
          ...fake.host,
          Swarm: { LocalNodeState: 'active', ControlAvailable: true, Managers: 1, Nodes: 1 },
        };
        return ok(undefined);
      },
    },
    networks: { inspect: () => ok({}) },
    containers: { inspect: (id: string) => no('missing', `no container ${id}`) },
    images: {
      list: () => ok([] as ListedImage[]),
      inspect: (reference: string) =>
        known.has(reference) ? ok(known.get(reference)!) : no('missing', `no image ${reference}`),
      async *pull(reference: string) {
        yield* fake.pulls.lines;
        if (fake.pulls.brings !== undefined) known.set(reference, fake.pulls.brings);
      },
      remove(id: string) {
        done.push(`remove ${id}`);
        return ok([{ Deleted: id }]);
      },
    },
  };
  const fake = partial as unknown as FakeEngine;
  return fake;
}

/** A task of a revision, running unless told otherwise. */
export function task(given: {
  revision?: string;
  state?: string;
  desired?: string;
  err?: string;
  exitCode?: number;
  image?: string;
  time?: string;
}): Task {
  const revision = given.revision ?? 'r1';
  return {
    ...{ ID: 't', CreatedAt: '', UpdatedAt: '', ServiceID: `shop-${revision}`, Slot: 1 },
    Spec: {
      ContainerSpec: {
        Image: given.image ?? 'sha256:one',
        Labels: { odyssey_environment: 'e', odyssey_deployment: 'shop', odyssey_revision: revision },
        CapabilityDrop: ['ALL'],
        Privileges: { NoNewPrivileges: true },
      },
    },
    DesiredState: given.desired ?? 'running',
    Status: {
      Timestamp: given.time ?? '2026-01-01T00:00:00Z',
      State: given.state ?? 'running',
      ...(given.err !== undefined && { Err: given.err }),
      ...(given.exitCode !== undefined && { ContainerStatus: { ExitCode: given.exitCode } }),
    },
  };
}

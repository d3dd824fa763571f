// An engine in memory for services that keep networks, volumes, secrets and nodes: as strict about use and versions as the real one.
import type { Network, Node, Secret, Service, Swarm, Task, Volume } from '../../web/server/engine/objects.ts';
import type { EngineAnswer, EngineFailureKind, EngineFilters, EnginePort } from '../../web/server/engine/port.ts';

export interface SwarmEngine {
  port: EnginePort;
  networks: Network[];
  volumes: Volume[];
  secrets: Secret[];
  services: Service[];
  nodes: Node[];
  tasks: Task[];
  /** Counts rotations: the tokens are `worker-N` and `manager-N`. */
  rotations: { worker: number; manager: number };
  /** So many next updates of a node or the swarm meet another writer. */
  stale: { times: number };
}

const ok = <T>(value: T): Promise<EngineAnswer<T>> => Promise.resolve({ ok: true, value });
const no = (kind: EngineFailureKind, message = kind): Promise<EngineAnswer<never>> =>
  Promise.resolve({ ok: false, failure: { kind, message } });

const labelled = (labels: Readonly<Record<string, string>> | null | undefined, filters: EngineFilters | undefined) =>
  (filters?.['label'] ?? []).every((label) => {
    const [name, value] = label.split('=', 2) as [string, string | undefined];
    return labels?.[name] !== undefined && (value === undefined || labels[name] === value);
  });

export function swarmEngine(): SwarmEngine {
  const engine: Omit<SwarmEngine, 'port'> = {
    ...{ networks: [], volumes: [], secrets: [], services: [], nodes: [], tasks: [] },
    ...{ rotations: { worker: 0, manager: 0 }, stale: { times: 0 } },
  };
  const take = <T>(list: T[], is: (one: T) => boolean) => {
    const at = list.findIndex(is);
    if (at < 0) return no('missing');
    list.splice(at, 1);
    return ok(undefined);
  };
  const find = <T>(one: T | undefined) => (one === undefined ? no('missing') : ok(one));
  const port = {
    info: () =>
      ok({ Name: 'one', ServerVersion: '26', NCPU: 1, MemTotal: 1, Swarm: { NodeID: 'n1', LocalNodeState: 'active' } }),
    services: {
      list: (filters?: EngineFilters) => ok(engine.services.filter(({ Spec }) => labelled(Spec.Labels, filters))),
    },
    tasks: { list: () => ok(engine.tasks) },
    containers: { list: () => ok([]) },
    networks: {
      list: (filters?: EngineFilters) => ok(engine.networks.filter(({ Labels }) => labelled(Labels, filters))),
      inspect: (name: string) => find(engine.networks.find(({ Name }) => Name === name)),
      create(spec: Network) {
        engine.networks.push({ ...spec, Id: `id-${spec.Name}`, Scope: 'swarm' });
        return ok({ Id: '' });
      },
      remove: (name: string) => take(engine.networks, ({ Name }) => Name === name),
    },
    volumes: {
      list: () => ok({ Volumes: engine.volumes }),
      inspect: (name: string) => find(engine.volumes.find(({ Name }) => Name === name)),
      create(Name: string, Labels: Record<string, string>) {
        engine.volumes.push({ Name, Labels, Driver: 'local' });
        return find(engine.volumes.at(-1));
      },
      sizes: () => ok({ Volumes: engine.volumes.map(({ Name }) => ({ Name, UsageData: { Size: 5, RefCount: 0 } })) }),
      remove: (name: string) => take(engine.volumes, ({ Name }) => Name === name),
    },
    secrets: {
      list: (filters?: EngineFilters) => ok(engine.secrets.filter(({ Spec }) => labelled(Spec.Labels, filters))),
      create(Name: string, Labels: Record<string, string>) {
        if (engine.secrets.some(({ Spec }) => Spec.Name === Name)) return no('conflict');
        engine.secrets.push({
          ID: `id-${Name}`,
          Version: { Index: 1 },
          CreatedAt: '2026-11-21T13:00:00Z',
          UpdatedAt: '',
          Spec: { Name, Labels },
        });
        return ok({ ID: `id-${Name}` });
      },
      remove: (name: string) => take(engine.secrets, ({ Spec }) => Spec.Name === name),
    },
    nodes: {
      list: () => ok(engine.nodes),
      inspect: (id: string) => find(engine.nodes.find(({ ID }) => ID === id)),
      update(id: string, _version: number, Spec: Node['Spec']) {
        if (engine.stale.times-- > 0) return no('stale');
        Object.assign(engine.nodes.find(({ ID }) => ID === id)!, { Spec });
        return ok(undefined);
      },
      remove: (id: string) => take(engine.nodes, ({ ID }) => ID === id),
    },
    swarm: {
      inspect: () => ok({ ID: 's', Version: { Index: 1 }, CreatedAt: '', Spec: {} } as Swarm),
      tokens: () =>
        ok({
          JoinTokens: { Worker: `worker-${engine.rotations.worker}`, Manager: `manager-${engine.rotations.manager}` },
        }),
      update(_version: number, _spec: unknown, rotate: { worker?: boolean; manager?: boolean } = {}) {
        if (engine.stale.times-- > 0) return no('stale');
        engine.rotations.worker += Number(rotate.worker === true);
        engine.rotations.manager += Number(rotate.manager === true);
        return ok(undefined);
      },
    },
  };
  return Object.assign(engine, { port: port as unknown as EnginePort });
}

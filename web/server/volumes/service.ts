// Volumes: made on this engine's node, recorded with it, and removed only when nothing uses them and their name was typed.
import type { VolumeView } from '../../../core/contracts/volumes.ts';
import type { EnginePort } from '../engine/port.ts';
import { told, toldOrMissing } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import type { VolumeRow, VolumeTable } from './table.ts';
import { toVolumeView, usersOf, type VolumeFacts } from './view.ts';

export interface VolumePorts {
  engine: EnginePort;
  table: VolumeTable;
  environments: { byId(id: string): { archived: boolean } };
  /** Deployments whose revision that serves, or is being brought up, names it: also while the engine has no service of theirs. */
  mountedBy(environment: string, volume: string): string[];
  unixSeconds(): number;
  monotonicSeconds(): number;
}

export type VolumeNode = { kind: 'node'; node: string } | { kind: 'refused'; reason: string };

const volumesMax = 1_000;
/** The engine walks each volume for it. */
const sizesSeconds = 60;

export class VolumeService {
  readonly #ports: VolumePorts;
  #sizes: { asked: number; bytes: ReadonlyMap<string, number> | undefined } | undefined;

  constructor(ports: VolumePorts) {
    this.#ports = ports;
  }

  async list(environment: string): Promise<VolumeView[]> {
    this.#ports.environments.byId(environment);
    const rows = this.#ports.table.list(environment);
    if (rows.length === 0) return [];
    const facts = await this.#facts();
    return rows.map((row) => toVolumeView(row, facts));
  }

  async create(environment: string, name: string, budgetBytes: number | null): Promise<VolumeView> {
    const { environments, table } = this.#ports;
    if (environments.byId(environment).archived)
      throw new UserError(409, 'archived', 'This environment is archived and takes nothing new.');
    const known = table.get(name);
    if (known?.environment === environment && (await this.#isGone(known))) return this.#makeAgain(known);
    if (known !== undefined)
      throw new UserError(
        409,
        'name-taken',
        `There is a volume ${name} already, here or elsewhere; choose another name.`,
      );
    if (table.all().length >= volumesMax)
      throw new UserError(409, 'too-many', `There are ${volumesMax} volumes already; remove one that nothing uses.`);
    const node = await this.#localNode();
    const row = await this.#make({
      name,
      environment,
      node,
      budget_bytes: budgetBytes,
      created: this.#ports.unixSeconds(),
    });
    return toVolumeView(row, await this.#facts());
  }

  /** Somebody has removed it behind our back: an empty one takes its place only because a person asks for it. */
  async #makeAgain(row: VolumeRow): Promise<VolumeView> {
    const { engine } = this.#ports;
    told(await engine.volumes.create(row.name, { odyssey_environment: row.environment }));
    told(await engine.volumes.inspect(row.name));
    this.#sizes = undefined;
    return toVolumeView(row, await this.#facts());
  }

  async #isGone({ name, node }: VolumeRow): Promise<boolean> {
    return (
      node === (await this.#localNode()) && toldOrMissing(await this.#ports.engine.volumes.inspect(name)) === undefined
    );
  }

  async remove(environment: string, name: string, confirm: string): Promise<void> {
    const { engine, table } = this.#ports;
    const row = table.get(name);
    if (row === undefined || row.environment !== environment)
      throw new UserError(404, 'not-found', 'There is no such volume here; list them again.');
    if (confirm !== name)
      throw new UserError(422, 'not-confirmed', `Type ${name} to delete it: what is in it is gone for good.`);
    const running = usersOf(name, told(await engine.services.list())).map((one) => one.deployment);
    const users = [...new Set([...running, ...this.#ports.mountedBy(environment, name)])];
    if (users.length > 0) throw new UserError(409, 'in-use', `${users.join(', ')} has it; take it out of there first.`);
    if (row.node !== (await this.#localNode()))
      throw new UserError(409, 'elsewhere', 'It lies on another node, whose engine cannot be asked from here.');
    toldOrMissing(await engine.volumes.remove(name));
    if (toldOrMissing(await engine.volumes.inspect(name)) !== undefined)
      throw new UserError(502, 'not-reached', `The engine still has ${name}; try again.`);
    table.remove(name);
  }

  /** The one node that all of these lie on, for a deployment of this environment; those that are not there are made on this engine's. */
  async nodeOf(environment: string, names: readonly string[]): Promise<VolumeNode> {
    const { table } = this.#ports;
    const rows = names.map((name) => ({ name, row: table.get(name) }));
    const foreign = rows.find(({ row }) => row !== undefined && row.environment !== environment);
    if (foreign !== undefined)
      return { kind: 'refused', reason: `The volume ${foreign.name} belongs to another environment.` };
    const nodes = new Set(rows.flatMap(({ row }) => row?.node ?? []));
    if (nodes.size > 1)
      return { kind: 'refused', reason: 'Its volumes lie on different nodes, and a volume does not move.' };
    try {
      const missing = rows.filter(({ row }) => row === undefined);
      for (const { name, row } of rows)
        if (row !== undefined && (await this.#isGone(row)))
          return {
            kind: 'refused',
            reason: `The volume ${name} is gone from its node, and the engine would begin with an empty one: bring it back there, or make it once more, empty, among the volumes.`,
          };
      if (missing.length === 0) return { kind: 'node', node: [...nodes][0]! };
      const node = await this.#localNode();
      if (nodes.size === 1 && !nodes.has(node))
        return {
          kind: 'refused',
          reason: 'One of its volumes lies on another node, where the others cannot be made from here.',
        };
      for (const { name } of missing)
        await this.#make({ name, environment, node, budget_bytes: null, created: this.#ports.unixSeconds() });
      return { kind: 'node', node };
    } catch (error) {
      if (error instanceof UserError) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }

  namesOf(environment: string): string[] {
    return this.#ports.table.list(environment).map(({ name }) => name);
  }

  /** Volumes that lie on this node and nowhere else, as `environment/name`. */
  onNode(node: string): string[] {
    return this.#ports.table
      .all()
      .filter((row) => row.node === node)
      .map(({ environment, name }) => `${environment}/${name}`);
  }

  /** One that the engine has already is taken over only with this environment's label: else it is somebody's. */
  async #make(row: VolumeRow): Promise<VolumeRow> {
    const { engine, table } = this.#ports;
    const there = toldOrMissing(await engine.volumes.inspect(row.name));
    if (there !== undefined && there.Labels?.['odyssey_environment'] !== row.environment)
      throw new UserError(
        409,
        'name-taken',
        `The engine has a volume ${row.name} that is not this environment’s; choose another name.`,
      );
    if (there === undefined) told(await engine.volumes.create(row.name, { odyssey_environment: row.environment }));
    told(await engine.volumes.inspect(row.name));
    table.add(row);
    this.#sizes = undefined; // what was measured before does not know it
    return row;
  }

  async #localNode(): Promise<string> {
    const { Swarm } = told(await this.#ports.engine.info());
    if (Swarm?.NodeID) return Swarm.NodeID;
    throw new UserError(
      409,
      'no-swarm',
      'This engine is in no swarm yet, so no volume can be pinned to its node; start one first.',
    );
  }

  async #facts(): Promise<VolumeFacts> {
    const { engine } = this.#ports;
    const [info, volumes, services, nodes, containers] = await Promise.all([
      engine.info(),
      engine.volumes.list(),
      engine.services.list(),
      engine.nodes.list(),
      engine.containers.list(),
    ]);
    return {
      localNode: told(info).Swarm?.NodeID,
      volumes: told(volumes).Volumes ?? [],
      // Without a swarm there is no service; where it cannot be told nothing is called unused.
      services: !services.ok && services.failure.kind === 'no-swarm' ? [] : told(services),
      nodes: nodes.ok ? nodes.value : [],
      containers: containers.ok ? containers.value : undefined,
      sizes: await this.#measured(),
    };
  }

  async #measured(): Promise<ReadonlyMap<string, number> | undefined> {
    const now = this.#ports.monotonicSeconds();
    if (this.#sizes === undefined || now - this.#sizes.asked > sizesSeconds) {
      const told = await this.#ports.engine.volumes.sizes();
      const known = told.ok
        ? (told.value.Volumes ?? []).filter(({ UsageData }) => (UsageData?.Size ?? -1) >= 0)
        : undefined;
      const bytes = known && new Map(known.map(({ Name, UsageData }) => [Name, UsageData!.Size]));
      this.#sizes = { asked: now, bytes };
    }
    return this.#sizes.bytes;
  }
}

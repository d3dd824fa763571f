// Networks of an environment: its own, which all its deployments and the ingress share, and further ones that only some are attached to.
import {
  engineNetworkName,
  mainNetwork,
  type NetworkView,
  readEngineNetworkName,
} from '../../../core/contracts/volumes.ts';
import type { Network, Service } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import { told, toldOrMissing } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import type { NetworkTable } from './table.ts';

export interface NetworkActor {
  kind: 'person' | 'token' | 'system' | 'anonymous';
  id: string;
  person: string;
}

export interface NetworkPorts {
  engine: Pick<EnginePort, 'networks' | 'services'>;
  table: NetworkTable;
  environments: { byId(id: string): { archived: boolean } };
  deployments: {
    exists(environment: string, deployment: string): boolean;
    /** Makes the deployment's services anew with what they shall have now; undefined, or why they do not run with it. */
    renew(actor: NetworkActor, environment: string, deployment: string): Promise<string | undefined>;
  };
}

const networksMax = 50;

export class NetworkService {
  readonly #ports: NetworkPorts;

  constructor(ports: NetworkPorts) {
    this.#ports = ports;
  }

  async list(environment: string): Promise<NetworkView[]> {
    this.#ports.environments.byId(environment);
    const { networks, services } = await this.#facts(environment);
    return networks.map((network) => toView(network, services)).toSorted((a, b) => Number(b.main) - Number(a.main));
  }

  /** `main` makes the environment's own, which the first deployment would make, too. */
  async create(environment: string, name: string, internal: boolean): Promise<NetworkView> {
    const { engine, environments } = this.#ports;
    if (environments.byId(environment).archived)
      throw new UserError(409, 'archived', 'This environment is archived and takes nothing new.');
    const { networks, services } = await this.#facts(environment);
    if (networks.length >= networksMax)
      throw new UserError(409, 'too-many', `There are ${networksMax} networks already; remove one that nothing uses.`);
    const Name = engineNetworkName(environment, name);
    if (networks.some((one) => one.Name === Name))
      throw new UserError(409, 'name-taken', `There is a network ${name} already; choose another name.`);
    const Labels = { odyssey_environment: environment };
    // Without the route out, what is attached to this one alone can be reached from nowhere else.
    const Internal = internal && name !== mainNetwork;
    told(
      await engine.networks.create({
        Name,
        Driver: 'overlay',
        Attachable: true,
        Labels,
        ...(Internal && { Internal }),
      }),
    );
    return toView(told(await engine.networks.inspect(Name)), services);
  }

  async remove(environment: string, name: string): Promise<void> {
    const { engine, table } = this.#ports;
    this.#ports.environments.byId(environment);
    const Name = engineNetworkName(environment, name);
    const { networks, services } = await this.#facts(environment);
    const network = networks.find((one) => one.Name === Name);
    if (network === undefined) throw new UserError(404, 'not-found', 'There is no such network here; list them again.');
    const { deployments } = toView(network, services);
    const recorded = table.on(environment, name);
    const exists = (deployment: string) => this.#ports.deployments.exists(environment, deployment);
    const users = [...new Set([...deployments, ...recorded.filter(exists)])];
    if (users.length > 0) throw new UserError(409, 'in-use', `${users.join(', ')} is attached to it; detach it first.`);
    told(await engine.networks.remove(Name));
    if (toldOrMissing(await engine.networks.inspect(Name)) !== undefined)
      throw new UserError(502, 'not-reached', `The engine still has the network ${name}; try again.`);
    for (const deployment of recorded) table.detach(environment, name, deployment);
  }

  /** A deployment is removed: one that is called the same later is attached to nothing. */
  forget(environment: string, deployment: string): void {
    const { table } = this.#ports;
    for (const name of table.of(environment, deployment)) table.detach(environment, name, deployment);
  }

  /** Attaches or detaches; resolves when the deployment's replicas run with it. */
  async setAttached(
    actor: NetworkActor,
    environment: string,
    name: string,
    deployment: string,
    attached: boolean,
  ): Promise<void> {
    const { table, deployments, engine } = this.#ports;
    this.#ports.environments.byId(environment);
    if (name === mainNetwork)
      throw new UserError(
        409,
        'main-network',
        'Every deployment is on the environment’s own network, where the ingress reaches it.',
      );
    if (!deployments.exists(environment, deployment))
      throw new UserError(404, 'not-found', 'There is no such deployment here; list them again.');
    if (attached) {
      const there = toldOrMissing(await engine.networks.inspect(engineNetworkName(environment, name)));
      if (there === undefined) throw new UserError(404, 'not-found', 'There is no such network here; list them again.');
      table.attach(environment, name, deployment);
    } else table.detach(environment, name, deployment);
    const reason = await deployments.renew(actor, environment, deployment);
    if (reason !== undefined)
      throw new UserError(502, 'not-reached', `It is recorded, but not all replicas run with it: ${reason}`);
  }

  /** The engine's names of the networks that a deployment is attached to beside the main one. */
  of(environment: string, deployment: string): string[] {
    return this.#ports.table.of(environment, deployment).map((name) => engineNetworkName(environment, name));
  }

  async #facts(environment: string): Promise<{ networks: Network[]; services: Service[] }> {
    const label = [`odyssey_environment=${environment}`];
    const networks = told(await this.#ports.engine.networks.list({ label }));
    const listed = await this.#ports.engine.services.list({ label });
    const services = !listed.ok && listed.failure.kind === 'no-swarm' ? [] : told(listed);
    const own = networks.filter(({ Name }) => readEngineNetworkName(Name)?.environment === environment);
    return { networks: own, services };
  }
}

function toView(network: Network, services: readonly Service[]): NetworkView {
  const name = readEngineNetworkName(network.Name)?.name ?? network.Name;
  const attached = services.filter(({ Spec }) =>
    Spec.TaskTemplate.Networks.some(({ Target }) => Target === network.Name || Target === network.Id),
  );
  return {
    ...{ name, main: name === mainNetwork, internal: network.Internal === true },
    subnet: network.IPAM?.Config?.[0]?.Subnet ?? null,
    created: network.Created ?? null,
    deployments: [...new Set(attached.map(({ Spec }) => Spec.Labels['odyssey_deployment'] ?? Spec.Name))].sort(),
  };
}

// Where a deployment's or a container's lines come from: its services' logs, of all nodes, or the one container's.
import type { Service } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import { told } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import type { LogSource } from './source.ts';

type Engine = Pick<EnginePort, 'services' | 'tasks' | 'containers'>;

/** Services of the deployment, running or not; throws a UserError where there are none in this environment. */
export async function servicesOf(
  engine: Pick<EnginePort, 'services'>,
  environment: string,
  deployment: string,
): Promise<Service[]> {
  const label = [`odyssey_environment=${environment}`, `odyssey_deployment=${deployment}`];
  const services = told(await engine.services.list({ label }));
  if (services.length === 0)
    throw new UserError(404, 'not-found', 'Nothing of this deployment is on the engine; its last operation says why.');
  return services;
}

/** How often names of new tasks are asked for. */
const namesSeconds = 1;
/** One that crashes for days has ever new tasks: those that are there still are asked for again. */
const namesMax = 5_000;

/** Sources of a deployment; names of replicas are learned as their tasks turn up. */
export class DeploymentSources {
  readonly #engine: Engine;
  readonly #monotonicSeconds: () => number;
  readonly #names = new Map<string, string>();
  #asked = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, monotonicSeconds: () => number) {
    this.#engine = engine;
    this.#monotonicSeconds = monotonicSeconds;
  }

  async list(environment: string, deployment: string): Promise<LogSource[]> {
    const services = await servicesOf(this.#engine, environment, deployment);
    await this.#learn(services);
    return services.map(({ Spec: { Name: name } }) => ({
      name,
      open: (options, signal) => this.#engine.services.logs(name, options, signal),
      replicaOf: (task) => this.#names.get(task) ?? `${name}.${task.slice(0, 8)}`,
    }));
  }

  async #learn(services: readonly Service[]): Promise<void> {
    const now = this.#monotonicSeconds();
    if (now - this.#asked < namesSeconds) return;
    this.#asked = now;
    const byId = new Map(services.map(({ ID, Spec }) => [ID, Spec.Name]));
    const tasks = await this.#engine.tasks.list({ service: [...byId.values()] });
    if (!tasks.ok) return; // lines are shown all the same, by their task's id
    if (this.#names.size > namesMax) this.#names.clear();
    for (const { ID, ServiceID, Slot } of tasks.value) this.#names.set(ID, `${byId.get(ServiceID) ?? ''}.${Slot ?? 0}`);
  }
}

/** The one source of a container of this engine; throws a UserError where there is none. */
export async function containerSource(engine: Pick<EnginePort, 'containers'>, id: string): Promise<LogSource> {
  const { Name } = told(await engine.containers.inspect(id));
  const name = Name.replace(/^\//, '');
  return { name, open: (options, signal) => engine.containers.logs(id, options, signal), replicaOf: () => name };
}

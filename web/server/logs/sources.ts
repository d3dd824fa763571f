// Where a deployment's or a container's lines come from: its services' logs, of all nodes, or the one container's.
import type { Service } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import { told } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import type { ReplicaChoice } from './choose.ts';
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

interface Clock {
  monotonicSeconds(): number;
  sleep(seconds: number): Promise<void>;
}

/** Sources of a deployment; names of replicas are learned as their tasks turn up. */
export class DeploymentSources {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #choice: ReplicaChoice | undefined;
  readonly #names = new Map<string, string>();
  /** Tasks that wrote something and were asked for in vain: they are called by their id. */
  readonly #strangers = new Set<string>();
  #services: readonly Service[] = [];
  #asked = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, clock: Clock, choice?: ReplicaChoice) {
    this.#engine = engine;
    this.#clock = clock;
    this.#choice = choice;
  }

  /** Services of which nothing is chosen are left out: they are not even opened. */
  async list(environment: string, deployment: string): Promise<LogSource[]> {
    this.#services = await servicesOf(this.#engine, environment, deployment);
    if (this.#clock.monotonicSeconds() - this.#asked >= namesSeconds) await this.#learn();
    const wanted = this.#services.filter(({ Spec: { Name } }) => this.#choice?.takesService(Name) ?? true);
    return wanted.map(({ Spec: { Name: name } }) => ({
      name,
      open: (options, signal) => this.#engine.services.logs(name, options, signal),
      replicaOf: (task) => this.#names.get(task) ?? `${name}.${task.slice(0, 8)}`,
      meet: (task) => this.#meet(task),
    }));
  }

  /** Names of the replicas that were there when it was listed last. */
  get present(): ReadonlySet<string> {
    return new Set(this.#names.values());
  }

  /** A line of a new task waits until the engine has said whose it is: whether it is chosen hangs on that. */
  async #meet(task: string): Promise<void> {
    if (this.#names.has(task) || this.#strangers.has(task)) return;
    const wait = this.#asked + namesSeconds - this.#clock.monotonicSeconds();
    if (wait > 0) await this.#clock.sleep(wait);
    await this.#learn();
    if (this.#strangers.size > namesMax) this.#strangers.clear();
    if (!this.#names.has(task)) this.#strangers.add(task);
  }

  async #learn(): Promise<void> {
    const services = this.#services;
    this.#asked = this.#clock.monotonicSeconds();
    const byId = new Map(services.map(({ ID, Spec }) => [ID, Spec.Name]));
    const tasks = await this.#engine.tasks.list({ service: [...byId.values()] });
    if (!tasks.ok) return; // lines are shown all the same, by their task's id
    if (this.#names.size > namesMax) this.#names.clear();
    for (const { ID, ServiceID, Slot } of tasks.value)
      if (byId.has(ServiceID)) this.#names.set(ID, `${byId.get(ServiceID)}.${Slot ?? 0}`);
  }
}

/** The one source of a container of this engine; throws a UserError where there is none. */
export async function containerSource(engine: Pick<EnginePort, 'containers'>, id: string): Promise<LogSource> {
  const { Name } = told(await engine.containers.inspect(id));
  const name = Name.replace(/^\//, '');
  return { name, open: (options, signal) => engine.containers.logs(id, options, signal), replicaOf: () => name };
}

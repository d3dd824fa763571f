// Networks of an environment: who reaches whom, and whether a way leads out.
import type { NetworkView } from '../../../core/contracts/volumes.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger' | 'ports' | 'toasts'>;

export class NetworksPage {
  private readonly app: Ground;
  private readonly path: string;
  readonly query: Query<{ items: readonly NetworkView[] }>;
  /** What could be attached; empty where it cannot be read. */
  readonly deployments: Query<{ items: readonly { name: string }[] }>;
  readonly sending: Sending;
  opened = $state(false);
  name = $state('');
  internal = $state(true);
  /** What is being attached or detached now. */
  moving = $state<string>();

  constructor(app: Ground, environment: string) {
    this.app = app;
    this.path = `/environments/${environment}/networks`;
    this.query = app.queries.get(`networks ${environment}`, (signal) => app.api.get(this.path, {}, signal));
    this.deployments = app.queries.get(`deployments ${environment}`, (signal) =>
      app.api.get(`/environments/${environment}/deployments`, {}, signal),
    );
    this.sending = new Sending(app.ports);
  }

  /** The environment's own first. */
  readonly items = $derived.by(() =>
    [...(this.query.data?.items ?? [])].sort(
      (a, b) => Number(b.main) - Number(a.main) || a.name.localeCompare(b.name, 'en'),
    ),
  );

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    const own = this.items.filter(({ main }) => !main).length;
    return own === 0
      ? 'Everything here shares the environment’s own network.'
      : `The environment’s own network and ${own} more.`;
  });

  attachable({ deployments, main }: NetworkView): readonly string[] {
    if (main) return [];
    return (this.deployments.data?.items ?? []).map(({ name }) => name).filter((name) => !deployments.includes(name));
  }

  open(): void {
    [this.opened, this.name, this.internal] = [true, '', true];
    this.sending.error = undefined;
  }

  close(): void {
    this.opened = false;
  }

  async submit(): Promise<void> {
    const name = this.name.trim();
    if (name === '') return;
    if (!(await this.sending.run((key) => this.app.api.post(this.path, { name, internal: this.internal }, { key }))))
      return;
    this.app.toasts.done(`${name} is made.`);
    this.close();
    await this.query.refresh();
  }

  /** Its replicas are replaced one after the other, so this is asked about first. */
  async setAttached({ name }: NetworkView, deployment: string, attached: boolean): Promise<void> {
    if (this.moving !== undefined) return;
    const verb = attached ? 'Attach' : 'Detach';
    const sure = await this.app.danger.ask({
      title: `${verb} ${deployment}`,
      lost: `Its replicas are replaced one after the other${attached ? '' : `; it no longer reaches what is on ${name}`}.`,
      button: `${verb} it`,
    });
    if (!sure) return;
    this.moving = `${name} ${deployment}`;
    const path = `${this.path}/${name}/deployments/${deployment}`;
    await this.app.attempt(`${deployment} is ${attached ? 'attached to' : 'detached from'} ${name}.`, () =>
      attached ? this.app.api.put(path, undefined) : this.app.api.delete(path),
    );
    this.moving = undefined;
    await this.query.refresh();
  }

  async remove({ name }: NetworkView): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Remove the network ${name}`,
      lost: 'Nothing is attached to it; it can be made again.',
      button: 'Remove it',
    });
    if (!sure) return;
    await this.app.attempt(`${name} is removed.`, () => this.app.api.delete(`${this.path}/${name}`));
    await this.query.refresh();
  }
}

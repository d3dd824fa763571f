// Rules and places that hold for everybody: environments, which roles need a second factor, credentials of registries.
import type { z } from 'zod';
import { type Role, roles } from '../../../core/contracts/access.ts';
import type { environment, policy } from '../../../core/contracts/api.ts';
import type { registryView } from '../../../core/contracts/deployments.ts';
import type { App } from './app.svelte.ts';
import type { Environment } from './environments.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';

type Colour = z.infer<typeof environment>['colour'];
type Policy = z.infer<typeof policy>;
export type Registry = z.infer<typeof registryView>;
type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger' | 'ports' | 'toasts' | 'environments'>;

export const colours: readonly Colour[] = ['grey', 'blue', 'green', 'amber', 'red', 'violet'];

export class EnvironmentSettings {
  private readonly app: Ground;
  readonly sending: Sending;
  /** Undefined while closed; null for one that is to be made. */
  about = $state.raw<Environment | null>();
  name = $state('');
  colour = $state<Colour>('grey');

  constructor(app: Ground) {
    this.app = app;
    this.sending = new Sending(app.ports);
  }

  /** Archived ones last. */
  readonly items = $derived.by(() =>
    [...(this.app.environments.query.data?.items ?? [])].sort((a, b) => Number(a.archived) - Number(b.archived)),
  );

  open(about: Environment | null): void {
    this.about = about;
    [this.name, this.colour] = [about?.name ?? '', about?.colour ?? 'grey'];
    this.sending.error = undefined;
  }

  close(): void {
    this.about = undefined;
  }

  async submit(): Promise<void> {
    const { about } = this;
    if (about === undefined || this.name.trim() === '') return;
    const body = { name: this.name.trim(), colour: this.colour };
    const worked = await this.sending.run((key) =>
      about === null
        ? this.app.api.post('/environments', body, { key })
        : this.app.api.patch(`/environments/${about.id}`, body),
    );
    if (!worked) return;
    this.app.toasts.done(about === null ? `${body.name} is made.` : `${body.name} is changed.`);
    if (this.about === about) this.close(); // another may have been opened meanwhile
    await this.app.environments.query.refresh();
  }

  async setArchived(one: Environment, archived: boolean): Promise<void> {
    const sure =
      !archived ||
      (await this.app.danger.ask({
        title: `Archive ${one.name}`,
        lost: 'Nothing new can be deployed in it, and it leaves the menu. What runs goes on; it can be taken back.',
        button: `Archive ${one.name}`,
      }));
    if (!sure) return;
    const done = `${one.name} is ${archived ? 'archived' : 'in use again'}.`;
    await this.app.attempt(done, () => this.app.api.put(`/environments/${one.id}/archived`, { archived }));
    await this.app.environments.query.refresh();
  }
}

export class PolicySettings {
  private readonly app: Pick<Ground, 'api' | 'queries' | 'attempt'>;
  readonly query: Query<Policy>;
  busy = $state(false);

  constructor(app: Pick<Ground, 'api' | 'queries' | 'attempt'>) {
    this.app = app;
    this.query = app.queries.get('policy', (signal) => app.api.get<Policy>('/policy', {}, signal));
  }

  needs(role: Role): boolean {
    return this.query.data?.secondFactorRoles.includes(role) ?? false;
  }

  /** What the server read back is what stands there afterwards. */
  async set(role: Role, needed: boolean): Promise<void> {
    if (this.query.data === undefined || this.busy) return;
    this.busy = true;
    const secondFactorRoles = roles.filter((one) => (one === role ? needed : this.needs(one)));
    const done = needed ? `${role} needs a second factor now.` : `${role} needs no second factor any more.`;
    await this.app.attempt(done, async () => {
      this.query.put(await this.app.api.put<Policy>('/policy', { secondFactorRoles }));
    });
    this.busy = false;
  }
}

export class RegistrySettings {
  private readonly app: Ground;
  readonly query: Query<{ items: readonly Registry[] }>;
  readonly sending: Sending;
  opened = $state(false);
  registry = $state('');
  username = $state('');
  password = $state('');

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('registries', (signal) => app.api.get('/registries', {}, signal));
    this.sending = new Sending(app.ports);
  }

  readonly ready = $derived(this.registry.trim() !== '' && this.username.trim() !== '' && this.password !== '');

  open(one?: Registry): void {
    [this.opened, this.registry, this.username, this.password] = [true, one?.registry ?? '', one?.username ?? '', ''];
    this.sending.error = undefined;
  }

  close(): void {
    [this.opened, this.password] = [false, ''];
  }

  async submit(): Promise<void> {
    if (!this.ready) return;
    const registry = this.registry.trim();
    const body = { username: this.username.trim(), password: this.password };
    const path = `/registries/${encodeURIComponent(registry)}`;
    if (!(await this.sending.run(() => this.app.api.put(path, body)))) return;
    this.app.toasts.done(`Credentials for ${registry} are kept.`);
    if (this.registry.trim() === registry) this.close(); // another may have been opened meanwhile
    await this.query.refresh();
  }

  async forget(one: Registry): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Forget ${one.registry}`,
      lost: 'Images there can be pulled only where they are public; what runs goes on.',
      button: 'Forget the credentials',
    });
    if (!sure) return;
    const path = `/registries/${encodeURIComponent(one.registry)}`;
    await this.app.attempt(`${one.registry} is forgotten.`, () => this.app.api.delete(path));
    await this.query.refresh();
  }
}

// People and what they may do, and those who are invited: seen by operators, changed by admins.
import type { z } from 'zod';
import { allEnvironments, type Grant, type Role } from '../../../core/contracts/access.ts';
import type { erased, invitation, newInvitation, person } from '../../../core/contracts/api.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';

export type Person = z.infer<typeof person>;
export type Invitation = z.infer<typeof invitation>;
type Made = z.infer<typeof newInvitation>;
type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger' | 'ports' | 'session' | 'toasts'>;

const peopleMax = 200;

export class PeopleSettings {
  private readonly app: Ground;
  readonly query: Query<{ items: readonly Person[]; next: string | null }>;
  readonly invitations: Query<{ items: readonly Invitation[] }>;
  readonly form: GrantsForm;

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('people', (signal) => app.api.get('/people', { limit: peopleMax }, signal));
    this.invitations = app.queries.get('invitations', (signal) => app.api.get('/invitations', {}, signal));
    this.form = new GrantsForm(app, () => void this.refresh());
  }

  refresh(): Promise<unknown> {
    const asked = this.app.session.can('person:manage') ? [this.query, this.invitations] : [this.query];
    return Promise.all(asked.map((one) => one.refresh()));
  }

  /** Nobody takes their own access away by a slip of the hand. */
  isSelf({ id }: Person): boolean {
    return id === this.app.session.view?.person.id;
  }

  async setDisabled(one: Person, disabled: boolean): Promise<void> {
    const sure =
      !disabled ||
      (await this.app.danger.ask({
        title: `Disable ${one.name}`,
        lost: 'Their sessions and tokens stop working at once. It can be taken back.',
        button: `Disable ${one.name}`,
      }));
    if (!sure) return;
    const done = `${one.name} ${disabled ? 'is disabled' : 'may sign in again'}.`;
    await this.app.attempt(done, () => this.app.api.put(`/people/${one.id}/disabled`, { disabled }));
    await this.query.refresh();
  }

  async endSessions(one: Person): Promise<void> {
    await this.app.attempt(`${one.name} is signed out everywhere.`, () =>
      this.app.api.delete(`/people/${one.id}/sessions`),
    );
  }

  async erase(one: Person): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Erase ${one.name}`,
      lost: 'Their name and everything personal go for good, in the audit log as well; the log still verifies.',
      ...{ type: one.name, button: 'Erase for good' },
    });
    if (!sure) return;
    await this.app.attempt(`${one.name} is erased.`, async () => {
      const { swept } = await this.app.api.delete<z.infer<typeof erased>>(`/people/${one.id}`);
      if (!swept) this.app.toasts.done('The last bytes on the disk are overwritten within the hour.');
    });
    await this.query.refresh();
  }

  async withdraw({ id }: Invitation): Promise<void> {
    await this.app.attempt('The invitation is withdrawn.', () => this.app.api.delete(`/invitations/${id}`));
    await this.invitations.refresh();
  }
}

/** Roles being given: to somebody who is there, or with an invitation to somebody who is to come. */
export class GrantsForm {
  private readonly app: Pick<App, 'api' | 'ports' | 'toasts'>;
  private readonly done: () => void;
  readonly sending: Sending;
  /** Undefined while closed; null for an invitation. */
  about = $state.raw<Person | null>();
  grants = $state<Grant[]>([]);
  /** Shown once, to be handed over. */
  made = $state.raw<Made>();

  constructor(app: Pick<App, 'api' | 'ports' | 'toasts'>, done: () => void) {
    this.app = app;
    this.done = done;
    this.sending = new Sending(app.ports);
  }

  open(about: Person | null): void {
    this.about = about;
    this.grants = about?.grants.map((grant) => ({ ...grant })) ?? [{ environment: allEnvironments, role: 'read-only' }];
    this.made = undefined;
    this.sending.error = undefined;
  }

  close(): void {
    this.about = undefined;
    this.made = undefined;
  }

  add(environment: string, role: Role = 'read-only'): void {
    this.grants = [...this.grants, { environment, role }];
  }

  remove(place: number): void {
    this.grants = this.grants.filter((_, other) => other !== place);
  }

  readonly problem = $derived.by(() => {
    const names = this.grants.map(({ environment }) => environment);
    if (new Set(names).size < names.length) return 'One role for each environment; the strongest is enough.';
    return this.about === null && names.length === 0 ? 'An invitation needs at least one role.' : undefined;
  });

  async submit(): Promise<void> {
    const { about } = this;
    if (about === undefined || this.problem !== undefined) return;
    const body = { grants: this.grants.map(({ environment, role }) => ({ environment, role })) };
    const worked = await this.sending.run(async (key) => {
      if (about === null) this.made = await this.app.api.post<Made>('/invitations', body, { key });
      else await this.app.api.put(`/people/${about.id}/grants`, body);
    });
    if (!worked) return;
    this.done();
    if (about === null) return;
    this.app.toasts.done(`${about.name} has new roles and is signed out.`);
    if (this.about === about) this.close(); // another may have been opened meanwhile
  }
}

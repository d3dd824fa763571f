// A person's own access: where they are signed in, their password, their second factor, their API tokens.
import type { z } from 'zod';
import { allEnvironments, type Permission } from '../../../core/contracts/access.ts';
import type { apiToken, newApiToken, openSession } from '../../../core/contracts/api.ts';
import type { App } from './app.svelte.ts';
import { passwordLengthMin } from './entry.svelte.ts';
import type { Query } from './query.svelte.ts';
import { SecondFactorForm } from './second-factor.svelte.ts';
import { Sending } from './sending.svelte.ts';
import type { SessionView } from './session.svelte.ts';

export type OpenSession = z.infer<typeof openSession>;
export type ApiToken = z.infer<typeof apiToken>;
type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger' | 'ports' | 'session' | 'toasts'>;

export class OwnAccess {
  private readonly app: Ground;
  readonly sessions: Query<{ items: readonly OpenSession[] }>;
  readonly password: PasswordForm;
  readonly secondFactor: SecondFactorForm;
  readonly removal: SecondFactorRemoval;

  constructor(app: Ground) {
    this.app = app;
    this.sessions = app.queries.get('own sessions', (signal) => app.api.get('/me/sessions', {}, signal));
    this.password = new PasswordForm(app);
    this.secondFactor = new SecondFactorForm(app.api, app.session);
    this.removal = new SecondFactorRemoval(app, () => void this.sessions.refresh());
  }

  /** As the server says of whoever is signed in; null while nobody is. */
  readonly hasSecondFactor = $derived.by(() => this.app.session.view?.secondFactor ?? null);

  async end(one: OpenSession): Promise<void> {
    await this.app.attempt('That session has ended.', () => this.app.api.delete(`/me/sessions/${one.id}`));
    await this.sessions.refresh();
  }

  async acceptSecondFactor(): Promise<void> {
    await this.secondFactor.accept();
    if (this.secondFactor.error !== undefined) return;
    this.secondFactor.uri = undefined;
    this.app.toasts.done('The second factor is on; every other session has ended.');
    await this.sessions.refresh();
  }
}

export class PasswordForm {
  private readonly app: Pick<App, 'api' | 'ports' | 'session' | 'toasts'>;
  readonly sending: Sending;
  current = $state('');
  next = $state('');
  again = $state('');

  constructor(app: Pick<App, 'api' | 'ports' | 'session' | 'toasts'>) {
    this.app = app;
    this.sending = new Sending(app.ports);
  }

  readonly mismatch = $derived(
    this.again.length >= this.next.length && this.again !== this.next ? 'The two passwords differ.' : undefined,
  );
  readonly ready = $derived(this.current !== '' && this.next.length >= passwordLengthMin && this.next === this.again);

  async submit(): Promise<void> {
    if (!this.ready) return;
    const { current, next } = this;
    const worked = await this.sending.run(async () => {
      this.app.session.enter(await this.app.api.put<SessionView>('/me/password', { current, next }));
    });
    [this.current, this.next, this.again] = ['', '', ''];
    if (worked) this.app.toasts.done('The password is changed; every other session has ended.');
  }
}

/** Password and code, both: a thief of one of them does not get it off. */
export class SecondFactorRemoval {
  private readonly app: Pick<App, 'api' | 'ports' | 'session' | 'toasts'>;
  private readonly done: () => void;
  readonly sending: Sending;
  open = $state(false);
  password = $state('');
  code = $state('');

  constructor(app: Pick<App, 'api' | 'ports' | 'session' | 'toasts'>, done: () => void) {
    this.app = app;
    this.done = done;
    this.sending = new Sending(app.ports);
  }

  /** What was typed goes with the sheet. */
  close(): void {
    [this.open, this.password, this.code, this.sending.error] = [false, '', '', undefined];
  }

  async submit(): Promise<void> {
    const body = { password: this.password, code: this.code };
    const worked = await this.sending.run(async () => {
      this.app.session.enter(await this.app.api.delete<SessionView>('/me/second-factor', { body }));
    });
    [this.password, this.code] = ['', ''];
    if (!worked) return;
    this.open = false;
    this.app.toasts.done('The second factor is off.');
    this.done();
  }
}

export class OwnTokens {
  private readonly app: Ground;
  readonly query: Query<{ items: readonly ApiToken[] }>;
  readonly sending: Sending;
  opened = $state(false);
  name = $state('');
  days = $state('90');
  environment = $state<string>(allEnvironments);
  chosen = $state<Partial<Record<Permission, boolean>>>({});
  /** Shown once. */
  made = $state<string>();

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('own tokens', (signal) => app.api.get('/me/tokens', {}, signal));
    this.sending = new Sending(app.ports);
  }

  /** A token never holds more than its owner. */
  readonly offered = $derived.by((): readonly Permission[] => this.app.session.view?.permissions ?? []);
  readonly permissions = $derived.by(() => this.offered.filter((one) => this.chosen[one]));
  readonly ready = $derived(
    this.name.trim() !== '' &&
      this.permissions.length > 0 &&
      /^([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])$/.test(this.days.trim()),
  );

  open(): void {
    [this.opened, this.made, this.name, this.chosen] = [true, undefined, '', {}];
    this.sending.error = undefined;
  }

  close(): void {
    [this.opened, this.made] = [false, undefined];
  }

  async submit(): Promise<void> {
    if (!this.ready) return;
    const { permissions, environment } = this;
    const body = { name: this.name.trim(), permissions, environment, days: Number(this.days) };
    await this.sending.run(async (key) => {
      const { token } = await this.app.api.post<z.infer<typeof newApiToken>>('/me/tokens', body, { key });
      this.made = token;
    });
    await this.query.refresh();
  }

  async revoke(one: ApiToken): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Revoke ${one.name}`,
      lost: 'Whatever uses this token stops working at once; a new one is needed for it.',
      button: 'Revoke it',
    });
    if (!sure) return;
    await this.app.attempt(`${one.name} is revoked.`, () => this.app.api.delete(`/me/tokens/${one.id}`));
    await this.query.refresh();
  }
}

// Who is signed in and what they may do. The server decides; this only keeps from offering what it would refuse.
import type { z } from 'zod';
import { allEnvironments, type Permission, permits } from '../../../core/contracts/access.ts';
import type { sessionView, setupState } from '../../../core/contracts/api.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';

export type SessionView = z.infer<typeof sessionView>;

/** `enrolling`: signed in, but the role needs a second factor that is not there yet. */
type Standing = 'unknown' | 'signed-out' | 'setup' | 'enrolling' | 'signed-in';

export class Session {
  private readonly api: Api;
  private beginning: Promise<void> | undefined;
  view = $state.raw<SessionView>();
  standing = $state<Standing>('unknown');
  /** Why nobody knows yet who this is. */
  error = $state.raw<ApiError>();

  constructor(api: Api) {
    this.api = api;
  }

  get name(): string {
    return this.view?.person.name ?? '';
  }

  /** Without an environment: whether it is held anywhere. */
  can(permission: Permission, environment?: string): boolean {
    if (this.view === undefined || this.standing !== 'signed-in') return false;
    if (environment === undefined) return this.view.permissions.includes(permission);
    return this.view.permissions.includes(permission) && permits(this.view.grants, permission, environment);
  }

  /** The strongest word for what this person is, for the corner of the page. */
  get role(): string {
    const grants = this.view?.grants ?? [];
    const first = grants.find(({ environment }) => environment === allEnvironments) ?? grants[0];
    return first === undefined ? 'no role' : first.role;
  }

  /** Asks the server who this is, once at a time; renews the session where that is possible. */
  begin(): Promise<void> {
    this.beginning ??= this.ask().finally(() => {
      this.beginning = undefined;
    });
    return this.beginning;
  }

  private async ask(): Promise<void> {
    try {
      this.enter(await this.api.get<SessionView>('/session'));
    } catch (error) {
      await this.stayOut(error);
    }
  }

  /** Throws ApiError; of kind `second-factor` where a code is still needed. */
  async signIn(name: string, password: string, code: string | undefined): Promise<void> {
    const body = { name, password, ...(code === undefined || code === '' ? {} : { code }) };
    this.enter(await this.api.post<SessionView>('/session', body));
  }

  async setUp(token: string, name: string, password: string): Promise<void> {
    this.enter(await this.api.post<SessionView>('/setup', { token, name, password }));
  }

  async accept(token: string, name: string, password: string): Promise<void> {
    this.enter(await this.api.post<SessionView>('/invitations/accept', { token, name, password }));
  }

  async signOut(): Promise<void> {
    await this.api.delete('/session');
    this.leave();
  }

  /** Takes what the server says about the session, after a change of its own. */
  enter(view: SessionView): void {
    this.error = undefined;
    this.view = view;
    this.standing = view.secondFactorMissing ? 'enrolling' : 'signed-in';
  }

  leave(): void {
    this.view = undefined;
    this.standing = 'signed-out';
  }

  private async stayOut(error: unknown): Promise<void> {
    try {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const { open } = await this.api.get<z.infer<typeof setupState>>('/setup');
      this.view = undefined;
      this.error = undefined;
      this.standing = open ? 'setup' : 'signed-out';
    } catch (second) {
      if (!(second instanceof ApiError)) throw second;
      this.error = second;
    }
  }
}

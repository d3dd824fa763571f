// Signing in: name and password first, the code of the authenticator app only where the server asks for it.
import { ApiError } from './api-error.ts';
import type { Session } from './session.svelte.ts';

export class SignInForm {
  private readonly session: Session;
  name = $state('');
  password = $state('');
  code = $state('');
  /** `code` once name and password were right and a second factor is wanted. */
  step = $state<'password' | 'code'>('password');
  busy = $state(false);
  error = $state<string>();

  constructor(session: Session) {
    this.session = session;
  }

  async submit(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      await this.session.signIn(this.name.trim(), this.password, this.step === 'code' ? this.code : undefined);
      this.password = '';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'second-factor') this.step = 'code';
      else this.error = error.message;
    } finally {
      this.code = '';
      this.busy = false;
    }
  }

  /** Back to name and password. */
  restart(): void {
    this.step = 'password';
    this.password = '';
    this.error = undefined;
  }
}

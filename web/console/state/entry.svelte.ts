// Becoming a person: with the token of the set-up or of an invitation, a name and a new password.
import { ApiError } from './api-error.ts';

/** Hands token, name and password on; throws ApiError. */
type Enter = (token: string, name: string, password: string) => Promise<void>;

export const passwordLengthMin = 12;

export class EntryForm {
  private readonly enter: Enter;
  token = $state('');
  name = $state('');
  password = $state('');
  again = $state('');
  busy = $state(false);
  error = $state.raw<ApiError>();

  constructor(enter: Enter, token = '') {
    this.enter = enter;
    this.token = token;
  }

  /** Said once both are there: nobody is told off while typing. */
  readonly mismatch = $derived(
    this.again !== '' && this.again.length >= this.password.length && this.again !== this.password
      ? 'The two passwords differ.'
      : undefined,
  );
  readonly ready = $derived(
    this.token.trim() !== '' && this.name.trim() !== '' && this.password !== '' && this.password === this.again,
  );

  async submit(): Promise<void> {
    if (this.busy || !this.ready) return;
    this.busy = true;
    this.error = undefined;
    try {
      await this.enter(this.token.trim(), this.name.trim(), this.password);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      this.busy = false;
    }
  }
}

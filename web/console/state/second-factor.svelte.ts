// Setting up a second factor: a key for an authenticator app, which counts once a code of it was shown.
import type { z } from 'zod';
import type { secondFactorOffer } from '../../../core/contracts/api.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Session, SessionView } from './session.svelte.ts';

export class SecondFactorForm {
  private readonly api: Api;
  private readonly session: Pick<Session, 'enter'>;
  uri = $state<string>();
  code = $state('');
  busy = $state(false);
  error = $state<string>();

  constructor(api: Api, session: Pick<Session, 'enter'>) {
    this.api = api;
    this.session = session;
  }

  /** The key in groups of four, for those who type it. */
  readonly key = $derived(
    this.uri === undefined ? '' : (new URL(this.uri).searchParams.get('secret') ?? '').replace(/(.{4})(?=.)/g, '$1 '),
  );

  offer(): Promise<void> {
    return this.during(async () => {
      this.uri = (await this.api.post<z.infer<typeof secondFactorOffer>>('/me/second-factor')).uri;
    });
  }

  accept(): Promise<void> {
    return this.during(async () => {
      this.session.enter(await this.api.put<SessionView>('/me/second-factor', { code: this.code }));
    });
  }

  private async during(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'confirm-first') this.error = error.message; // else the person turned away from the question
    } finally {
      this.code = '';
      this.busy = false;
    }
  }
}

// The token that one more node joins the swarm with, while its sheet is open.
import type { z } from 'zod';
import type { joinToken, NodeView } from '../../../core/contracts/nodes.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';

type JoinToken = z.infer<typeof joinToken>;
type Ground = Pick<App, 'api' | 'toasts'>;

/** The token that one more node joins with: shown once, gone with the sheet. */
export class JoinForm {
  private readonly app: Ground;
  shown = $state(false);
  role = $state<NodeView['role']>('worker');
  token = $state.raw<JoinToken>();
  error = $state.raw<ApiError>();
  busy = $state(false);

  constructor(app: Ground) {
    this.app = app;
  }

  open(): void {
    this.shown = true;
  }

  close(): void {
    this.shown = false;
    this.token = undefined;
    this.error = undefined;
  }

  ask(): Promise<void> {
    return this.act(async () => {
      this.token = await this.app.api.post<JoinToken>('/nodes/join-tokens', { role: this.role });
    });
  }

  /** Nobody joins with what was shown any more. */
  withdraw(): Promise<void> {
    return this.act(async () => {
      await this.app.api.delete('/nodes/join-tokens');
      this.close();
      this.app.toasts.done('The tokens were rotated: what was shown is worth nothing.');
    });
  }

  private async act(call: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      await call();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'confirm-first') this.error = error;
    } finally {
      this.busy = false;
    }
  }
}

// A form on its way to the server: once at a time, what went wrong beside it, one key for as long as the same is tried again.
import { ApiError } from './api-error.ts';
import type { Ports } from './ports.ts';

export class Sending {
  private readonly ports: Pick<Ports, 'randomKey'>;
  private key: string;
  busy = $state(false);
  error = $state.raw<ApiError>();

  constructor(ports: Pick<Ports, 'randomKey'>) {
    this.ports = ports;
    this.key = ports.randomKey();
  }

  /** What concerns no field in particular. */
  readonly general = $derived.by(() =>
    this.error === undefined || this.error.fields.length > 0 || this.error.kind === 'confirm-first'
      ? undefined
      : this.error.message,
  );

  fieldError(name: string): string | undefined {
    return this.error?.fieldError(name);
  }

  /** Resolves to whether it worked; a second call while one is on its way does nothing. */
  async run(act: (key: string) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = undefined;
    try {
      await act(this.key);
      this.renew();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
      if (error.status !== 0 && error.status < 500) this.renew(); // it was answered: the next try is another one
      return false;
    } finally {
      this.busy = false;
    }
  }

  private renew(): void {
    this.key = this.ports.randomKey();
  }
}

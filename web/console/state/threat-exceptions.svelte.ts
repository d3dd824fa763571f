// Processes that people allow though they look like threats: the list, a new one with its reason and its end, and ending one.
import type { AllowBody, ThreatExceptionView } from '../../../core/contracts/threat-exceptions.ts';
import type { App } from './app.svelte.ts';
import type { FoundThreat } from './processes.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';

type Exceptions = { items: readonly ThreatExceptionView[] };
type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'ports'>;

export const allowedLengths: readonly { days: number; words: string }[] = [
  { days: 1, words: '1 day' },
  { days: 7, words: '1 week' },
  { days: 30, words: '30 days' },
  { days: 90, words: '90 days' },
  { days: 365, words: '1 year' },
];

export class ThreatExceptions {
  private readonly app: Ground;
  readonly query: Query<Exceptions>;
  readonly sending: Sending;
  reason = $state('');
  days = $state(30);

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('threat-exceptions', (signal) =>
      app.api.get<Exceptions>('/threats/exceptions', {}, signal),
    );
    this.sending = new Sending(app.ports);
  }

  readonly items = $derived.by(() => this.query.data?.items ?? []);
  readonly ready = $derived(this.reason.trim() !== '');

  /** What allows this one; undefined where nothing does, or where a file of the machine does and not a person. */
  of({ allowedBy }: FoundThreat): ThreatExceptionView | undefined {
    return this.items.find(({ id }) => id === allowedBy);
  }

  /** Resolves to whether it is allowed now; the detector reads it at its next round. */
  async allow({ instance, pid, startedAtSeconds }: FoundThreat): Promise<boolean> {
    if (!this.ready) return false;
    const start = startedAtSeconds === undefined ? {} : { startedAtSeconds };
    const body: AllowBody = { instance, pid, ...start, reason: this.reason.trim(), days: this.days };
    const done = await this.sending.run((key) => this.app.api.post('/threats/exceptions', body, { key }));
    if (done) this.reason = '';
    void this.query.refresh();
    return done;
  }

  async end({ id }: ThreatExceptionView): Promise<void> {
    await this.app.attempt('It is not allowed any more. The detector reads it at its next round.', () =>
      this.app.api.delete(`/threats/exceptions/${id}`),
    );
    void this.query.refresh();
  }
}

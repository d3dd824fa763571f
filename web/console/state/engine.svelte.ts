// Whether the engine is ready for deployments, what stands in the way, and the start of a swarm once a person has read what that does.
import type { EngineState } from '../../../core/contracts/deployments.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger'>;
type NoSwarm = Extract<EngineState, { kind: 'no-swarm' }>;

export class EngineGate {
  private readonly app: Ground;
  readonly query: Query<EngineState>;
  /** Empty where the proposed address is kept. */
  address = $state('');
  busy = $state(false);

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('engine', (signal) => app.api.get<EngineState>('/engine', {}, signal));
  }

  /** False while nobody knows as well: the server refuses then, in words. */
  readonly blocked = $derived.by(() => this.query.data !== undefined && this.query.data.kind !== 'ready');

  /** What stands in the way and what to do about it; undefined where nothing does or nobody knows. */
  readonly obstacle = $derived.by(() => {
    const { data } = this.query;
    if (data === undefined || data.kind === 'ready') return undefined;
    if (data.kind === 'no-swarm')
      return {
        title: 'The engine has no swarm yet',
        why: data.plan,
        todo: 'Deployments need one; starting it takes a moment.',
      };
    if (data.kind === 'worker')
      return { title: 'This host is a worker', why: data.reason, todo: 'Open the console on a manager of that swarm.' };
    const todo =
      'Start Docker on this host, then Odyssey again, so that the broker runs; npm run doctor says what is missing.';
    return { title: 'The engine does not answer', why: data.reason, todo };
  });

  get proposal(): NoSwarm | undefined {
    return this.query.data?.kind === 'no-swarm' ? this.query.data : undefined;
  }

  /** Says once more what will happen, and does it only then. */
  async startSwarm(): Promise<void> {
    const { proposal } = this;
    if (proposal === undefined || this.busy) return;
    const address = this.address.trim() || proposal.address;
    const sure = await this.app.danger.ask({
      title: `Start a swarm on ${address}`,
      lost: `${proposal.plan} Taking the swarm away later removes everything that was deployed on it.`,
      button: 'Start the swarm',
    });
    if (!sure) return;
    this.busy = true;
    await this.app.attempt('The swarm has started.', async () => {
      this.query.put(await this.app.api.post<EngineState>('/engine/swarm', { pool: proposal.pool, address }));
    });
    this.busy = false;
  }
}

// One operation as it goes: its steps while they happen, and what came of it in the end. A lost connection goes on where it was.
import type { Operation, OperationStep } from '../../../core/contracts/deployments.ts';
import type { Meaning } from '../values/meaning.ts';
import { toSteps } from '../values/run-steps.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';

type Ground = Pick<App, 'api' | 'ports'> & { readonly now: number };
type Detail = Operation & { steps: readonly OperationStep[] };

const retrySeconds = 2;
/** Health output can be long; the oldest notes go, the steps themselves are few. */
const notesMax = 2_000;

export class Run {
  private readonly app: Ground;
  private readonly ended: (operation: Operation) => void;
  readonly environment: string;
  readonly id: string;
  private stop: Stop | undefined;
  private closed = true;
  notes = $state.raw<readonly OperationStep[]>([]);
  operation = $state.raw<Operation>();
  lost = $state(false);
  error = $state.raw<ApiError>();

  /** `ended` is told once, when it ends while it is followed. */
  constructor(app: Ground, environment: string, id: string, ended: (operation: Operation) => void = () => {}) {
    this.app = app;
    this.environment = environment;
    this.id = id;
    this.ended = ended;
  }

  private get path(): string {
    return `/environments/${this.environment}/operations/${this.id}`;
  }

  readonly over = $derived.by(() => this.operation !== undefined && this.operation.state !== 'running');

  readonly steps = $derived.by(() => {
    const { operation } = this;
    const ended =
      operation === undefined || operation.ended === null
        ? undefined
        : { well: operation.state !== 'failed', time: operation.ended };
    return toSteps(this.notes, operation?.kind, ended, this.app.now);
  });

  /** What it says while it waits for health, newest last. */
  readonly output = $derived.by(() => this.notes.filter(({ step, kind }) => step === 'health' && kind !== 'intended'));

  follow(): Stop {
    this.closed = false;
    void this.read();
    return () => {
      this.closed = true;
      this.stop?.();
    };
  }

  /** What is known already, then the stream of what is new. */
  private async read(): Promise<void> {
    try {
      const { steps, ...operation } = await this.app.api.get<Detail>(this.path);
      const wasRunning = this.operation?.state === 'running';
      this.error = undefined;
      for (const step of steps) this.take(step);
      if (wasRunning && operation.state !== 'running') return this.end(operation); // while nobody heard it
      this.operation = operation;
      if (!this.closed && operation.state === 'running') this.listen();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
      this.lost &&= mayPass(error);
      if (!this.closed && mayPass(error))
        this.stop = this.app.ports.after(error.retryAfterSeconds ?? retrySeconds, () => void this.read());
    }
  }

  private listen(): void {
    this.stop?.();
    this.stop = this.app.ports.openEvents(`${this.path}/events`, ['step', 'end'], {
      opened: () => {
        this.lost = false;
      },
      failed: (forGood) => {
        if (this.over || this.closed) return;
        this.lost = true;
        if (forGood) this.stop = this.app.ports.after(retrySeconds, () => void this.read());
      },
      event: (name, data) => {
        if (name === 'step') this.take(data as OperationStep);
        else this.end(data as Operation);
      },
    });
  }

  private take(step: OperationStep): void {
    const last = this.notes.at(-1)?.seq ?? -1;
    if (step.seq > last) this.notes = [...this.notes, step].slice(-notesMax);
  }

  private end(operation: Operation): void {
    this.stop?.();
    this.lost = false;
    this.operation = operation;
    this.ended(operation);
  }
}

/** Whether it is worth asking again: the server is away, or has trouble or too much to do right now. */
function mayPass({ status }: ApiError): boolean {
  return status === 0 || status >= 500 || status === 429;
}

export function meaningOfOperation({ state }: Pick<Operation, 'state'>): Meaning {
  return ({ running: 'notice', done: 'ok', 'rolled-back': 'warning', failed: 'critical' } as const)[state];
}

const words: Record<Operation['kind'], [now: string, done: string]> = {
  deploy: ['Deploying', 'Deployed'],
  update: ['Updating', 'Updated'],
  rollback: ['Rolling back', 'Rolled back'],
  scale: ['Scaling', 'Scaled'],
  restart: ['Restarting', 'Restarted'],
  stop: ['Stopping', 'Stopped'],
  start: ['Starting', 'Started'],
  remove: ['Removing', 'Removed'],
  prune: ['Pruning', 'Pruned'],
};

/** "Updating shop to r3", "Rolled back by itself: …" is left to the outcome. */
export function sayOperation({ kind, deployment, revision, state }: Operation): string {
  const to = revision === null || kind === 'remove' ? '' : kind === 'deploy' ? ` as ${revision}` : ` to ${revision}`;
  const about = ['scale', 'restart', 'stop', 'start'].includes(kind) ? '' : to;
  const [now, done] = words[kind];
  if (state === 'running') return `${now} ${deployment}${about}`;
  if (state === 'done') return `${done} ${deployment}${about}`;
  if (state === 'rolled-back') return `${deployment} went back by itself: ${revision ?? 'the change'} was not healthy`;
  return `${now} ${deployment}${about} failed`;
}

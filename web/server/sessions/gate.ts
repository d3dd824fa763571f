// Lets only a few run at once and only so many wait: what keeps 200 logins from taking 200 times the memory.
import { UserError } from '../user-error.ts';

export class GateFull extends UserError {
  constructor() {
    super(503, 'busy', 'Too many people are signing in at once. Try again in a few seconds.', 5);
  }
}

export class Gate {
  private readonly runningMax: number;
  private readonly waitingMax: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(runningMax: number, waitingMax: number) {
    this.runningMax = runningMax;
    this.waitingMax = waitingMax;
  }

  /** Runs the work when its turn comes; rejects with GateFull at once when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.runningMax) this.running += 1;
    else {
      if (this.waiting.length >= this.waitingMax) throw new GateFull();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next(); // the place is handed on
    }
  }
}

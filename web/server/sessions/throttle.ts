// Slows guessing down: every failure beyond a few free ones doubles the wait, for the account and for the source.

export interface ThrottleRule {
  freeFailures: number;
  waitSecondsMax: number;
}

interface Tries {
  failures: number;
  /** Monotonic time at which the next try is allowed. */
  until: number;
  /** Monotonic time after which it is all forgotten. */
  forgotten: number;
}

const keysMax = 20_000;
const forgetSeconds = 3_600;

/** Waits end by themselves, so nobody is locked out for good; at most 20,000 keys are remembered, the oldest go first. */
export class Throttle {
  private readonly rule: ThrottleRule;
  private readonly tries = new Map<string, Tries>();

  constructor(rule: ThrottleRule) {
    this.rule = rule;
  }

  /** Seconds until this key may try again; 0 when it may now. */
  waitSeconds(key: string, now: number): number {
    const tries = this.tries.get(key);
    return tries === undefined ? 0 : Math.max(0, tries.until - now);
  }

  fail(key: string, now: number): void {
    const before = this.tries.get(key);
    const failures = (before === undefined || before.forgotten <= now ? 0 : before.failures) + 1;
    const beyond = failures - this.rule.freeFailures;
    const wait = beyond < 0 ? 0 : Math.min(this.rule.waitSecondsMax, 2 ** Math.min(beyond, 30));
    this.tries.delete(key); // so that it becomes the youngest
    this.tries.set(key, { failures, until: now + wait, forgotten: now + wait + forgetSeconds });
    if (this.tries.size > keysMax) this.tries.delete(this.tries.keys().next().value!);
  }

  succeed(key: string): void {
    this.tries.delete(key);
  }
}

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
    const wait = this.waitAfter(failures);
    this.tries.delete(key); // so that it becomes the youngest
    this.tries.set(key, { failures, until: now + wait, forgotten: now + wait + forgetSeconds });
    if (this.tries.size > keysMax) this.tries.delete(this.tries.keys().next().value!);
  }

  /** Takes one failure back that turned out to be none: tries are counted before their outcome is known. */
  giveBack(key: string, now: number): void {
    const tries = this.tries.get(key);
    if (tries === undefined) return;
    const failures = tries.failures - 1;
    if (failures === 0) this.tries.delete(key);
    else this.tries.set(key, { ...tries, failures, until: Math.min(tries.until, now + this.waitAfter(failures)) });
  }

  succeed(key: string): void {
    this.tries.delete(key);
  }

  private waitAfter(failures: number): number {
    const beyond = failures - this.rule.freeFailures;
    return beyond < 0 ? 0 : Math.min(this.rule.waitSecondsMax, 2 ** Math.min(beyond, 30));
  }
}

// Counts refusals, so that a few records a window stand for all of them and a flood, from however many sources, cannot fill the audit log.

const windowSeconds = 600;
/** So many of each kind are recorded one by one within a window; what comes then is only counted. */
const eachMax = 5;
const keysMax = 2_000;

export interface Refused {
  action: string;
  actor: string;
  count: number;
}

interface Window extends Refused {
  until: number;
  told: number;
  /** Refusals that no record tells of yet. */
  count: number;
}

/** One window for each action and actor; beyond 2,000 of them the others share one for each action. */
export class Refusals {
  private readonly windows = new Map<string, Window>();

  /** Counts one; gives what is to be recorded now, or undefined while it is only counted. */
  count(action: string, actor: string, now: number): Refused | undefined {
    const window = this.windowOf(action, actor, now);
    window.count += 1;
    if (window.told >= eachMax) return undefined;
    window.told += 1;
    return this.take(window);
  }

  /** What was only counted and whose window is over. */
  due(now: number): Refused[] {
    const due: Refused[] = [];
    for (const [key, window] of this.windows) {
      if (window.until > now) continue;
      this.windows.delete(key);
      if (window.count > 0) due.push(this.take(window));
    }
    return due;
  }

  private windowOf(action: string, actor: string, now: number): Window {
    const own = `${actor} ${action}`;
    const isCrowded = !this.windows.has(own) && this.windows.size >= keysMax;
    const [key, whose] = isCrowded ? [`* ${action}`, 'others'] : [own, actor];
    const before = this.windows.get(key);
    if (before !== undefined && before.until > now) return before;
    // What the last window counted is told with the first refusal of this one.
    const window = { action, actor: whose, until: now + windowSeconds, told: 0, count: before?.count ?? 0 };
    this.windows.set(key, window);
    return window;
  }

  private take(window: Window): Refused {
    const { action, actor, count } = window;
    window.count = 0;
    return { action, actor, count };
  }
}

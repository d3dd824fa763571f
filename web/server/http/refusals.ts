// Counts refusals of strangers, so that one record a minute stands for all of them and a flood cannot fill the audit log.

const windowSeconds = 60;

interface Window {
  until: number;
  /** Refusals that no record tells of yet. */
  untold: number;
}

/** One window for each action; a count that ends within its window is told with the next refusal. */
export class Refusals {
  private readonly windows = new Map<string, Window>();

  /** Counts one; gives the number to be recorded now, or undefined while the window lasts. */
  count(action: string, now: number): number | undefined {
    const { until, untold } = this.windows.get(action) ?? { until: now, untold: 0 };
    const due = now >= until;
    this.windows.set(action, due ? { until: now + windowSeconds, untold: 0 } : { until, untold: untold + 1 });
    return due ? untold + 1 : undefined;
  }
}

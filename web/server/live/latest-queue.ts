// What one slow reader costs: one value for each topic, the newest, however fast they come.
import type { LiveTopic, LiveUpdate } from '../../../core/contracts/live-updates.ts';

interface Waiting {
  value: unknown;
  dropped: number;
}

/** Bounded by the number of topics: a value that was not taken yet is replaced by the newer one and counted as dropped. */
export class LatestQueue {
  private readonly waiting = new Map<LiveTopic, Waiting>();

  /** Whether an older value of the topic had to go. */
  offer(topic: LiveTopic, value: unknown): boolean {
    const before = this.waiting.get(topic);
    this.waiting.set(topic, { value, dropped: before === undefined ? 0 : before.dropped + 1 });
    return before !== undefined;
  }

  /** Everything that waits, which then waits no more. */
  take(): LiveUpdate[] {
    const updates = [...this.waiting].map(([topic, { value, dropped }]) => ({ topic, value, dropped }));
    this.waiting.clear();
    return updates;
  }

  /** Forgets topics that are no longer watched. */
  keep(topics: ReadonlySet<LiveTopic>): void {
    for (const topic of this.waiting.keys()) if (!topics.has(topic)) this.waiting.delete(topic);
  }
}

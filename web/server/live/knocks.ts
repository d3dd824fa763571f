// How often one address may begin a handshake: a socket's upgrade never passes the limit that ordinary calls have.

const windowSeconds = 60;
const addressesMax = 10_000;

/** Fixed windows of a minute; of more than 10,000 addresses the oldest are forgotten. */
export class Knocks {
  private readonly perMinute: number;
  private readonly windows = new Map<string, { until: number; count: number }>();

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  /** Counts one, and says whether it may go on; `now` in monotonic seconds. */
  allow(address: string, now: number): boolean {
    const before = this.windows.get(address);
    if (before !== undefined && before.until > now) {
      before.count += 1;
      return before.count <= this.perMinute;
    }
    this.windows.delete(address); // so that it becomes the youngest
    this.windows.set(address, { until: now + windowSeconds, count: 1 });
    if (this.windows.size > addressesMax) this.windows.delete(this.windows.keys().next().value!);
    return this.perMinute > 0;
  }
}

// How often one address may begin a handshake: a socket's upgrade never passes the limit that ordinary calls have.

const windowSeconds = 60;
const addressesMax = 10_000;

interface Window {
  until: number;
  count: number;
}

/** Fixed windows of a minute, in two generations: once the young one holds 10,000 addresses it becomes the old one, whose addresses are forgotten. */
export class Knocks {
  private readonly perMinute: number;
  private young = new Map<string, Window>();
  private old = new Map<string, Window>();

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  /** Counts one, and says whether it may go on; `now` in monotonic seconds. */
  allow(address: string, now: number): boolean {
    const before = this.young.get(address) ?? this.old.get(address);
    const window = before !== undefined && before.until > now ? before : { until: now + windowSeconds, count: 0 };
    window.count += 1;
    this.young.set(address, window);
    if (this.young.size >= addressesMax) {
      this.old = this.young;
      this.young = new Map();
    }
    return window.count <= this.perMinute;
  }
}

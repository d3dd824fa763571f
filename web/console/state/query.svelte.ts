// One thing read from the server, with its age: what was there stays while the next answer is on its way or fails to come.
import { ApiError, isRefusal } from './api-error.ts';
import type { Ports, Stop } from './ports.ts';

export type Face = 'loading' | 'failed' | 'refused' | 'ready';

/** How often it is looked whether what is followed is too old. */
const lookSeconds = 5;
/** Timers are not exact: what is due within this is due. */
const slackSeconds = 0.5;

type Clock = Pick<Ports, 'unixSeconds' | 'every'>;

export class Query<T> {
  private readonly read: (signal: AbortSignal) => Promise<T>;
  private readonly clock: Clock;
  private running: AbortController | undefined;
  private followers = 0;
  private askedAt = 0;
  data = $state.raw<T>();
  /** When the data came, in Unix seconds. */
  at = $state<number>();
  error = $state.raw<ApiError>();
  loading = $state(false);

  constructor(read: (signal: AbortSignal) => Promise<T>, clock: Clock) {
    this.read = read;
    this.clock = clock;
  }

  /** Data that is there is shown whatever happens to the next call; a refusal takes it away. */
  get face(): Face {
    if (this.error !== undefined && isRefusal(this.error)) return 'refused';
    if (this.data !== undefined) return 'ready';
    return this.error === undefined ? 'loading' : 'failed';
  }

  /** Old data whose successor failed to come: shown dimmed, with its age. */
  get stale(): boolean {
    return this.data !== undefined && this.error !== undefined;
  }

  /** Reads anew; an older call that is still running is given up. Never rejects: `error` has what went wrong. */
  async refresh(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.askedAt = this.clock.unixSeconds();
    this.loading = true;
    try {
      const data = await this.read(running.signal);
      if (this.running === running) this.put(data);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.running === running) this.error = error;
    } finally {
      if (this.running === running) this.loading = false;
    }
  }

  /** Takes data that came another way, such as over the live connection. */
  put(data: T): void {
    this.data = data;
    this.at = this.clock.unixSeconds();
    this.error = undefined;
  }

  /** As if it had never been read: neither what is there counts nor an answer that is on its way. */
  forget(): void {
    this.giveUp();
    [this.data, this.at, this.error] = [undefined, undefined, undefined];
  }

  /**
   * Reads now, and again every so often while `when` says so; a call under way is not overtaken. What is too old is read soon after a
   * pause ends or the machine wakes, whose timers stood still.
   */
  follow(everySeconds: number, when: () => boolean = () => true): Stop {
    if (this.followers === 0 || !this.loading) void this.refresh(); // another part of the console has just asked
    this.followers += 1;
    const stop = this.clock.every(Math.min(everySeconds, lookSeconds), () => {
      const age = Math.abs(this.clock.unixSeconds() - this.askedAt); // a clock that was set back makes nothing young
      if (age > everySeconds - slackSeconds && when() && !this.loading) void this.refresh();
    });
    return () => {
      stop();
      this.followers -= 1;
      if (this.followers === 0) this.giveUp(); // another part of the console may wait for the same answer
    };
  }

  /** Reads anew where somebody waits and the last call failed; what was refused stays refused. */
  retry(): void {
    if (this.followers === 0 || this.loading || this.error === undefined || isRefusal(this.error)) return;
    void this.refresh();
  }

  private giveUp(): void {
    this.running?.abort();
    this.running = undefined;
    this.loading = false;
  }
}

const keptMax = 60;

/** Queries by name, so that a page that is opened again shows at once what it showed last; the least used go first. */
export class Queries {
  private readonly clock: Clock;
  private readonly kept = new Map<string, Query<unknown>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** One name always stands for one kind of data. */
  get<T>(name: string, read: (signal: AbortSignal) => Promise<T>): Query<T> {
    const query = (this.kept.get(name) as Query<T> | undefined) ?? new Query(read, this.clock);
    this.kept.delete(name);
    this.kept.set(name, query as Query<unknown>);
    if (this.kept.size > keptMax) this.kept.delete(this.kept.keys().next().value!);
    return query;
  }

  /** The server is there again: what failed and is still looked at need not wait for its turn. */
  retry(): void {
    for (const query of this.kept.values()) query.retry();
  }

  /** Nothing of one person is left for the next. */
  forget(): void {
    for (const query of this.kept.values()) query.forget();
    this.kept.clear();
  }
}

// A live log as it is read: the newest lines, following or held, with what arrived meanwhile and what is missing.
import type { LogEvent, LogLine } from '../../../core/contracts/logs.ts';
import { addLines, type LogEntry } from '../values/log-entries.ts';
import type { Ports, Stop } from './ports.ts';

/** Older ones go; the server keeps what there was. */
const entriesMax = 10_000;
/** Lines that come together are drawn together. */
const drawSeconds = 0.1;
/** Lines of two streams wait for each other so long, so that they stand in the order of their times. */
const mergeSeconds = 0.4;
/** A stream that is silent at first holds the others up no longer than this. */
const firstSeconds = 2;

type FeedState = 'connecting' | 'open' | 'lost' | 'ended';

export class LogFeed {
  private readonly ports: Pick<Ports, 'openEvents' | 'after'>;
  private readonly renew: () => Promise<boolean>;
  private held: LogEntry[] = [];
  private waiting: LogLine[] = [];
  private nextId = 1;
  private planned: { first: boolean; stop: Stop } | undefined;
  private stops = new Map<string, Stop>();
  /** Streams that have not told anything yet. */
  private silent = new Set<string>();
  entries = $state.raw<readonly LogEntry[]>([]);
  state = $state<FeedState>('connecting');
  /** Scrolls along with the newest line. */
  following = $state(true);
  /** Lines that came since following stopped. */
  unseen = $state(0);
  /** Lines that the server could not hand on in time. */
  dropped = $state(0);
  notes = $state.raw<readonly string[]>([]);
  endedBecause = $state<string>();

  /** `renew` renews the session; a stream that ended for want of it goes on. */
  constructor(ports: Pick<Ports, 'openEvents' | 'after'>, renew: () => Promise<boolean>) {
    this.ports = ports;
    this.renew = renew;
  }

  /** Opens the streams anew as one log; what was read before is forgotten. */
  open(paths: string | readonly string[]): Stop {
    this.close();
    [this.held, this.waiting, this.entries, this.notes] = [[], [], [], []];
    [this.unseen, this.dropped, this.endedBecause, this.state] = [0, 0, undefined, 'connecting'];
    const all = typeof paths === 'string' ? [paths] : paths;
    this.silent = new Set(all);
    for (const path of all) this.connect(path);
    return () => this.close();
  }

  /** Goes along with the newest line again. */
  follow(): void {
    this.following = true;
    this.unseen = 0;
  }

  hold(): void {
    this.following = false;
  }

  private connect(path: string): void {
    const stop = this.ports.openEvents(path, ['lines', 'dropped', 'note', 'end'], {
      opened: () => {
        this.state = 'open';
      },
      failed: (forGood) => {
        if (this.state === 'ended') return;
        this.state = 'lost';
        if (forGood) void this.comeBack(path);
      },
      event: (event, data) => this.take(path, { event, data } as LogEvent),
    });
    this.stops.set(path, stop);
  }

  private async comeBack(path: string): Promise<void> {
    const before = this.stops.get(path);
    const renewed = await this.renew().catch(() => true);
    if (!renewed || before === undefined || this.stops.get(path) !== before) return;
    this.stops.set(
      path,
      this.ports.after(2, () => this.connect(path)),
    );
  }

  private take(path: string, event: LogEvent): void {
    this.silent.delete(path);
    if (event.event === 'lines') {
      this.waiting.push(...event.data);
      if (!this.following) this.unseen += event.data.length;
      this.plan();
    } else if (event.event === 'dropped') this.dropped += event.data.lines;
    else if (event.event === 'note') this.notes = [...this.notes, event.data.text].slice(-5);
    else this.end(path, event.data.reason);
  }

  /** The log has ended with its last stream. */
  private end(path: string, reason: string): void {
    this.stops.get(path)?.();
    this.stops.delete(path);
    this.endedBecause = reason;
    if (this.stops.size === 0) this.state = 'ended';
  }

  private plan(): void {
    const first = this.silent.size > 0 && this.held.length === 0;
    if (this.planned !== undefined && !(this.planned.first && !first)) return;
    this.planned?.stop();
    const seconds = first ? firstSeconds : this.stops.size > 1 ? mergeSeconds : drawSeconds;
    this.planned = { first, stop: this.ports.after(seconds, () => this.draw()) };
  }

  private draw(): void {
    this.planned = undefined;
    if (this.stops.size > 1) this.waiting.sort(byTime);
    this.nextId = addLines(this.held, this.waiting, this.nextId);
    this.waiting = [];
    if (this.held.length > entriesMax) this.held.splice(0, this.held.length - entriesMax);
    this.entries = [...this.held];
  }

  private close(): void {
    this.planned?.stop();
    this.planned = undefined;
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
  }
}

/** ISO times of one form sort as text. */
function byTime(a: LogLine, b: LogLine): number {
  return a.time < b.time ? -1 : Number(a.time > b.time);
}

// A live log as it is read: the newest lines, following or held, with what arrived meanwhile and what is missing.
import type { LogEvent, LogLine } from '../../../core/contracts/logs.ts';
import { addLines, type LogEntry } from '../values/log-entries.ts';
import type { Ports, Stop } from './ports.ts';

/** Older ones go; the server keeps what there was. */
const entriesMax = 10_000;
/** Lines that come together are drawn together. */
const drawSeconds = 0.1;

type FeedState = 'connecting' | 'open' | 'lost' | 'ended';

export class LogFeed {
  private readonly ports: Pick<Ports, 'openEvents' | 'after'>;
  private readonly renew: () => Promise<boolean>;
  private held: LogEntry[] = [];
  private waiting: LogLine[] = [];
  private nextId = 1;
  private drawing = false;
  private stop: Stop | undefined;
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

  /** Opens the stream anew; what was read before is forgotten. */
  open(path: string): Stop {
    this.close();
    [this.held, this.waiting, this.entries, this.notes] = [[], [], [], []];
    [this.unseen, this.dropped, this.endedBecause, this.state] = [0, 0, undefined, 'connecting'];
    this.connect(path);
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
    this.stop = this.ports.openEvents(path, ['lines', 'dropped', 'note', 'end'], {
      opened: () => {
        this.state = 'open';
      },
      failed: (forGood) => {
        if (this.state === 'ended') return;
        this.state = 'lost';
        if (forGood) void this.comeBack(path);
      },
      event: (event, data) => this.take({ event, data } as LogEvent),
    });
  }

  private async comeBack(path: string): Promise<void> {
    const before = this.stop;
    const renewed = await this.renew().catch(() => true);
    if (!renewed || this.stop !== before) return;
    this.stop = this.ports.after(2, () => this.connect(path));
  }

  private take(event: LogEvent): void {
    if (event.event === 'lines') {
      this.waiting.push(...event.data);
      if (!this.following) this.unseen += event.data.length;
      this.plan();
    } else if (event.event === 'dropped') this.dropped += event.data.lines;
    else if (event.event === 'note') this.notes = [...this.notes, event.data.text].slice(-5);
    else {
      this.endedBecause = event.data.reason;
      this.state = 'ended';
      this.close();
    }
  }

  private plan(): void {
    if (this.drawing) return;
    this.drawing = true;
    this.ports.after(drawSeconds, () => {
      this.drawing = false;
      this.nextId = addLines(this.held, this.waiting, this.nextId);
      this.waiting = [];
      if (this.held.length > entriesMax) this.held.splice(0, this.held.length - entriesMax);
      this.entries = [...this.held];
    });
  }

  private close(): void {
    this.stop?.();
    this.stop = undefined;
  }
}

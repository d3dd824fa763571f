// A log as it is read: live with the newest lines, following or held, or at a past moment; with what arrived meanwhile and what is missing.
import type { LogEvent, LogLine, LogPage } from '../../../core/contracts/logs.ts';
import { addLines, addOlder, type LogEntry } from '../values/log-entries.ts';
import { isLineTime, sayMissed } from '../values/log-words.ts';
import type { Api } from './api.ts';
import { type PageTime, readPages } from './log-pages.ts';
import type { Ports, Stop } from './ports.ts';

/** Beyond it the lines at the other end go; the server keeps what there was. */
const entriesMax = 10_000;
/** Lines that come together are drawn together. */
const drawSeconds = 0.1;
/** Lines of two streams wait for each other so long, so that they stand in the order of their times. */
const mergeSeconds = 0.4;
/** A stream that is silent at first holds the others up no longer than this. */
const firstSeconds = 2;
/** Lines of a page of the past. */
const pageLines = 500;

type FeedState = 'connecting' | 'open' | 'lost' | 'ended';

/** The moment that a log is opened at, and whether a link to a line led there. */
export interface Moment {
  time: string;
  linked: boolean;
}

export class LogFeed {
  private readonly ports: Pick<Ports, 'openEvents' | 'after'>;
  private readonly server: Pick<Api, 'refresh' | 'get'>;
  private held: LogEntry[] = [];
  private waiting: LogLine[] = [];
  private nextId = 1;
  private planned: { first: boolean; stop: Stop } | undefined;
  private stops = new Map<string, Stop>();
  private paths: readonly string[] = [];
  /** Time of the last line of each stream: one that is opened again goes on behind it. */
  private readonly newest = new Map<string, string>();
  /** Ends what is read of the past when the log is opened anew. */
  private reading = new AbortController();
  /** Streams that have not told anything yet. */
  private silent = new Set<string>();
  entries = $state.raw<readonly LogEntry[]>([]);
  state = $state<FeedState>('connecting');
  /** Scrolls along with the newest line. */
  following = $state(true);
  /** What is shown does not reach to the newest line: nothing arrives. */
  past = $state(false);
  /** What there is before the first entry. */
  older = $state<LogPage['older']>('more');
  /** Whether there is something between the last entry and now, where the log is in the past. */
  newer = $state(false);
  /** Lines before this time may be missing. */
  completeFrom = $state<string | null>(null);
  /** What is being read of the past. */
  loading = $state<'older' | 'newer' | 'there'>();
  /** Why the past could not be read. */
  trouble = $state<string>();
  /** Where a moment that was asked for led: the number of its entry, and what to say where it is not quite the one. */
  landed = $state.raw<{ id: number; missed: string | undefined }>();
  /** Lines that came since following stopped. */
  unseen = $state(0);
  /** Lines that the server could not hand on in time. */
  dropped = $state(0);
  notes = $state.raw<readonly string[]>([]);
  endedBecause = $state<string>();

  /** The server renews the session, so that a stream which ended for want of it goes on, and gives the past. */
  constructor(ports: Pick<Ports, 'openEvents' | 'after'>, server: Pick<Api, 'refresh' | 'get'>) {
    this.ports = ports;
    this.server = server;
  }

  /** Opens the streams anew as one log, or the past at a moment; what was read before is forgotten. */
  open(paths: string | readonly string[], moment?: Moment): Stop {
    this.paths = typeof paths === 'string' ? [paths] : paths;
    if (moment === undefined) {
      this.live();
      this.following = true;
    } else void this.goTo(moment);
    return () => this.close();
  }

  /** Goes along with the newest line again. */
  follow(): void {
    if (this.past) this.live();
    this.following = true;
    this.unseen = 0;
  }

  hold(): void {
    this.following = false;
  }

  /** Shows the lines around a moment, held. */
  async goTo({ time, linked }: Moment): Promise<void> {
    this.begin();
    [this.past, this.following, this.newer] = [true, false, true];
    const page = await this.read('there', { at: time });
    if (page === undefined) return;
    this.nextId = addLines(this.held, page.items, 1);
    this.entries = [...this.held];
    [this.older, this.newer, this.completeFrom] = [page.older, page.newer, page.completeFrom];
    const at = comparable(time);
    const entry = this.held.find(({ until }) => comparable(until) >= at);
    const exact = entry !== undefined && comparable(entry.line.time) <= at;
    const missed = linked && exact ? undefined : sayMissed({ ...page, at, linked, first: page.items[0]?.time });
    this.landed = { id: (entry ?? this.held.at(-1))?.id ?? 0, missed };
  }

  /** Reads what stands before the first line. What is looked at stays where it is; lines at the other end go where there are too many. */
  async loadOlder(): Promise<void> {
    const [first] = this.held;
    if (first === undefined || this.loading !== undefined) return;
    this.hold();
    const page = await this.read('older', { before: first.line.time });
    if (page === undefined) return;
    [this.older, this.completeFrom] = [page.older, page.completeFrom];
    this.held = addOlder(this.held, page.items);
    if (this.held.length > entriesMax) {
      this.held.length = entriesMax;
      this.leaveNow();
    }
    this.entries = [...this.held];
  }

  /** Reads on towards now, where the log is in the past. */
  async loadNewer(): Promise<void> {
    const last = this.held.at(-1);
    if (last === undefined || this.loading !== undefined || !this.past) return;
    const page = await this.read('newer', { after: last.until });
    if (page === undefined) return;
    this.newer = page.newer;
    this.nextId = addLines(this.held, page.items, this.nextId);
    this.cutFront();
    this.entries = [...this.held];
  }

  private live(): void {
    this.begin();
    this.past = false;
    this.silent = new Set(this.paths);
    this.newest.clear();
    for (const path of this.paths) this.connect(path);
  }

  private begin(): void {
    this.close();
    [this.held, this.waiting, this.entries, this.notes, this.nextId] = [[], [], [], [], 1];
    [this.unseen, this.dropped, this.endedBecause, this.state] = [0, 0, undefined, 'connecting'];
    [this.older, this.newer, this.completeFrom] = ['more', false, null];
    [this.loading, this.trouble, this.landed] = [undefined, undefined, undefined];
    this.reading = new AbortController();
  }

  /** Undefined where it could not be read, or where the log was opened anew meanwhile. */
  private async read(what: 'older' | 'newer' | 'there', time: PageTime): Promise<LogPage | undefined> {
    const { signal } = this.reading;
    [this.loading, this.trouble] = [what, undefined];
    try {
      const page = await readPages(this.server, this.paths, time, pageLines, signal);
      if (signal.aborted) return undefined;
      for (const text of page.notes) this.note(text);
      if (this.past) this.state = 'open';
      return page;
    } catch (error) {
      if (!signal.aborted) this.trouble = (error as Error).message;
      return undefined;
    } finally {
      if (!signal.aborted) this.loading = undefined;
    }
  }

  /** From here on the log is in the past: its newest lines went, so that what comes would not follow on them. */
  private leaveNow(): void {
    this.stopStreams();
    [this.waiting, this.past, this.newer] = [[], true, true];
  }

  private connect(path: string): void {
    const newest = this.newest.get(path);
    const address = newest === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}resume=${newest}`;
    const stop = this.ports.openEvents(address, ['lines', 'dropped', 'note', 'end'], {
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

  /** With the session renewed the stream goes on behind its last line; a session that has ended ends it. */
  private async comeBack(path: string): Promise<void> {
    const before = this.stops.get(path);
    const renewed = await this.server.refresh().catch(() => true);
    if (before === undefined || this.stops.get(path) !== before) return;
    if (!renewed) return this.end(path, 'signed-out');
    this.stops.set(
      path,
      this.ports.after(2, () => this.connect(path)),
    );
  }

  private take(path: string, event: LogEvent): void {
    this.silent.delete(path);
    if (event.event === 'lines') {
      const last = event.data.at(-1);
      if (last !== undefined) this.newest.set(path, last.time);
      this.waiting.push(...event.data);
      if (!this.following) this.unseen += event.data.length;
      this.plan();
    } else if (event.event === 'dropped') this.dropped += event.data.lines;
    else if (event.event === 'note') this.note(event.data.text);
    else if (event.data.reason === 'signed-out') {
      this.stops.get(path)?.(); // a stream lasts as long as the access token that it began with
      void this.comeBack(path);
    } else this.end(path, event.data.reason);
  }

  private note(text: string): void {
    if (!this.notes.includes(text)) this.notes = [...this.notes, text].slice(-5);
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
    this.cutFront();
    this.entries = [...this.held];
  }

  private cutFront(): void {
    if (this.held.length <= entriesMax) return;
    this.held.splice(0, this.held.length - entriesMax);
    this.older = 'more';
  }

  private close(): void {
    this.reading.abort();
    this.stopStreams();
  }

  private stopStreams(): void {
    this.planned?.stop();
    this.planned = undefined;
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
  }
}

/** The moment that an address asks for: that of a linked line, or any. */
export function momentOf({ line, at }: Readonly<Record<string, string | undefined>>): Moment | undefined {
  if (isLineTime(line)) return { time: line, linked: true };
  return isLineTime(at) ? { time: at, linked: false } : undefined;
}

/** ISO times of one form sort as text. */
function byTime(a: LogLine, b: LogLine): number {
  return a.time < b.time ? -1 : Number(a.time > b.time);
}

/** With nine digits of the second, so that a time that a person gave compares with those of lines. */
function comparable(time: string): string {
  const [, second = time, digits = ''] = /^(.+?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  return `${second}.${digits.padEnd(9, '0')}`;
}

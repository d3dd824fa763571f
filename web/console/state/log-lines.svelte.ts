// The lines of a log as they are looked at: those that fit the search, which of them are open, and the one that the keyboard is on.
import { type EntryRow, foldedLines, type LogEntry, readEntryRow } from '../values/log-entries.ts';
import { rowAt, windowOfEdges } from '../values/window.ts';
import type { LogFeed } from './log-feed.svelte.ts';

export const lineHeight = 20;
/** Drawn above and below what is in sight, so that scrolling finds them there. */
const spareLines = 10;

export class LogLines {
  private readonly feed: () => LogFeed;
  private readonly search: () => string;
  private open = $state.raw<ReadonlySet<number>>(new Set());
  /** Reading the JSON of a line once is enough. */
  private readonly rows = new WeakMap<LogEntry, EntryRow>();
  private readonly folded = new WeakMap<LogEntry, readonly string[]>();
  /** What was there before the newest lines came. */
  private before: { search: string; shown: readonly LogEntry[]; edges: Float64Array } | undefined;
  scrollTop = $state(0);
  height = $state(400);
  /** Its number: the line that the arrow keys have come to. */
  chosen = $state<number>();

  constructor(feed: () => LogFeed, search: () => string) {
    this.feed = feed;
    this.search = search;
  }

  readonly shown = $derived.by(() => {
    const { entries } = this.feed();
    const wanted = this.search().trim().toLowerCase();
    if (wanted === '') return entries;
    return entries.filter(({ line: { text }, rest }) =>
      [text, ...rest].some((one) => one.toLowerCase().includes(wanted)),
    );
  });

  /** Where each line begins, in pixels; with the end of the last one behind. */
  readonly edges = $derived.by(() => {
    const { shown, open } = this;
    const found = new Float64Array(shown.length + 1);
    for (let index = 0; index < shown.length; index++) {
      const entry = shown[index]!;
      found[index + 1] = found[index]! + lineHeight * (open.has(entry.id) ? 1 + this.foldedOf(entry).length : 1);
    }
    return found;
  });

  /** Which of them are drawn. */
  readonly part = $derived.by(() => windowOfEdges(this.edges, this.scrollTop, this.height, spareLines));
  readonly drawn = $derived.by(() => this.shown.slice(this.part.first, this.part.end));

  rowOf(entry: LogEntry): EntryRow {
    const known = this.rows.get(entry);
    if (known !== undefined) return known;
    const row = readEntryRow(entry);
    this.rows.set(entry, row);
    return row;
  }

  foldedOf(entry: LogEntry): readonly string[] {
    const known = this.folded.get(entry);
    if (known !== undefined) return known;
    const lines = foldedLines(entry);
    this.folded.set(entry, lines);
    return lines;
  }

  isOpen(entry: LogEntry): boolean {
    return this.open.has(entry.id);
  }

  /** Opens or closes it, where there is more of it. */
  toggle(entry: LogEntry): void {
    if (this.rowOf(entry).fold === undefined) return;
    const next = new Set(this.open);
    if (!next.delete(entry.id)) next.add(entry.id);
    this.open = next;
    this.feed().hold();
  }

  get chosenEntry(): LogEntry | undefined {
    return this.chosen === undefined ? undefined : this.shown[this.placeOf(this.chosen)];
  }

  /**
   * Goes on by as many lines and holds the log; begins in sight where none is chosen there. Gives where to scroll so that the line is seen,
   * undefined where it is.
   */
  step(by: number): number | undefined {
    const count = this.shown.length;
    if (count === 0) return undefined;
    const [first, last] = this.inSight();
    const place = this.chosen === undefined ? -1 : this.placeOf(this.chosen);
    const from = place >= first && place <= last ? place + by : by > 0 ? first : last;
    const to = Math.max(0, Math.min(count - 1, Math.abs(by) >= count ? (by > 0 ? count - 1 : 0) : from));
    this.chosen = this.shown[to]!.id;
    this.feed().hold();
    const [top, bottom] = [this.edges[to]!, this.edges[to + 1]!];
    if (top < this.scrollTop) return top;
    return bottom > this.scrollTop + this.height ? Math.min(top, bottom - this.height) : undefined;
  }

  /**
   * By how many pixels what is looked at has moved since it was last asked, because lines above it came or went: a log that is held must not
   * move for them.
   */
  takeShift(): number {
    const now = { search: this.search(), shown: this.shown, edges: this.edges };
    const { before } = this;
    this.before = now;
    if (before === undefined || before.search !== now.search || before.shown === now.shown) return 0;
    // What stands at the top, or the first below it that is still there: the topmost may have gone or become a part of another.
    for (let place = rowAt(before.edges, this.scrollTop); place < before.shown.length; place++) {
      const at = placeIn(now.shown, before.shown[place]!.id);
      if (now.shown[at]?.id === before.shown[place]!.id) return now.edges[at]! - before.edges[place]!;
    }
    return 0;
  }

  /** Where to scroll so that the entry of this number stands in the middle; undefined where it is not shown. */
  middleOf(id: number): number | undefined {
    const place = this.placeOf(id);
    return place < 0 ? undefined : Math.max(0, this.edges[place]! - this.height / 2);
  }

  /** First and last line that are seen as a whole. */
  private inSight(): [number, number] {
    const { first, end } = windowOfEdges(this.edges, this.scrollTop, this.height, 0);
    const whole = (place: number) =>
      this.edges[place]! >= this.scrollTop && this.edges[place + 1]! <= this.scrollTop + this.height;
    const seen = Array.from({ length: end - first }, (_, index) => first + index).filter(whole);
    return [seen[0] ?? first, seen.at(-1) ?? first];
  }

  private placeOf(id: number): number {
    const place = placeIn(this.shown, id);
    return this.shown[place]?.id === id ? place : -1;
  }
}

/** Of the first entry with this number or a higher one: they stand in the order of their numbers. O(log entries). */
function placeIn(entries: readonly LogEntry[], id: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Merges lines of several replicas by time: they arrive a little out of order, so each waits a moment for those that should stand before it.
import type { LogLine } from '../../../core/contracts/logs.ts';

export interface MergeBounds {
  /** How long a line waits for earlier ones. */
  holdSeconds: number;
  linesMax: number;
  /** Characters of text in all. */
  lengthMax: number;
}

interface Held {
  line: LogLine;
  arrived: number;
}

/** Bounded: beyond it the oldest lines are dropped and counted. Cost of a take: a sort of what is held. */
export class LineMerge {
  readonly #bounds: MergeBounds;
  #held: Held[] = [];
  #length = 0;
  #dropped = 0;

  constructor(bounds: MergeBounds) {
    this.#bounds = bounds;
  }

  push(line: LogLine, now: number): void {
    this.#held.push({ line, arrived: now });
    this.#length += line.text.length;
    while (this.#held.length > this.#bounds.linesMax || this.#length > this.#bounds.lengthMax) {
      this.#length -= this.#held.shift()!.line.text.length;
      this.#dropped += 1;
    }
  }

  /** Lines whose turn it is, in the order of their times; lines of the same time as they came. */
  take(now: number): LogLine[] {
    const due = this.#held.filter(({ arrived }) => now - arrived >= this.#bounds.holdSeconds);
    if (due.length === 0) return [];
    const last = sortByTime(due.map(({ line }) => line)).at(-1)!.time;
    const taken = this.#held.filter(({ line }) => line.time <= last).map(({ line }) => line);
    this.#held = this.#held.filter(({ line }) => line.time > last);
    this.#length = this.#held.reduce((sum, { line }) => sum + line.text.length, 0);
    return sortByTime(taken);
  }

  /** How many were dropped since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}

/** The engine writes times in UTC with nine digits: their text sorts as they do. */
export function sortByTime(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

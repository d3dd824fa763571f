// Puts lines together again: the engine parts what is longer than 16 KB, and each part comes with a time of its own.
import { logLineLengthMax } from '../../../core/contracts/logs.ts';
import type { LogRecord } from '../engine/objects.ts';

export interface RawLine {
  time: string;
  task: string;
  stream: 'stdout' | 'stderr';
  text: string;
  cut: boolean;
}

/** Streams that have a line open at once; the oldest is let go beyond it. */
const openMax = 256;

/** One for each source. Holds at most one line of each task and stream, cut to its bound. */
export class LineAssembly {
  readonly #open = new Map<string, RawLine>();

  /** The line that this record ends, if it does. A record of the engine itself is none and is left to the caller. */
  add({ stream, time, task = '', text, ends, cut }: LogRecord): RawLine | undefined {
    if (stream === 'system') return undefined;
    const key = `${task} ${stream}`;
    const begun = this.#open.get(key);
    const whole = (begun?.text ?? '') + text;
    const line: RawLine = {
      time: begun?.time ?? time,
      ...{ task, stream, text: whole.slice(0, logLineLengthMax) },
      cut: cut || begun?.cut === true || whole.length > logLineLengthMax,
    };
    this.#open.delete(key);
    if (ends) return line;
    this.#open.set(key, line);
    if (this.#open.size > openMax) this.#open.delete(this.#open.keys().next().value!);
    return undefined;
  }
}

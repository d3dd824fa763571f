// One source of log lines: its past, and what it prints from then on, without a gap and without a line twice.
import type { LogLine } from '../../../core/contracts/logs.ts';
import type { LogRecord } from '../engine/objects.ts';
import type { EngineStream, LogOptions } from '../engine/port.ts';
import { LineAssembly, type RawLine } from './assemble.ts';
import { type LineFilter, toUnixSeconds } from './choose.ts';
import { levelOf } from './level.ts';
import { toPlain } from './plain.ts';

export interface LogSource {
  /** The service or container: a source that is listed again is known by it. */
  name: string;
  open(options: LogOptions, signal: AbortSignal): EngineStream<LogRecord>;
  /** `shop-r12.3` of a task. */
  replicaOf(task: string): string;
  /** Resolves once the engine was asked who that is, where that was not known; at once where it was. */
  meet?(task: string): Promise<void>;
}

/** Lines may reach the engine late from another node: a stream that is opened anew begins so much earlier. */
const overlapSeconds = 2;
/** Records that are read without a breath: a flood must not keep everybody else waiting. */
const breathRecords = 500;
const breathSeconds = 0.05;
/** Streams of tasks that are remembered; the oldest ended long ago. */
const seenMax = 2_000;

export class SourceReader {
  readonly source: LogSource;
  readonly #filter: LineFilter;
  readonly #lines = new LineAssembly();
  /** The time of the newest line by task and stream: what is not newer was seen. */
  readonly #seen = new Map<string, string>();
  #newest = '';
  readonly #after: string;
  /** Unix seconds of the first look at what is printed from then on. */
  #opened: number | undefined;
  /** What the engine said about this log last, so that it is told once. */
  #complaint: string | undefined;

  constructor(source: LogSource, filter: LineFilter, after: string | undefined) {
    this.source = source;
    this.#filter = filter;
    this.#after = after ?? '';
    this.#newest = this.#after;
  }

  /** The last lines, up to `tail` before the filter; the stream ends by itself. Rejects in the engine's words. */
  async past(tail: number, signal: AbortSignal): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    const options = { follow: false, tail, ...this.#since() };
    for await (const record of this.source.open(options, signal)) {
      if (record.task !== undefined) await this.source.meet?.(record.task);
      const line = this.#take(record);
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }

  /** Hands over each line from where it stopped reading until the engine ends the stream or the signal is aborted. */
  async follow(
    push: (line: LogLine) => void,
    { sleep, unixSeconds }: { sleep(seconds: number): Promise<void>; unixSeconds(): number },
    signal: AbortSignal,
  ): Promise<void> {
    // Where nothing has been read yet only what is printed from now on is asked for.
    const since = this.#since();
    const options = { follow: true, tail: since.since === undefined ? 0 : 10_000, ...since };
    this.#opened ??= unixSeconds();
    let records = 0;
    for await (const record of this.source.open(options, signal)) {
      if (record.task !== undefined) await this.source.meet?.(record.task);
      const line = this.#take(record);
      if (line !== undefined) push(line);
      if (++records % breathRecords === 0) await sleep(breathSeconds);
    }
  }

  /** What the engine said about this log since this was asked last. */
  takeComplaint(): string | undefined {
    const complaint = this.#complaint;
    this.#complaint = undefined;
    return complaint;
  }

  #since(): { since?: number } {
    const seconds = toUnixSeconds(this.#newest) ?? this.#opened;
    return seconds === undefined ? {} : { since: Math.max(0, seconds - overlapSeconds) };
  }

  #take(record: LogRecord): LogLine | undefined {
    if (record.stream === 'system') this.#complaint = toPlain(record.text).slice(0, 300);
    const raw = this.#lines.add(record);
    if (raw === undefined || this.#wasSeen(raw)) return undefined;
    const line = toLine(raw, this.source);
    return this.#filter(line) ? line : undefined;
  }

  #wasSeen({ task, stream, time }: RawLine): boolean {
    const key = `${task} ${stream}`;
    const last = this.#seen.get(key);
    if (time <= (last ?? this.#after)) return true;
    if (this.#seen.size >= seenMax && last === undefined) this.#seen.delete(this.#seen.keys().next().value!);
    this.#seen.set(key, time);
    if (time > this.#newest) this.#newest = time;
    return false;
  }
}

/** The line as a reader gets it. */
export function toLine({ time, stream, cut, task, text }: RawLine, source: Pick<LogSource, 'replicaOf'>): LogLine {
  const plain = toPlain(text);
  return { time, replica: source.replicaOf(task), stream, level: levelOf(plain), text: plain, cut };
}

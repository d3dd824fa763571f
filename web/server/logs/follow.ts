// A live log: the past of all sources merged by time, then what they print, for as long as there is a reader.
import type { LogEvent, LogLine, LogQuery } from '../../../core/contracts/logs.ts';
import { filterOf, type ReplicaChoice, tailToRead } from './choose.ts';
import { LineMerge, sortByTime } from './merge.ts';
import { type LogSource, SourceReader } from './source.ts';

export interface FollowPorts {
  unixSeconds(): number;
  monotonicSeconds(): number;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export interface LogRequest {
  query: LogQuery;
  /** The time of the last line that the reader had before it was cut off. */
  after: string | undefined;
  /** Asked again and again, as revisions come and go. Rejects where it cannot be told. */
  sources(): Promise<readonly LogSource[]>;
  /** All replicas where there is none. */
  choice?: ReplicaChoice | undefined;
  /** Replicas that are chosen and were not there when the sources were listed last. */
  missing?(): readonly string[];
  /** Aborted with `signed-out` or `gone`. */
  signal: AbortSignal;
}

const pastSeconds = 20;
const tickSeconds = 0.2;
const relistSeconds = 3;
const retrySeconds = 2;
const batchLines = 200;
const bounds = { holdSeconds: 0.25, linesMax: 5_000, lengthMax: 4_000_000 };

/** Never rejects once it has begun: what cannot be read is told in the stream. Ends with `end`, unless the reader is gone. */
export async function* followLogs(request: LogRequest, ports: FollowPorts): AsyncGenerator<LogEvent> {
  const reading = new Reading(request, ports);
  try {
    yield* reading.past();
    if (request.query.follow === 'true') yield* reading.live();
    const { reason, aborted } = request.signal;
    yield { event: 'end', data: { reason: aborted && reason === 'signed-out' ? 'signed-out' : 'finished' } };
  } finally {
    reading.stop();
  }
}

class Reading {
  readonly #request: LogRequest;
  readonly #ports: FollowPorts;
  readonly #filter;
  readonly #readers = new Map<string, SourceReader>();
  readonly #merge = new LineMerge(bounds);
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #notes: string[] = [];

  constructor(request: LogRequest, ports: FollowPorts) {
    this.#request = request;
    this.#ports = ports;
    this.#filter = filterOf(request.query, request.choice);
    this.#signal = AbortSignal.any([request.signal, this.#stopped.signal]);
  }

  stop(): void {
    this.#stopped.abort('closing');
  }

  async *past(): AsyncGenerator<LogEvent> {
    const tail = this.#request.after === undefined ? tailToRead(this.#request.query) : 10_000;
    const sources = await this.#request.sources();
    for (const source of sources) this.#add(source);
    if (sources.length > sourcesMax) this.#notes.push(sayTooMany(sources.length));
    const missing = this.#request.missing?.() ?? [];
    if (missing.length > 0) this.#notes.push(sayMissing(missing));
    if (tail === 0) return;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(pastSeconds * 1000)]);
    const found = await Promise.all(
      [...this.#readers.values()].map((reader) =>
        reader.past(tail, signal).catch((error: Error) => {
          this.#notes.push(`${reader.source.name}: ${error.message.slice(0, 300)}`);
          return [];
        }),
      ),
    );
    const lines = sortByTime(found.flat());
    const shown = this.#request.after === undefined ? this.#request.query.tail : lines.length;
    yield* this.#tell(lines.slice(Math.max(0, lines.length - shown)));
  }

  async *live(): AsyncGenerator<LogEvent> {
    const { monotonicSeconds, sleep } = this.#ports;
    for (const reader of this.#readers.values()) void this.#pump(reader);
    let listed = monotonicSeconds();
    while (!this.#signal.aborted) {
      await sleep(tickSeconds, this.#signal);
      const now = monotonicSeconds();
      if (now - listed >= relistSeconds) {
        listed = now;
        await this.#relist();
      }
      yield* this.#tell(this.#merge.take(now));
    }
  }

  *#tell(lines: readonly LogLine[]): Generator<LogEvent> {
    for (const reader of this.#readers.values()) {
      const complaint = reader.takeComplaint();
      if (complaint !== undefined) this.#notes.push(complaint);
    }
    for (const text of this.#notes.splice(0)) yield { event: 'note', data: { text } };
    const dropped = this.#merge.takeDropped();
    if (dropped > 0) yield { event: 'dropped', data: { lines: dropped } };
    for (let from = 0; from < lines.length; from += batchLines) {
      const batch = lines.slice(from, from + batchLines);
      yield { event: 'lines', data: batch, id: batch.at(-1)!.time };
    }
  }

  #add(source: LogSource): SourceReader | undefined {
    if (this.#readers.has(source.name) || this.#readers.size >= sourcesMax) return undefined;
    const reader = new SourceReader(source, this.#filter, this.#request.after);
    this.#readers.set(source.name, reader);
    return reader;
  }

  /** A source that is gone ends by itself; a new one is read from its beginning. */
  async #relist(): Promise<void> {
    const sources = await this.#request.sources().catch(() => undefined);
    if (sources === undefined) return; // the engine cannot tell now: what is being read goes on
    for (const source of sources) {
      const reader = this.#add(source);
      if (reader === undefined) continue;
      const lines = await reader.past(10_000, this.#signal).catch(() => []);
      for (const line of lines) this.#merge.push(line, this.#ports.monotonicSeconds());
      void this.#pump(reader);
    }
    const present = new Set(sources.map(({ name }) => name));
    for (const name of this.#readers.keys()) if (!present.has(name)) this.#readers.delete(name);
  }

  /** Reads one source until it is gone: streams end when the engine restarts, or after a long silence. */
  async #pump(reader: SourceReader): Promise<void> {
    const push = (line: LogLine) => this.#merge.push(line, this.#ports.monotonicSeconds());
    let told = false;
    while (!this.#signal.aborted && this.#readers.get(reader.source.name) === reader) {
      try {
        await reader.follow(push, this.#ports, this.#signal);
        told = false;
      } catch (error) {
        if (!told && !this.#signal.aborted)
          this.#notes.push(`${reader.source.name}: ${(error as Error).message.slice(0, 300)}`);
        told = true;
      }
      await this.#ports.sleep(retrySeconds, this.#signal);
    }
  }
}

/** Revisions and containers that are read together; the first ones of more. */
export const sourcesMax = 16;

export function sayTooMany(count: number): string {
  return `${sourcesMax} of ${count} revisions and containers are read, the others not: choose fewer.`;
}

/** At most a few by name. */
export function sayMissing(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}: not there now; lines come once something runs under that name.`;
}

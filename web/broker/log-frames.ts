// Reads the engine's log stream: frames, or bare lines of a terminal, become records; of what the engine adds to them only times and tasks are kept.
import { BadAnswer } from './json-stream.ts';

/** A part of a line at least: `ends` says that the line is whole with it. */
export interface LogRecord {
  /** `system`: the engine's own words about a log that it cannot read. */
  stream: 'stdout' | 'stderr' | 'system';
  /** RFC 3339 with nanoseconds; empty where the engine gave none. */
  time: string;
  /** Of a service's log: the task and the node that it ran on. */
  task?: string;
  node?: string;
  text: string;
  ends: boolean;
  /** There was more than is kept. */
  cut: boolean;
}

/** The engine itself cuts what containers print every 16 KiB. */
const textBytesMax = 65_536;
/** A time, and the details in front of the text. */
const prefixBytesMax = 4_096;
const bytesMax = textBytesMax + prefixBytesMax;
const headerBytes = 8;
const streams = ['stdout', 'stdout', 'stderr', 'system'] as const;

/** `multiplexed`: frames of eight bytes' header (stream, three zeros, length) and payload. `raw`: a terminal's output, line by line. */
export type LogForm = 'multiplexed' | 'raw';

/** Holds one record at most, and of that no more than its bound: the rest is skipped and told as cut. Cost: one copy of each byte. */
export class LogSplitter {
  readonly #form: LogForm;
  readonly #detailed: boolean;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #skipped = false;
  #endsLine = false;
  /** Bytes of the frame that are still to come, or undefined while its header is. */
  #awaited: number | undefined;
  #stream: LogRecord['stream'] = 'stdout';

  /** `detailed`: between time and text stand the details that were asked for. */
  constructor(form: LogForm, detailed: boolean) {
    this.#form = form;
    this.#detailed = detailed;
  }

  /** The records that end in this chunk. Throws on bytes that are no frame. */
  push(chunk: Uint8Array): LogRecord[] {
    return this.#form === 'raw' ? this.#pushRaw(chunk) : this.#pushFrames(chunk);
  }

  /** Called when the stream has ended: a terminal's last line may lack its end. */
  end(): LogRecord[] {
    if (this.#form === 'raw') return this.#heldBytes > 0 || this.#skipped ? [this.#record()] : [];
    if (this.#awaited !== undefined || this.#heldBytes > 0) throw new BadAnswer('the log ends in the middle');
    return [];
  }

  #pushRaw(chunk: Uint8Array): LogRecord[] {
    const records: LogRecord[] = [];
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      this.#hold(chunk.subarray(from, at + 1));
      records.push(this.#record());
      from = at + 1;
    }
    this.#hold(chunk.slice(from));
    return records;
  }

  #pushFrames(chunk: Uint8Array): LogRecord[] {
    const records: LogRecord[] = [];
    let from = 0;
    while (from < chunk.length) {
      const wanted = this.#awaited ?? headerBytes - this.#heldBytes;
      const part = chunk.subarray(from, from + wanted);
      from += part.length;
      this.#hold(from === chunk.length ? part.slice() : part);
      if (this.#awaited !== undefined) this.#awaited -= part.length;
      else if (this.#heldBytes === headerBytes) this.#awaited = this.#readHeader();
      if (this.#awaited !== 0) continue;
      records.push(this.#record());
      this.#awaited = undefined;
    }
    return records;
  }

  /** The length of the payload. */
  #readHeader(): number {
    const header = this.#take();
    const stream = streams[header[0]!];
    if (stream === undefined || header[1] !== 0 || header[2] !== 0 || header[3] !== 0)
      throw new BadAnswer('not a log of frames');
    this.#stream = stream;
    this.#endsLine = false;
    return new DataView(header.buffer).getUint32(4);
  }

  #hold(part: Uint8Array): void {
    const room = bytesMax - this.#heldBytes;
    const kept = part.subarray(0, room);
    if (kept.length < part.length) this.#skipped = true;
    // The end of a line must be known even where its middle is skipped.
    if (part.length > 0) this.#endsLine = part.at(-1) === 0x0a;
    if (kept.length === 0) return;
    this.#held.push(kept);
    this.#heldBytes += kept.length;
  }

  #take(): Uint8Array {
    const whole = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const part of this.#held) {
      whole.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }

  #record(): LogRecord {
    const ends = this.#endsLine;
    const cut = this.#skipped;
    this.#skipped = false;
    this.#endsLine = false;
    // Bytes that are no text become the replacement character: containers print what they like.
    const text = new TextDecoder('utf-8').decode(this.#take());
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    return { stream: this.#stream, ...readPrefix(line, this.#detailed && this.#stream !== 'system'), ends, cut };
  }
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) /;

/** Details are `name=value,…` up to a blank, values percent-encoded; a host's log driver may add values of environments to them. */
function readPrefix(line: string, detailed: boolean): Pick<LogRecord, 'time' | 'text' | 'task' | 'node'> {
  const stamped = timePattern.exec(line)?.[0] ?? '';
  const time = stamped.trimEnd();
  const rest = line.slice(stamped.length);
  if (!detailed) return { time, text: rest };
  const blank = rest.indexOf(' ');
  // Without a blank it is all details, whose values are nobody's business.
  if (blank < 0) return { time, text: '' };
  const details = new Map(
    rest
      .slice(0, blank)
      .split(',')
      .map((pair) => pair.split('=', 2) as [string, string]),
  );
  const [task, node] = [details.get('com.docker.swarm.task.id'), details.get('com.docker.swarm.node.id')];
  return { time, text: rest.slice(blank + 1), ...(task && { task }), ...(node && { node }) };
}

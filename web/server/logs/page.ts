// Lines of the past around a time: read from the newest back in growing steps, as the engine's logs can be read from no other end.
import type { LogLine, LogPage, PageQuery } from '../../../core/contracts/logs.ts';
import { LineAssembly } from './assemble.ts';
import { filterOf, type LineFilter, type ReplicaChoice } from './choose.ts';
import { sayMissing, sayTooMany, sourcesMax } from './follow.ts';
import { sortByTime } from './merge.ts';
import { type LogSource, toLine } from './source.ts';

export interface PageRequest {
  query: PageQuery;
  sources: readonly LogSource[];
  choice?: ReplicaChoice | undefined;
  missing?: readonly string[];
  signal: AbortSignal;
}

/**
 * Lines of each replica that are asked for, step by step until there are enough: `tail` is the one bound that services' logs have, and it counts
 * from the newest line. (`until`, which containers' logs have, is looked at after it and reaches no further.)
 */
const tails = [100, 1_000, 10_000];
/** Of a whole page, all steps together: below what a reader waits for. */
const deadlineSeconds = 12;
/** Characters that are read in one step, of all sources: beyond it the step before counts. */
const readLengthMax = 48_000_000;
/** Characters of a page. */
const pageLengthMax = 4_000_000;
/** Records that are read without a breath: everybody else waits meanwhile. */
const breathRecords = 1_000;
/** A page is not parted between lines of one time, unless there are very many. */
const sameTimeMax = 100;

/** Never rejects for a source that cannot be read: that is told in the page. */
export async function readPage(
  { query, sources, choice, missing = [], signal }: PageRequest,
  sleep: (seconds: number) => Promise<void>,
): Promise<LogPage> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(deadlineSeconds * 1000)]);
  const whole = { query, sources: sources.slice(0, sourcesMax), filter: filterOf(query, choice), sleep };
  let step = await readStep(whole, tails[0]!, ending);
  for (const tail of tails.slice(1)) {
    if (step.isEnough() || step.stopped) break;
    const next = await readStep(whole, tail, ending);
    // What was read less far and to its end is worth more than what was read in part.
    if (next.stopped) step.stopped = true;
    else step = next;
  }
  const notes = missing.length > 0 ? [sayMissing(missing)] : [];
  if (sources.length > sourcesMax) notes.push(sayTooMany(sources.length));
  return step.page(notes);
}

interface Whole {
  query: PageQuery;
  sources: readonly LogSource[];
  filter: LineFilter;
  sleep(seconds: number): Promise<void>;
}

async function readStep(whole: Whole, tail: number, signal: AbortSignal): Promise<Step> {
  const step = new Step(whole.query, tail);
  await Promise.all(
    whole.sources.map((source) =>
      readSource(source, step, whole, signal).catch((error: Error) => {
        if (signal.aborted) step.stopped = true;
        else step.notes.add(`${source.name}: ${error.message.slice(0, 300)}`);
      }),
    ),
  );
  return step;
}

async function readSource(source: LogSource, step: Step, { filter, sleep }: Whole, signal: AbortSignal): Promise<void> {
  const assembly = new LineAssembly();
  let records = 0;
  for await (const record of source.open({ follow: false, tail: step.tail }, signal)) {
    if (record.stream === 'system') continue;
    if (record.task !== undefined) await source.meet?.(record.task);
    step.count(`${source.name} ${record.task ?? ''}`, record.time, record.text.length);
    const raw = assembly.add(record);
    if (raw !== undefined && step.wants(raw.time)) {
      const line = toLine(raw, source);
      if (filter(line)) step.add(line);
    }
    if (step.stopped) return;
    if (++records % breathRecords === 0) await sleep(0.001);
  }
}

/** What one reading of all sources brought. */
class Step {
  readonly tail: number;
  /** Ended by its deadline or its bound. */
  stopped = false;
  readonly notes = new Set<string>();
  readonly #time: string;
  readonly #before: Side;
  readonly #after: Side;
  /** Records of each replica, and the time of its first. */
  readonly #read = new Map<string, { count: number; from: string }>();
  #length = 0;
  #later = false;
  readonly #strictlyAfter: boolean;

  constructor({ before, at, after, tail: wanted }: PageQuery, tail: number) {
    this.tail = tail;
    this.#time = wholeTime(before ?? at ?? after ?? '');
    this.#strictlyAfter = after !== undefined;
    const half = Math.ceil(wanted / 2);
    this.#before = new Side('newest', before === undefined ? (at === undefined ? 0 : half) : wanted);
    this.#after = new Side('oldest', after === undefined ? (at === undefined ? 0 : wanted - half) : wanted);
  }

  count(replica: string, time: string, length: number): void {
    const known = this.#read.get(replica);
    if (known === undefined) this.#read.set(replica, { count: 1, from: time });
    else known.count += 1;
    this.#length += length;
    if (this.#length > readLengthMax) this.stopped = true;
  }

  /** Whether a line of this time may be in the page; of the others it is only known that they are there. */
  wants(time: string): boolean {
    if (time >= this.#time && this.#after.most === 0) this.#later = true;
    return !(time >= this.#time && this.#after.most === 0);
  }

  add(line: LogLine): void {
    if (line.time < this.#time || (this.#strictlyAfter && line.time === this.#time)) this.#before.add(line);
    else this.#after.add(line);
  }

  isEnough(): boolean {
    const from = this.#completeFrom();
    if (from === undefined) return true;
    const back = this.#before.lines();
    const enoughBack = this.#before.most === 0 || (back.length >= this.#before.most && back[0]!.time >= from);
    return enoughBack && (this.#after.most === 0 || from <= this.#time);
  }

  page(notes: readonly string[]): LogPage {
    const [back, forth] = [this.#before.lines(), this.#after.lines()];
    const items = [...back, ...forth];
    const from = this.#completeFrom();
    const furthest = this.stopped || this.tail === tails.at(-1);
    const more = this.#before.seen > back.length || (from !== undefined && !furthest);
    const told = [...notes, ...this.notes];
    if (this.stopped) told.push('So much is written here that it was not read further back.');
    return {
      items,
      older: more ? 'more' : from !== undefined || this.stopped ? 'beyond' : 'none',
      newer: this.#later || this.#after.seen > forth.length,
      completeFrom: from !== undefined && furthest && (items[0]?.time ?? this.#time) < from ? from : null,
      notes: told,
    };
  }

  /** From when on every replica was read; undefined where each was to its beginning. */
  #completeFrom(): string | undefined {
    const parted = [...this.#read.values()].filter(({ count }) => count >= this.tail);
    return parted
      .map(({ from }) => from)
      .reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  }
}

/** Lines on one side of the time: the nearest ones stay, up to a number and a length. */
class Side {
  readonly most: number;
  /** How many there were in all. */
  seen = 0;
  readonly #keep: 'newest' | 'oldest';
  #lines: LogLine[] = [];
  #length = 0;

  constructor(keep: 'newest' | 'oldest', most: number) {
    this.#keep = keep;
    this.most = most;
  }

  add(line: LogLine): void {
    this.seen += 1;
    if (this.most === 0) return;
    this.#lines.push(line);
    this.#length += line.text.length;
    if (this.#lines.length > 2 * this.most + sameTimeMax || this.#length > 2 * pageLengthMax) this.#trim();
  }

  /** In the order of their times. */
  lines(): readonly LogLine[] {
    this.#trim();
    return this.#lines;
  }

  #trim(): void {
    const sorted = sortByTime(this.#lines);
    if (this.#keep === 'newest') sorted.reverse();
    let [kept, length] = [0, 0];
    for (; kept < sorted.length; kept++) {
      const { time, text } = sorted[kept]!;
      const together = kept > 0 && kept < this.most + sameTimeMax && time === sorted[kept - 1]!.time;
      if (kept > 0 && ((kept >= this.most && !together) || length + text.length > pageLengthMax)) break;
      length += text.length;
    }
    const nearest = sorted.slice(0, kept);
    this.#lines = this.#keep === 'newest' ? nearest.reverse() : nearest;
    this.#length = length;
  }
}

/** With nine digits of the second, as the engine writes it: so that times can be compared as text. */
export function wholeTime(time: string): string {
  const [, second = '', digits = ''] = /^(.+?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  return `${second}.${digits.padEnd(9, '0')}Z`;
}

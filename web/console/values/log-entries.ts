// Lines of a log as entries: a stack trace belongs to the line it explains, JSON can be opened, long lines are cut.
import type { LogLine } from '../../../core/contracts/logs.ts';
import { harmlessLine } from './hostile.ts';
import { readJsonRow, unfoldJson } from './log-json.ts';

export interface LogEntry {
  /** Numbers the entry for as long as it is kept; entries stand in the order of their numbers. */
  id: number;
  line: LogLine;
  /** Lines that belong to it, such as a stack trace. */
  rest: readonly string[];
  /** Time of the last line that belongs to it. */
  until: string;
}

/** What stands in the row of an entry. */
export interface EntryRow {
  text: string;
  /** Other fields of JSON, for a quieter voice. */
  fields: string;
  /** On the button that opens it, and what that says; undefined where there is no more. */
  fold: { mark: string; label: string } | undefined;
}

const restMax = 200;
const shownLengthMax = 2_000;
const continues = /^(\s+\S|\}|\)|Caused by: |\.\.\. \d+ more|Traceback \(most recent)/;

/** Adds lines in place; one that continues the line before of the same replica joins it. Gives the number for the next entry. */
export function addLines(entries: LogEntry[], lines: readonly LogLine[], nextId: number): number {
  let id = nextId;
  for (const line of lines) {
    const last = entries.at(-1);
    if (last !== undefined && belongs(last, line))
      entries[entries.length - 1] = { ...last, rest: [...last.rest, line.text], until: line.time };
    else entries.push({ id: id++, line, rest: [], until: line.time });
  }
  return id;
}

/** Puts older lines before the entries, numbered downwards; what begins in the one and goes on in the other becomes whole. */
export function addOlder(entries: readonly LogEntry[], lines: readonly LogLine[]): LogEntry[] {
  const older: LogEntry[] = [];
  addLines(older, lines, 0);
  const [first, ...others] = entries;
  const last = older.at(-1);
  const joined = first !== undefined && last !== undefined && first.rest.length === 0 && belongs(last, first.line);
  if (joined) older[older.length - 1] = { ...last, rest: [...last.rest, first.line.text], until: first.until };
  const begin = (first?.id ?? 0) - older.length;
  return [...older.map((entry, place) => ({ ...entry, id: begin + place })), ...(joined ? others : entries)];
}

function belongs(last: LogEntry, line: LogLine): boolean {
  return last.line.replica === line.replica && continues.test(line.text) && last.rest.length < restMax;
}

/** Cost: what a row may cost; it is asked for once for each entry that comes in sight. */
export function readEntryRow({ line, rest }: LogEntry): EntryRow {
  const json = readJsonRow(line.text);
  const { text, fields } = json ?? { text: harmlessLine(line.text, shownLengthMax), fields: '' };
  const below = rest.length > 0 ? `${rest.length} more ${rest.length === 1 ? 'line' : 'lines'}` : '';
  if (json !== undefined) {
    const label = below === '' ? 'The whole JSON' : `The whole JSON and ${below}`;
    return { text, fields, fold: { mark: below === '' ? '{ }' : `{ } ${rest.length}`, label } };
  }
  if (line.text.length > shownLengthMax) return { text, fields, fold: { mark: '…', label: 'The whole line' } };
  return { text, fields, fold: below === '' ? undefined : { mark: String(rest.length), label: below } };
}

/** What is seen once the row is open: the rest of a trace, or JSON one field a line; empty where there is nothing more. */
export function foldedLines({ line, rest }: LogEntry): string[] {
  const json = unfoldJson(line.text, restMax);
  const cut = json === undefined && line.text.length > shownLengthMax ? chunk(line.text, 400) : [];
  const below = rest.slice(0, restMax).map((text) => harmlessLine(text, shownLengthMax));
  return [...cut.map((text) => harmlessLine(text, shownLengthMax)), ...(json ?? []), ...below];
}

function chunk(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

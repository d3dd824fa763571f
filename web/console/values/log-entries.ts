// Lines of a log as entries: a stack trace belongs to the line it explains, JSON can be opened, long lines are cut.
import type { LogLine } from '../../../core/contracts/logs.ts';
import { harmlessLine } from './hostile.ts';

export interface LogEntry {
  /** Numbers the entry for as long as it is kept. */
  id: number;
  line: LogLine;
  /** Lines that belong to it, such as a stack trace. */
  rest: readonly string[];
}

const restMax = 200;
const shownLengthMax = 2_000;
const continues = /^(\s+\S|\}|\)|Caused by: |\.\.\. \d+ more|Traceback \(most recent)/;

/** Adds lines in place; one that continues the line before of the same replica joins it. Gives the number for the next entry. */
export function addLines(entries: LogEntry[], lines: readonly LogLine[], nextId: number): number {
  let id = nextId;
  for (const line of lines) {
    const last = entries.at(-1);
    if (
      last !== undefined &&
      last.line.replica === line.replica &&
      continues.test(line.text) &&
      last.rest.length < restMax
    )
      entries[entries.length - 1] = { ...last, rest: [...last.rest, line.text] };
    else entries.push({ id: id++, line, rest: [] });
  }
  return id;
}

/** What stands in the row. */
export function rowText({ line }: LogEntry): string {
  return harmlessLine(line.text, shownLengthMax);
}

/** What is seen once the row is open: the rest of a trace, or JSON one field a line; empty where there is nothing more. */
export function foldedLines({ line, rest }: LogEntry): string[] {
  const json = readJson(line.text);
  const fields =
    json === undefined
      ? []
      : Object.entries(json).map(
          ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        );
  const cut = fields.length === 0 && line.text.length > shownLengthMax ? chunk(line.text, 400) : [];
  return [...cut, ...fields, ...rest].slice(0, restMax).map((text) => harmlessLine(text, shownLengthMax));
}

function readJson(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{') || text.length > 65_536) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function chunk(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

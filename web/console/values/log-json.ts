// A line that is JSON, as a person reads it: its message, what else tells most of it, and the whole of it folded open. Nothing of it is trusted.
import { harmlessLine } from './hostile.ts';

/** What stands in a row: the message, and the rest in a quieter voice. */
export interface JsonRow {
  text: string;
  fields: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A line that is longer is shown as it is: reading it for every row in sight would cost more than a frame. */
const rowLengthMax = 8_192;
const fieldsMax = 6;
const valueLengthMax = 80;
const textLengthMax = 2_000;
const depthMax = 12;

const messages = ['msg', 'message', 'short_message', 'event'];
/** Told by the row itself, or the same in every line. */
const told = new Set([
  ...['level', 'severity', 'lvl', 'log.level', 'levelname', 'time', 'ts', 'timestamp', '@timestamp', 'date', 't'],
  ...['pid', 'hostname', 'v', '@version'],
]);
/** What a reader looks for first; the others follow as the line has them. */
const foremost = [
  ...['error', 'err', 'exception', 'status', 'statusCode', 'status_code', 'code', 'method', 'path', 'url', 'route'],
  ...['duration', 'durationMs', 'duration_ms', 'elapsed', 'requestId', 'request_id', 'traceId', 'trace_id', 'user'],
];

/** Undefined where the line is no object of JSON, or too long to be read for a row. Cost: one reading of at most 8 KB. */
export function readJsonRow(text: string): JsonRow | undefined {
  if (text.length > rowLengthMax) return undefined;
  const json = readJson(text);
  if (json === undefined) return undefined;
  const message = messages.find((name) => typeof json[name] === 'string' && json[name] !== '');
  const others = Object.entries(json).filter(([name, value]) => name !== message && !told.has(name) && says(value));
  const sorted = others.map((pair, place) => ({ pair, rank: rankOf(pair[0], place) })).sort((a, b) => a.rank - b.rank);
  const fields = harmlessLine(
    sorted
      .slice(0, fieldsMax)
      .map(({ pair: [name, value] }) => `${name.slice(0, 40)}=${shown(value)}`)
      .join(' '),
    textLengthMax,
  );
  if (message === undefined) return { text: fields, fields: '' };
  return { text: harmlessLine(json[message] as string, textLengthMax), fields };
}

/** The whole of it, one field a line, at most so many lines; undefined where it is no object of JSON. */
export function unfoldJson(text: string, linesMax: number): string[] | undefined {
  const json = readJson(text);
  if (json === undefined) return undefined;
  const lines: string[] = [];
  const all = unfold(lines, linesMax, { before: '', value: json, after: '', depth: 0 });
  if (!all) lines.push('… there is more of it');
  return lines.map((line) => harmlessLine(line, textLengthMax));
}

interface Part {
  before: string;
  value: unknown;
  after: string;
  depth: number;
}

/** Writes a value over as many lines as it needs. Its own, as JSON.stringify knows no bound: a line of brackets alone would become gigabytes of indentation. */
function unfold(lines: string[], linesMax: number, { before, value, after, depth }: Part): boolean {
  if (lines.length >= linesMax) return false;
  const indent = '  '.repeat(depth);
  const entries: [string, unknown][] =
    typeof value === 'object' && value !== null && depth < depthMax
      ? Object.entries(value).map(([name, one]) => [Array.isArray(value) ? '' : `${JSON.stringify(name)}: `, one])
      : [];
  if (entries.length === 0) {
    lines.push(`${indent}${before}${compact(value)}${after}`);
    return true;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  lines.push(`${indent}${before}${open}`);
  for (const [place, [name, one]] of entries.entries()) {
    const part = { before: name, value: one, after: place < entries.length - 1 ? ',' : '', depth: depth + 1 };
    if (!unfold(lines, linesMax, part)) return false;
  }
  lines.push(`${indent}${close}${after}`);
  return true;
}

function readJson(text: string): Fields | undefined {
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

function says(value: unknown): boolean {
  return value !== null && value !== '';
}

function rankOf(name: string, place: number): number {
  const first = foremost.indexOf(name);
  return first < 0 ? foremost.length + place : first;
}

/** In quotes where it has blanks; of an error its message. */
function shown(value: unknown): string {
  const { message } = (value ?? {}) as { message?: unknown };
  const said = typeof value === 'object' && typeof message === 'string' ? message : value;
  const plain = typeof said === 'string' && !/[\s"=]/.test(said);
  const text = plain ? said : compact(said);
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}

function compact(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '… nested too deeply'; // thousands of brackets overflow the stack
  }
}

/**
 * A small reader of shell command lines: words with their quoting undone, pipelines, lists, groups, substitutions,
 * redirections and here-documents, after POSIX.1-2017 chapter 2. It expands nothing and refuses nothing: what a real
 * shell would call an error is read as far as it goes, because attackers quote for effect. Each character is read
 * once; nesting deeper than a bound is read as plain text.
 */
import type { Command, Redirect } from './command.ts';
import { command } from './command.ts';
import { undoEscapes } from './escapes.ts';

const depthMax = 12;
const commandsMax = 20_000;
const redirectsMax = 64;

// Words that open or join a compound command.
const keywords = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'coproc', 'time']);

interface Cursor {
  text: string;
  at: number;
  depth: number;
  found: Command[];
  /** Here-documents whose bodies start after the next line break. */
  heredocs: { redirect: Redirect; delimiter: string }[];
}

interface Draft {
  words: string[];
  redirects: Redirect[];
  previous: Command | undefined;
}

/** All commands of a script, inner ones before the command whose words they stand in. */
export function parseScript(text: string): Command[] {
  const cursor: Cursor = { text, at: 0, depth: 0, found: [], heredocs: [] };
  // A list ends early at a closing bracket without its opening one.
  for (; cursor.at < text.length; cursor.at += 1) readList(cursor, '');
  return cursor.found;
}

/** Reads commands until the closing character, which stays unread. Returns the last command, for a pipe after a group. */
function readList(cursor: Cursor, closing: string): Command | undefined {
  let draft: Draft = { words: [], redirects: [], previous: undefined };
  let last: Command | undefined;
  const finish = (piped: boolean): void => {
    last = close(cursor, draft) ?? last;
    draft = { words: [], redirects: [], previous: piped ? last : undefined };
  };
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at]!;
    if (char === ')' && (closing === ')' || draft.words.length === 0)) break;
    if (char === '`' && closing === '`') break;
    if (char === ' ' || char === '\t' || char === '\r') cursor.at += 1;
    else if (char === '\n') {
      cursor.at += 1;
      readHeredocs(cursor);
      finish(false);
    } else if (char === ';') {
      cursor.at += 1;
      finish(false);
    } else if (char === '|') finish(readPipe(cursor));
    else if (char === '&' && cursor.text[cursor.at + 1] !== '>') {
      cursor.at += cursor.text[cursor.at + 1] === '&' ? 2 : 1;
      finish(false);
    } else if (char === '#') skipComment(cursor);
    else if (char === '(' && opensGroup(draft) && cursor.depth < depthMax) {
      cursor.at += 1;
      const tail = nested(cursor, ')');
      last = tail ?? last;
      draft = { words: [], redirects: draft.redirects, previous: tail };
      if (nextIsPipe(cursor)) finishGroup(cursor, draft);
    } else if (!readRedirect(cursor, draft, closing)) draft.words.push(readWord(cursor, closing));
  }
  last = close(cursor, draft) ?? last;
  return last;
}

/** After "( … ) |" the command behind the pipe reads the group's last command. */
function finishGroup(cursor: Cursor, draft: Draft): void {
  while (cursor.text[cursor.at] === ' ') cursor.at += 1;
  readPipe(cursor);
  draft.redirects = [];
}

function nextIsPipe(cursor: Cursor): boolean {
  let at = cursor.at;
  while (cursor.text[at] === ' ') at += 1;
  return cursor.text[at] === '|' && cursor.text[at + 1] !== '|';
}

function opensGroup(draft: Draft): boolean {
  return draft.words.length === 0 || (draft.words.length === 1 && keywords.has(draft.words[0]!));
}

/** Steps over "|", "|&" or "||"; true for the two that carry output. */
function readPipe(cursor: Cursor): boolean {
  const next = cursor.text[cursor.at + 1];
  cursor.at += next === '|' || next === '&' ? 2 : 1;
  return next !== '|';
}

function skipComment(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.at = end < 0 ? cursor.text.length : end;
}

function close(cursor: Cursor, draft: Draft): Command | undefined {
  let first = 0;
  while (first < draft.words.length && keywords.has(draft.words[first]!)) first += 1;
  const words = first === 0 ? draft.words : draft.words.slice(first);
  if (words.length === 0 && draft.redirects.length === 0) return undefined;
  const done = command(words, { redirects: draft.redirects.slice(0, redirectsMax), previous: draft.previous });
  if (cursor.found.length < commandsMax) cursor.found.push(done);
  else cursor.found[commandsMax - 1] = done;
  return done;
}

/** Reads an inner list and steps over its closing character. */
function nested(cursor: Cursor, closing: string): Command | undefined {
  cursor.depth += 1;
  const last = readList(cursor, closing);
  cursor.depth -= 1;
  cursor.at += 1;
  return last;
}

const redirection = /(\d{0,3}|&)(<<<|<<-?|<>|<&|>>|>&|>\||<|>)(?!\()/y;

function readRedirect(cursor: Cursor, draft: Draft, closing: string): boolean {
  redirection.lastIndex = cursor.at;
  const match = redirection.exec(cursor.text);
  if (match === null) return false;
  cursor.at += match[0].length;
  while (cursor.text[cursor.at] === ' ') cursor.at += 1;
  const operator = match[1] === '&' ? `&${match[2]}` : match[2]!;
  const standard = operator.startsWith('<') ? 0 : 1;
  const redirect: Redirect = {
    operator,
    descriptor: match[1] === '' ? standard : match[1] === '&' ? -1 : Number(match[1]),
    target: isBreak(cursor.text[cursor.at]) ? '' : readWord(cursor, closing),
  };
  if (operator === '<<' || operator === '<<-') cursor.heredocs.push({ redirect, delimiter: redirect.target });
  draft.redirects.push(redirect);
  return true;
}

function readHeredocs(cursor: Cursor): void {
  for (const { redirect, delimiter } of cursor.heredocs) {
    const start = cursor.at;
    let end = start;
    while (end < cursor.text.length) {
      const lineEnd = cursor.text.indexOf('\n', end);
      const stop = lineEnd < 0 ? cursor.text.length : lineEnd;
      const isLast = cursor.text.slice(end, stop).trim() === delimiter;
      cursor.at = Math.min(cursor.text.length, stop + 1);
      if (isLast) break;
      end = cursor.at;
    }
    redirect.target = cursor.text.slice(start, end);
  }
  cursor.heredocs = [];
}

function isBreak(char: string | undefined): boolean {
  return char === undefined || ' \t\r\n;|&()<>'.includes(char);
}

const plainRun = /[^\s;|&()<>'"`\\$]+/y;

/** One word with its quotes undone; substitutions in it are read as commands of their own and kept as written. */
function readWord(cursor: Cursor, closing: string): string {
  const { text } = cursor;
  let word = '';
  const start = cursor.at;
  while (cursor.at < text.length) {
    plainRun.lastIndex = cursor.at;
    const run = plainRun.exec(text);
    if (run !== null) {
      word += run[0];
      cursor.at += run[0].length;
      continue;
    }
    const char = text[cursor.at]!;
    if (char === "'") word += readSingle(cursor);
    else if (char === '"') word += readDouble(cursor);
    else if (char === '\\') word += readEscape(cursor);
    else if (char === '$') {
      const part = readDollar(cursor);
      if (part === separator) break;
      word += part;
    } else if (char === '`' && closing !== '`') word += readBackticks(cursor);
    else if ((char === '<' || char === '>') && text[cursor.at + 1] === '(') word += readSubstitution(cursor, 2);
    else if (char === '(' && word !== '') word += readLiteral(cursor);
    else if (char === ')' && closing !== ')' && word !== '') word += readLiteral(cursor);
    else break;
  }
  if (cursor.at === start) word = readLiteral(cursor); // always moves on
  return word;
}

function readLiteral(cursor: Cursor): string {
  cursor.at += 1;
  return cursor.text[cursor.at - 1] ?? '';
}

function readSingle(cursor: Cursor): string {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  const stop = end < 0 ? cursor.text.length : end;
  const inner = cursor.text.slice(cursor.at + 1, stop);
  cursor.at = stop + 1;
  return inner;
}

function readEscape(cursor: Cursor): string {
  const next = cursor.text[cursor.at + 1];
  cursor.at += 2;
  return next === '\n' || next === undefined ? '' : next;
}

const doubleRun = /[^"\\$`]+/y;

function readDouble(cursor: Cursor): string {
  const { text } = cursor;
  let inner = '';
  cursor.at += 1;
  while (cursor.at < text.length) {
    doubleRun.lastIndex = cursor.at;
    const run = doubleRun.exec(text);
    if (run !== null) {
      inner += run[0];
      cursor.at += run[0].length;
      continue;
    }
    const char = text[cursor.at];
    if (char === '"') break;
    if (char === '\\') {
      const next = text[cursor.at + 1] ?? '';
      inner += '"\\$`'.includes(next) ? next : next === '\n' ? '' : `\\${next}`;
      cursor.at += 2;
    } else if (char === '`') inner += readBackticks(cursor);
    else if (text[cursor.at + 1] === '(') inner += readSubstitution(cursor, 2);
    else inner += readLiteral(cursor);
  }
  cursor.at += 1;
  return inner;
}

/** $IFS outside quotes ends a word: the usual way to write a line without blanks (T1027). */
const separator = '\u0000separator';
const fieldSeparator = /\$(?:IFS(?:\$\d)?(?![A-Za-z0-9_])|\{IFS[^}\s]{0,8}\})/y;
const parameter = /\$\{[^}\n]{0,64}\}/y;

function readDollar(cursor: Cursor): string {
  const { text } = cursor;
  const next = text[cursor.at + 1];
  if (next === '(') return readSubstitution(cursor, 2);
  if (next === "'") return readAnsi(cursor);
  if (next === '"') {
    cursor.at += 1;
    return readDouble(cursor);
  }
  fieldSeparator.lastIndex = cursor.at;
  const blank = fieldSeparator.exec(text);
  if (blank !== null) {
    cursor.at += blank[0].length;
    return separator;
  }
  parameter.lastIndex = cursor.at;
  const whole = parameter.exec(text);
  if (whole === null) return readLiteral(cursor);
  cursor.at += whole[0].length;
  return whole[0];
}

/** $(…), <(…) and >(…): the inside is a list of its own. */
function readSubstitution(cursor: Cursor, opening: number): string {
  if (cursor.depth >= depthMax) return readLiteral(cursor);
  const start = cursor.at;
  cursor.at += opening;
  nested(cursor, ')');
  return cursor.text.slice(start, cursor.at);
}

function readBackticks(cursor: Cursor): string {
  if (cursor.depth >= depthMax) return readLiteral(cursor);
  const start = cursor.at;
  cursor.at += 1;
  nested(cursor, '`');
  return cursor.text.slice(start, cursor.at);
}

/** $'…': a quoted word whose escapes are undone. */
function readAnsi(cursor: Cursor): string {
  let end = cursor.at + 2;
  while (end < cursor.text.length && cursor.text[end] !== "'") end += cursor.text[end] === '\\' ? 2 : 1;
  const inner = cursor.text.slice(cursor.at + 2, end);
  cursor.at = end + 1;
  return undoEscapes(inner);
}

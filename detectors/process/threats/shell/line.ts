// One process's arguments, read: every command they start, unwrapped, with the text they were read from.
import { ends, readable } from './bounds.ts';
import type { Command } from './command.ts';
import { command } from './command.ts';
import { parseScript } from './parse.ts';
import { shells } from './runners.ts';
import { unwrap } from './unwrap.ts';

export interface Line {
  commands: readonly Command[];
  /** The arguments joined by blanks, cut to what is read at all. */
  text: string;
  /** Characters that were too many to read. */
  omitted: number;
}

const argsMax = 5_000;

/** Reads an argument list as the kernel holds it: nothing in it is quoted, only shells see syntax in it. */
export function readArguments(argv: readonly string[]): Line {
  const whole = argv.reduce((sum, arg) => sum + arg.length + 1, 0);
  const words = ends(argv, argsMax);
  const total = words.reduce((sum, arg) => sum + arg.length + 1, 0);
  const kept = total > 98_304 ? words.map((word) => readable(word).text) : words;
  const { text } = readable(kept.join(' '));
  return { commands: unwrap([command(kept)]), text, omitted: Math.max(0, whole - text.length - 1) };
}

/** Reads a command line as a person or a log writes it: with quotes, pipes and lists. */
export function readLine(line: string): Line {
  const { text, omitted } = readable(line);
  const joined = splitJoined(text);
  return { commands: unwrap(joined ?? parseScript(text)), text, omitted };
}

const interpreters = /^(?:python|perl|ruby|node|php|lua|tclsh|pypy)[-.\d]*$/;
const prefix = /[^\s'"`|;&<>(){}$\\]+[ \t]*/y;

/**
 * ps and audit logs join arguments by blanks, so in `sh -c cd /tmp; ./x` all that follows -c is one argument. That
 * reading is right where a shell or interpreter opens the line and its code starts without a quote.
 */
function splitJoined(text: string): Command[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (words.length < 16) {
    prefix.lastIndex = at;
    const match = prefix.exec(text);
    if (match === null) return undefined;
    at += match[0].length;
    words.push(match[0].trimEnd());
    if (takesCode(words) && at < text.length) {
      if (/['"]/.test(text[at]!)) return undefined;
      return [command([...words, text.slice(at)])];
    }
  }
  return undefined;
}

function takesCode(words: readonly string[]): boolean {
  const option = words.at(-1)!;
  const name = words.at(-2)?.split('/').at(-1) ?? '';
  if (shells.has(name)) return /^-[a-z]*c$/.test(option);
  return interpreters.test(name) && /^-[a-zA-Z]*[cer]$/.test(option);
}

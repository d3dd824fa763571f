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
  /** What echo and printf write anywhere in the line. */
  printed: string;
  /** Characters that were too many to read. */
  omitted: number;
}

const argsMax = 1_000;
/** Characters of all arguments together; what comes after them is cut short, so that the last arguments are still seen. */
const argCharsMax = 65_536;
const lateArgCharsMax = 256;

/** Reads an argument list as the kernel holds it: nothing in it is quoted, only shells see syntax in it. */
export function readArguments(argv: readonly string[]): Line {
  let whole = 0;
  for (const arg of argv) whole += arg.length + 1;
  let left = argCharsMax;
  let kept = 0;
  const words = ends(argv, argsMax).map((word) => {
    const part =
      word.length <= left ? word : left > lateArgCharsMax ? readable(word).text : word.slice(0, lateArgCharsMax);
    left -= part.length;
    kept += part.length + 1;
    return part;
  });
  const first = command(words);
  return lineOf(unwrap([first]), `${first.program} ${first.joined}`, Math.max(0, whole - kept));
}

/** Reads a command line as a person or a log writes it: with quotes, pipes and lists. */
export function readLine(line: string): Line {
  const { text, omitted } = readable(line);
  const joined = splitJoined(text);
  return lineOf(unwrap(joined ?? parseScript(text)), text, omitted);
}

function lineOf(commands: readonly Command[], text: string, omitted: number): Line {
  const printers = commands.filter(({ name }) => name === 'echo' || name === 'printf');
  const printed = printers
    .map(({ joined }) => joined)
    .join('\n')
    .slice(0, 65_536);
  return { commands, text, printed, omitted };
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

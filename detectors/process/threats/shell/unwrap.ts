// Finds the programs behind the programs: what sudo, env, sh -c, xargs, find -exec, eval and base64 | sh really start.

import { ends, selection } from './bounds.ts';
import type { Command } from './command.ts';
import { command } from './command.ts';
import { embeddedScripts } from './embedded.ts';
import { undoBase64, undoEscapes } from './escapes.ts';
import { parseScript } from './parse.ts';
import type { Runner } from './runners.ts';
import { runners, shells } from './runners.ts';
import { withVariables } from './variables.ts';

const depthMax = 8;
const argsMax = 1_000;
const commandsMax = 640;
/** Characters of inner scripts that are read in all: nesting costs no more than the line itself did. */
const scriptCharsMax = 131_072;

interface Budget {
  chars: number;
  found: Command[];
}

/** Each command and, after it, what it starts, down to a bounded depth. Linear in the length of the commands. */
export function unwrap(commands: readonly Command[]): Command[] {
  const budget: Budget = { chars: scriptCharsMax, found: [] };
  for (const each of selection(withVariables(commands))) visit(each, budget, 0);
  return [...selection(budget.found)];
}

function visit(given: Command, budget: Budget, depth: number): void {
  const cut = given.args.length > argsMax ? { ...given, args: ends(given.args, argsMax) } : given;
  if (budget.found.length >= commandsMax) return;
  budget.found.push(cut);
  if (depth >= depthMax) return;
  for (const script of scriptsOf(cut)) {
    if (script.length > budget.chars) continue;
    budget.chars -= script.length;
    for (const inner of selection(withVariables(parseScript(script)))) visit(inherit(inner, cut), budget, depth + 1);
  }
  const started = programAfter(cut);
  if (started !== undefined) visit(started, budget, depth + 1);
}

/** A command of an inner script runs under the outer one and shares its input, output and environment. */
function inherit(inner: Command, outer: Command): Command {
  return {
    ...inner,
    assignments: [...outer.assignments, ...inner.assignments].slice(0, 64),
    redirects: [...inner.redirects, ...outer.redirects].slice(0, 64),
    previous: inner.previous ?? outer.previous,
    under: [...outer.under, outer.name],
  };
}

/** The scripts that a command hands to a shell: sh -c, eval, su -c, here-strings, echo … | sh, base64 -d | sh. */
function scriptsOf(outer: Command): string[] {
  const scripts: string[] = [];
  if (shells.has(outer.name)) {
    const at = outer.args.findIndex((arg) => /^-[A-Za-z]*c$/.test(arg) || arg === '--command');
    const script = at < 0 ? undefined : outer.args[at + 1];
    if (script !== undefined) scripts.push(script);
    else if (!outer.args.some((arg) => !arg.startsWith('-'))) scripts.push(...inputsOf(outer));
  }
  if (outer.name === 'eval') scripts.push(outer.args.join(' '));
  if (outer.name === 'trap' && outer.args.length > 1) scripts.push(outer.args[0]!);
  for (const option of runners[outer.name]?.script ?? []) {
    const value = outer.args[outer.args.indexOf(option) + 1];
    if (outer.args.includes(option) && value !== undefined) scripts.push(value);
  }
  if (!shells.has(outer.name) && outer.name !== 'echo' && outer.name !== 'printf')
    scripts.push(...embeddedScripts(outer.args));
  if (outer.name === 'watch' && outer.args.at(-1)?.includes(' ')) scripts.push(outer.args.at(-1)!);
  return scripts;
}

/** What a shell reads from its standard input, where the line itself says what that is. */
function inputsOf(shell: Command): string[] {
  const here = shell.redirects.filter((redirect) => redirect.operator.startsWith('<<')).map(({ target }) => target);
  const producer = shell.previous;
  if (producer === undefined) return here;
  const text = printed(producer);
  if (text !== undefined) return [...here, text];
  const isDecoder =
    /^(base64|base32|openssl|xxd)$/.test(producer.name) && producer.args.some((arg) => decodes.test(arg));
  const source = producer.previous === undefined ? undefined : printed(producer.previous);
  const word = source ?? producer.redirects.find((redirect) => redirect.operator === '<<<')?.target;
  const decoded = isDecoder && word !== undefined ? undoBase64(word) : undefined;
  return decoded === undefined ? here : [...here, decoded];
}

const decodes = /^(?:-[a-zA-Z]*[dDr][a-zA-Z]*|--decode|enc|base64)$/;

/** What echo and printf write, where it is plain text. */
function printed(producer: Command): string | undefined {
  if (producer.name !== 'echo' && producer.name !== 'printf') return undefined;
  const first = producer.args.findIndex((arg) => !/^-[neE]+$/.test(arg));
  return first < 0 ? undefined : undoEscapes(producer.args.slice(first).join(' '));
}

/** The command that a runner starts; undefined where there is none. */
function programAfter(outer: Command): Command | undefined {
  if (outer.name === 'find' || outer.name === 'fd') return afterOption(outer, /^-(?:exec|execdir|ok|okdir|x|X)$/);
  if (outer.name === 'ssh') return remote(outer);
  const runner = runners[outer.name];
  if (runner === undefined) return undefined;
  const start = firstProgramWord(outer.args, runner);
  return start < outer.args.length ? inherit(command(outer.args.slice(start)), outer) : undefined;
}

function firstProgramWord(args: readonly string[], { valued = [], leading = 0 }: Runner): number {
  let left = leading;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (arg === '--') return at + 1 + (left > 9 ? 0 : left);
    if (arg.startsWith('-') && arg.length > 1) {
      if (valued.includes(arg)) at += 1;
    } else if (left === 0) return at;
    else left -= 1;
  }
  return args.length;
}

function afterOption(outer: Command, option: RegExp): Command | undefined {
  const at = outer.args.findIndex((arg) => option.test(arg));
  if (at < 0) return undefined;
  return inherit(command(outer.args.slice(at + 1)), outer);
}

const sshValued = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

/** What ssh runs on the other machine, read as a script of its own. */
function remote(outer: Command): Command | undefined {
  let at = 0;
  while (at < outer.args.length && outer.args[at]!.startsWith('-')) at += sshValued.test(outer.args[at]!) ? 2 : 1;
  const rest = outer.args.slice(at + 1);
  if (rest.length === 0) return undefined;
  return inherit(rest.length === 1 ? command(['sh', '-c', rest[0]!]) : command(rest), outer);
}

// Commands whose program stands in a variable that the same script has set: c=curl; $c …, or g=$(which gpg); $g ….
import type { Command } from './command.ts';
import { command } from './command.ts';
import { parseScript } from './parse.ts';

const variable = /\$(?:\{(\w{1,64})\}|(\w{1,64}))/g;
const looksUp = /^(?:\$\(|`)\s*(?:which|command -v|type -p)\s+([\w./-]+)\s*(?:\)|`)$/;
const valueCharsMax = 512;

/** The same commands, with known variables put in where a program's name is expected. Linear in the commands. */
export function withVariables(commands: readonly Command[]): Command[] {
  const known = new Map<string, string>();
  return commands.map((each) => {
    const resolved = each.program.includes('$') && known.size > 0 ? resolve(each, known) : each;
    if (each.program === '') for (const one of each.assignments) remember(one, known);
    return resolved;
  });
}

function remember(assignment: string, known: Map<string, string>): void {
  const equals = assignment.indexOf('=');
  const value = assignment.slice(equals + 1);
  if (value.length <= valueCharsMax && known.size < 64)
    known.set(assignment.slice(0, equals), looksUp.exec(value)?.[1] ?? value);
}

/** The value may hold several words, which the shell splits: C="curl -Ns"; $C. */
function resolve(given: Command, known: ReadonlyMap<string, string>): Command {
  const program = given.program.replace(
    variable,
    (whole, braced?: string, bare?: string) => known.get(braced ?? bare ?? '') ?? whole,
  );
  if (program === given.program || program.length > 4 * valueCharsMax) return given;
  const first = parseScript(program)[0];
  if (first === undefined) return given;
  return command([first.program, ...first.args, ...given.args], given);
}

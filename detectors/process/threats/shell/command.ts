// A command as the shell would start it: the word that names the program, its arguments, redirections and neighbours.

export interface Redirect {
  /** The operator without its descriptor: ">", ">>", "<", "<>", ">&", "<&", "&>", "<<<", "<<". */
  operator: string;
  /** The descriptor that is redirected; -1 for both output and error. */
  descriptor: number;
  /** A file, the number of a descriptor, or for "<<" and "<<<" the text itself. */
  target: string;
}

export interface Command {
  /** The program as written, for instance "/usr/bin/python3.11"; empty where only assignments or redirections stand. */
  program: string;
  /** Its plain name: no folder, no version, lower case ("python"). */
  name: string;
  args: readonly string[];
  /** The arguments joined by blanks; of very long ones the first and the last part. */
  joined: string;
  assignments: readonly string[];
  redirects: readonly Redirect[];
  /** The command whose output this one reads, through a pipe. */
  previous: Command | undefined;
  /** Plain names of the programs that this one was unwrapped from, outermost first: ["sudo", "timeout"]. */
  under: readonly string[];
}

/** Programs whose versions and variants are one thing to a rule. */
const versioned =
  /^(python|pypy|perl|ruby|lua|luajit|php|tclsh|wish|node|gcc|g\+\+|gdb|guile|vim?|nc|ncat|netcat|awk|java|julia|pip|easy_install|xtables|iptables|ip6tables)[-.\d]*(?:\.?(?:traditional|openbsd|basic|tiny|nox|gtk3?|athena|bin|real|legacy|nft)|-config)?$/;

/** "/usr/bin/Python3.11" → "python". A program that is no plain word keeps its last path part. */
export function plainName(program: string): string {
  const slash = program.lastIndexOf('/');
  const base = (slash < 0 ? program : program.slice(slash + 1)).toLowerCase();
  if (base.length > 32) return base.slice(0, 256);
  return versioned.exec(base)?.[1] ?? base;
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** Splits words into assignments, program and arguments, as the shell does. */
export function command(
  words: readonly string[],
  extra: Partial<Pick<Command, 'redirects' | 'previous' | 'under' | 'assignments'>> = {},
): Command {
  let first = 0;
  while (first < words.length && assignment.test(words[first]!)) first += 1;
  const program = words[first] ?? '';
  const args = words.slice(first + 1);
  return {
    program,
    name: plainName(program),
    args,
    joined: cut(args.join(' ')),
    assignments: [...(extra.assignments ?? []), ...words.slice(0, first)],
    redirects: extra.redirects ?? [],
    previous: extra.previous,
    under: extra.under ?? [],
  };
}

const joinedMax = 16_384;

function cut(text: string): string {
  return text.length <= joinedMax ? text : `${text.slice(0, joinedMax - 4_096)}\n${text.slice(-4_096)}`;
}

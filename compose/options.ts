// The options that the commands of this folder share, read from the command line; every mistake is told at once.

interface Options {
  /** As given; relative paths start where the command was typed. */
  dataDir: string | undefined;
  portBase: number;
  /** The switches that were given, without their dashes. */
  switches: ReadonlySet<string>;
  /** What is no option, in order. */
  words: readonly string[];
}

export type ReadOptions = { kind: 'options'; options: Options } | { kind: 'wrong'; problems: readonly string[] };

/** The highest default port is 9408, so that every port stays below 65,536. */
const portBaseMax = 56_000;

/** Reads `--data DIR`, `--port-base N` (also with `=`) and the switches that the command knows. */
export function readOptions(
  args: readonly string[],
  known: { switches: readonly string[]; words: number },
): ReadOptions {
  const problems: string[] = [];
  const switches = new Set<string>();
  const words: string[] = [];
  let dataDir: string | undefined;
  let portBase = 0;
  const rest = args.flatMap(splitAtEquals);
  while (rest.length > 0) {
    const word = rest.shift()!;
    const name = word.slice(2);
    if (!word.startsWith('--')) words.push(word);
    else if (name === 'data' || name === 'port-base') {
      const value = rest[0]?.startsWith('--') ? undefined : rest.shift();
      if (value === undefined || value === '') problems.push(`${word} needs a value`);
      else if (name === 'data') dataDir = value;
      else portBase = readPortBase(value, problems);
    } else if (known.switches.includes(name)) switches.add(name);
    else problems.push(`${word} is not known; known are ${listOf(known.switches)}`);
  }
  for (const word of words.slice(known.words)) problems.push(`"${word}" is too much`);
  if (problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'options', options: { dataDir, portBase, switches, words } };
}

function splitAtEquals(word: string): string[] {
  const at = word.indexOf('=');
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word];
}

function readPortBase(value: string, problems: string[]): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= portBaseMax) return number;
  problems.push(`--port-base ${value}: give a whole number from 0 to ${portBaseMax}`);
  return 0;
}

function listOf(switches: readonly string[]): string {
  return ['--data DIR', '--port-base N', ...switches.map((name) => `--${name}`)].join(', ');
}

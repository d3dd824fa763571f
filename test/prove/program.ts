// Runs a program that measures, and prints its figures: one JSON line each on standard output, progress on standard error.
import type { Figure } from './figure.ts';

type Progress = (line: string) => void;
type Program = (progress: Progress) => Promise<Figure[]>;
/** Loaded only when asked for: what one needs may be missing for another. */
export type Programs = Readonly<Record<string, () => Promise<{ run: Program }>>>;

/** `only` keeps the figures whose name is that, or begins with it and a dot. Resolves to the exit code. */
export async function runProgram(
  name: string | undefined,
  only: string | undefined,
  programs: Programs,
): Promise<number> {
  const load = name !== undefined && Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (load === undefined) {
    progress(`${name === undefined ? 'Give a name' : `There is no "${name}"`}: ${Object.keys(programs).join(', ')}`);
    return 1;
  }
  const { run } = await load();
  const figures = (await run(progress)).filter((figure) => only === undefined || matches(figure.name, only));
  for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
  if (figures.length === 0) progress(only === undefined ? 'no figure came out' : `no figure is called ${only}`);
  return figures.length > 0 && figures.every(({ ok }) => ok !== false) ? 0 : 1;
}

function matches(name: string, only: string): boolean {
  return name === only || name.startsWith(`${only}.`);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

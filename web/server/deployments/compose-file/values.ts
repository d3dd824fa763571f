// The small values of a compose file, read: durations, sizes, lines of words, paths in memory, and dollar signs.

const unitSeconds: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };

/** `1m30s` → 90. */
export function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const parts = [...given.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitSeconds[unit!]!, 0);
}

/** `512m` → bytes; a number is bytes already. */
export function bytesOf(given: number | string): number {
  if (typeof given === 'number') return given;
  const [, number, unit = 'b'] = /^([\d.]+)([kmg])?/i.exec(given)!;
  const powers: Readonly<Record<string, number>> = { b: 0, k: 10, m: 20, g: 30 };
  return Number(number) * 2 ** powers[unit.toLowerCase()]!;
}

/** Words between spaces. Undefined where a shell would read it otherwise: quotes and backslashes need its rules. */
export function wordsOf(line: string): string[] | undefined {
  return /["'\\]/.test(line) ? undefined : line.split(/\s+/).filter((word) => word !== '');
}

const folderMegabytes = 64;

/** `/run:size=16m` → a folder in memory; undefined where it has other options, which would be lost. */
export function memoryFolderOf(line: string): { path: string; megabytes: number } | undefined {
  const [, path, size] = /^([^:]+)(?::size=(\d+[kmg]?b?))?$/i.exec(line) ?? [];
  if (path === undefined) return undefined;
  return { path, megabytes: size === undefined ? folderMegabytes : Math.ceil(bytesOf(size) / 2 ** 20) };
}

/**
 * Every text as it stands, `$$` being a dollar sign. Names of variables are told as problems by their place: there is no environment that
 * they could come from, and taken literally they would mean something else.
 */
export function withoutVariables<T>(value: T, problems: string[], place = ''): T {
  if (typeof value === 'string') {
    if (/\$[A-Za-z_{]/.test(value.replaceAll('$$', '')))
      problems.push(`${place}: variables ($…) are not supported; write $$ for a dollar sign.`);
    return value.replaceAll('$$', '$') as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const inside = (name: string | number) => (place === '' ? String(name) : `${place}.${name}`);
  if (Array.isArray(value)) return value.map((one, at) => withoutVariables(one, problems, inside(at))) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withoutVariables(one, problems, inside(name))]),
  ) as T;
}

/** Names that would be the same when they are written as Odyssey writes them. */
export function sameNames(names: readonly string[], written: (name: string) => string): string[][] {
  return [...Map.groupBy(names, written).values()].filter(({ length }) => length > 1);
}

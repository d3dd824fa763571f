// A specification as lines that people compare: one for each thing that is set, of the environment names alone.

type Plain = string | number | boolean | null | undefined;
interface Tree {
  readonly [key: string]: Plain | Tree | readonly unknown[];
}

/** Names that are told apart in `env`: their values differ from what stands on the other side of a comparison. */
export function changedNames(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  return new Set(Object.keys(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]));
}

/** One line each, in the order of the specification; `changed` names of the environment have another value now. */
export function describeSpec(spec: object, changed: ReadonlySet<string> = new Set()): string {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(spec)) {
    if (key === 'env' && isTree(value)) {
      for (const name of Object.keys(value).sort())
        lines.push(`env ${name}${changed.has(name) ? ': another value' : ''}`);
    } else lines.push(...linesOf(key, value));
  }
  return lines.join('\n');
}

function linesOf(key: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return listLines(key, value);
  if (isTree(value)) return Object.entries(value).flatMap(([part, inner]) => linesOf(`${key}.${part}`, inner));
  return [`${key}: ${String(value)}`];
}

function listLines(key: string, items: readonly unknown[]): string[] {
  if (items.length === 0) return [];
  if (items.every((item) => typeof item !== 'object')) return [`${key}: ${items.map(String).join(' ')}`];
  return items.map((item) => `${key}: ${isTree(item) ? describePairs(item) : String(item)}`);
}

function describePairs(item: Tree): string {
  return Object.entries(item)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${name === 'mode' ? `0${Number(value).toString(8)}` : String(value)}`)
    .join(', ');
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

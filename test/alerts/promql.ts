// The names of metrics that a PromQL expression asks for, found without a parser: what is left when all else is taken away.

const words = new Set(
  'and or unless on ignoring by without group_left group_right bool offset start end atan2 inf nan'.split(' '),
);

/** Takes away texts, matchers, ranges and label lists; of the names that remain those before a parenthesis are functions. */
export function metricsOf(expression: string): Set<string> {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replace(/\{[^{}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()/g)].map(([name]) => name);
  return new Set(names.filter((name) => !words.has(name.toLowerCase())));
}

/** The queries within a template of an annotation; its placeholders stand inside matchers only. */
export function queriesOf(template: string): string[] {
  return [...template.matchAll(/query \(printf `([^`]*)`/g)].map(([, query]) => query!);
}

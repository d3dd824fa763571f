// Pieces of PromQL that the four detectors are put together from; every label value is escaped here.
import type { Windows } from './detector.ts';

/** A series selector: name and matchers, empty matchers left out. */
export function selector(name: string, ...matchers: string[]): string {
  const given = matchers.filter((matcher) => matcher !== '');
  return given.length === 0 ? name : `${name}{${given.join(',')}}`;
}

/**
 * Mean of a gauge over the row. `and` drops a series as soon as Prometheus marks it stale: the mean alone would speak on
 * for a whole row after the thing is gone.
 */
export function meanOf(selected: string, windows: Windows): string {
  return `(avg_over_time(${selected}[${windows.row}]) and ${selected})`;
}

/** Rate a second of a counter over the row, resets allowed for. */
export function rateOf(selected: string, windows: Windows): string {
  return `(rate(${selected}[${windows.rate}]) and ${selected})`;
}

/** What a gauge rose by within the row, a second; a fall counts as nothing: the thing was made anew. */
export function riseOf(selected: string, windows: Windows): string {
  return `(clamp_min(deriv(${selected}[${windows.rate}]), 0) and ${selected})`;
}

/** One series an entity. */
export function aggregate(how: 'sum' | 'max', labels: readonly string[], inner: string): string {
  return `${how} by (${labels.join(', ')}) (${inner})`;
}

/** A matcher for any of the values, as they stand: `name=~"a|b"`. Empty for no values. */
export function anyOf(label: string, values: Iterable<string>): string {
  const unique = [...new Set(values)].sort();
  if (unique.length === 0) return '';
  return `${label}=~"${quote(unique.map(literal).join('|'))}"`;
}

/** A value as a regular expression that matches nothing else (RE2). */
export function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A text inside a double-quoted PromQL string. */
export function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

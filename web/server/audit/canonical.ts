// JSON in its one canonical form, so that equal values have equal bytes and therefore equal hashes.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them.
 * Throws on what has no canonical form: NaN, infinities and lone surrogates. Cost: one pass and a sort for each object.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`${value} has no JSON form`);
    return String(Object.is(value, -0) ? 0 : value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value)
    .sort() // Array.prototype.sort compares UTF-16 code units, which is what the RFC asks for
    .map((name) => `${canonicalString(name)}:${canonical(value[name]!)}`);
  return `{${members.join(',')}}`;
}

function isList(value: readonly Json[] | { readonly [name: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new Error('a lone surrogate has no UTF-8 form');
  return JSON.stringify(text);
}

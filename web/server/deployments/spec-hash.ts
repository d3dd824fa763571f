// The fingerprint of a revision: equal where the same thing would run, whatever order it was written in.
import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import { toHex } from '../audit/bytes.ts';
import { canonical, type Json } from '../audit/canonical.ts';

/** SHA-256 over canonical JSON of the specification with its image as it was resolved; 64 hexadecimal digits. */
export function specHash(sha256: (data: Uint8Array) => Uint8Array, spec: RevisionSpec, pinned: string): string {
  const { image: _, ...rest } = spec;
  const text = canonical(withoutAbsent({ ...rest, pinned }) as Json);
  return toHex(sha256(new TextEncoder().encode(text)));
}

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(known.map(([name, item]) => [name, withoutAbsent(item)]));
}

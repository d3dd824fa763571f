// What goes into an audit record: the entry as the caller says it, made safe, with personal fields replaced by commitments.
import type { AuditActor, AuditKind, AuditOutcome, AuditRecord } from '../../../core/contracts/audit.ts';
import { toHex } from './bytes.ts';
import { canonical, type Json } from './canonical.ts';
import type { Sha256 } from './merkle.ts';

/** A value that names a person; it is stored apart from the record and can be erased. */
export interface PersonalField {
  field: string;
  /** The id of the person that the value is about. */
  person: string;
  value: string;
}

export interface AuditEntry {
  kind: AuditKind;
  actor: AuditActor;
  action: string;
  subject: string;
  environment?: string | undefined;
  opened?: number;
  outcome?: AuditOutcome;
  detail?: { readonly [name: string]: Json };
  personal?: readonly PersonalField[];
}

export interface SealedRecord {
  seq: number;
  record: AuditRecord;
  /** Canonical JSON: the very text whose hash is the leaf. */
  text: string;
  /** What goes into the table apart: the values with their salts. */
  personal: readonly (PersonalField & { salt: Uint8Array })[];
}

const textMax = 1_024;
const itemsMax = 64;
const depthMax = 6;

/** SHA-256(salt ‖ value): without the salt, 32 random bytes, even a short name cannot be guessed back. */
export function commitment(sha256: Sha256, salt: Uint8Array, value: string): string {
  const bytes = new TextEncoder().encode(value);
  const input = new Uint8Array(salt.length + bytes.length);
  input.set(salt);
  input.set(bytes, salt.length);
  return toHex(sha256(input));
}

/** Makes the record of an entry at its place in the log. `salt` gives 32 fresh random bytes at each call; `time` is ISO 8601 in UTC. */
export function seal(
  ports: { sha256: Sha256; salt(): Uint8Array },
  entry: AuditEntry,
  place: { seq: number; previousRoot: Uint8Array; time: string },
): SealedRecord {
  const personal = (entry.personal ?? []).map((field) => ({
    ...field,
    value: tame(field.value, textMax),
    salt: ports.salt(),
  }));
  const record: AuditRecord = {
    v: 1,
    seq: place.seq,
    time: place.time,
    kind: entry.kind,
    previousRoot: toHex(place.previousRoot),
    actor: { kind: entry.actor.kind, id: tame(entry.actor.id, 128) },
    action: tame(entry.action, 128),
    subject: tame(entry.subject, 512),
    ...(entry.environment === undefined ? {} : { environment: tame(entry.environment, 64) }),
    ...(entry.opened === undefined ? {} : { opened: entry.opened }),
    ...(entry.outcome === undefined ? {} : { outcome: entry.outcome }),
    detail: tameObject(entry.detail ?? {}, 0),
    personal: Object.fromEntries(
      personal.map(({ field, salt, value }) => [field, commitment(ports.sha256, salt, value)]),
    ),
  };
  return { seq: place.seq, record, text: canonical(record as unknown as Json), personal };
}

/**
 * Text from outside made harmless to read back: control, direction-changing and invisible characters become `\u{…}`,
 * lone surrogates U+FFFD, and what is longer than the bound is cut and ends in "…".
 */
export function tame(text: string, lengthMax: number): string {
  const whole = text.slice(0, lengthMax + 1).toWellFormed();
  const visible = whole.replace(
    /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return visible.length <= lengthMax ? visible : `${visible.slice(0, lengthMax - 1).toWellFormed()}…`;
}

function tameValue(value: Json, depth: number): Json {
  if (typeof value === 'string') return tame(value, textMax);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'boolean') return value;
  if (depth >= depthMax) return '…';
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((item: Json) => tameValue(item, depth + 1));
  return tameObject(value as { [name: string]: Json }, depth + 1);
}

function tameObject(value: { readonly [name: string]: Json }, depth: number): Record<string, Json> {
  const members = Object.entries(value).slice(0, itemsMax);
  return Object.fromEntries(members.map(([name, item]) => [tame(name, 128), tameValue(item, depth)]));
}

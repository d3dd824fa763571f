// A small real log for the tests: sealed records, their leaves, an export and the notes that anchor it.

import { toHex } from '../../../../web/server/audit/bytes.ts';
import { canonical, type Json } from '../../../../web/server/audit/canonical.ts';
import {
  checkpointText,
  formatNote,
  formatVerifierKey,
  keyIdOf,
  type VerifierKey,
} from '../../../../web/server/audit/checkpoint.ts';
import { formatHeader, formatLine } from '../../../../web/server/audit/export.ts';
import { appendLeaf, emptyFrontier, leafHash, rootOf } from '../../../../web/server/audit/merkle.ts';
import { type AuditEntry, seal } from '../../../../web/server/audit/record.ts';
import { newSigningKey, type SigningKey, sha256 } from '../../../../web/server/crypto.ts';

export const origin = 'odyssey.test/audit';

export interface SampleLog {
  records: string[];
  leaves: Uint8Array[];
  /** Root of the first n records at place n. */
  roots: Uint8Array[];
}

function entryOf(i: number): AuditEntry {
  return {
    kind: 'note',
    actor: { kind: 'person', id: `p${i % 7}` },
    action: 'environment:rename',
    subject: `environment/${i}`,
    detail: { 'naïve "name"': `value ${i}`, 10: i, 9: [1.5, null, true] },
    personal: [{ field: 'actorName', person: `p${i % 7}`, value: `Name ${i % 7}` }],
  };
}

export function growLog(texts: (i: number, previousRoot: Uint8Array) => string, count: number): SampleLog {
  const tree = emptyFrontier();
  const log: SampleLog = { records: [], leaves: [], roots: [rootOf(sha256, tree)] };
  for (let i = 0; i < count; i++) {
    const text = texts(i, log.roots[i]!);
    const leaf = leafHash(sha256, new TextEncoder().encode(text));
    appendLeaf(sha256, tree, leaf);
    log.records.push(text);
    log.leaves.push(leaf);
    log.roots.push(rootOf(sha256, tree));
  }
  return log;
}

/** Each `variant` gives other salts, so two logs of one length differ from their first record on, or from `from` on. */
export function sampleLog(count: number, { variant = 0, from = 0 } = {}): SampleLog {
  return growLog((i, previousRoot) => {
    const salt = () => new Uint8Array(32).fill(i < from ? 0 : variant);
    return seal({ sha256, salt }, entryOf(i), { seq: i, previousRoot, time: '2026-01-02T03:04:05.678Z' }).text;
  }, count);
}

/** The record with members replaced, canonical again. */
export function changed(text: string, members: Record<string, Json>): string {
  return canonical({ ...(JSON.parse(text) as Record<string, Json>), ...members });
}

export interface Signer {
  key: SigningKey;
  verifier: VerifierKey;
}

export function newSigner(): Signer {
  const key = newSigningKey();
  return { key, verifier: { name: origin, publicKey: key.publicKey } };
}

export function noteOf(log: SampleLog, size: number, { key, verifier }: Signer): string {
  const text = checkpointText({ origin, size, root: log.roots[size]! });
  return formatNote(sha256, text, verifier, key.sign(new TextEncoder().encode(text)));
}

export function anchorFile(signer: Signer, notes: readonly string[]): string {
  return `${formatVerifierKey(sha256, signer.verifier)}\n${notes.map((note) => `${note}\n`).join('')}`;
}

export function exportLines(log: SampleLog, signer: Signer, size = log.records.length): string[] {
  const header = { origin, size, root: toHex(log.roots[size]!), keyId: keyIdOf(sha256, signer.verifier) };
  const lines = log.records.map((record, seq) => formatLine({ seq, leaf: toHex(log.leaves[seq]!), record }));
  return [formatHeader({ ...header, since: 0, range: [] }), ...lines];
}

/** A line with another record under the same or another number, its leaf made to fit. */
export function relined(seq: number, record: string): string {
  return formatLine({ seq, leaf: toHex(leafHash(sha256, new TextEncoder().encode(record))), record });
}

// A filtered export: every record is proven to be in the signed log, and no forged proof passes.
import { expect, test } from 'vitest';
import { toHex } from '../../../../web/server/audit/bytes.ts';
import {
  formatHeader,
  formatProvenLine,
  parsePartHeader,
  parseProvenLine,
} from '../../../../web/server/audit/export.ts';
import { inclusionProof, type NodeAt } from '../../../../web/server/audit/merkle.ts';
import { createPartVerifier } from '../../../../web/server/audit/verify-part.ts';
import { sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import { changed, growLog, newSigner, noteOf, relined, sampleLog } from './sample-log.ts';

const signer = newSigner();
const log = sampleLog(50);
const nodeAt: NodeAt = (level, index) => {
  const width = 2 ** level;
  return growLog((i) => log.records[index * width + i]!, width).roots[width]!;
};
const header = formatHeader({ part: true, checkpoint: noteOf(log, 50, signer), filter: { action: 'x' } });

function lineOf(seq: number): string {
  const proof = inclusionProof(sha256, seq, 50, nodeAt).map(toHex);
  return formatProvenLine({ seq, leaf: toHex(log.leaves[seq]!), record: log.records[seq]! }, proof);
}
const lines = [3, 17, 18, 49].map(lineOf);

function verify(
  some: readonly string[],
  first = header,
  whole = true,
  checkpoints: { origin: string; size: number; root: Uint8Array }[] = [],
) {
  const ports = { sha256, verify: verifyEd25519 };
  const verifier = createPartVerifier(ports, parsePartHeader(first)!, { key: signer.verifier, checkpoints });
  for (const line of some) verifier.add(line);
  return verifier.finish(whole);
}

test('a sound part is intact', () => {
  expect(verify(lines)).toEqual({ kind: 'intact', records: 4, size: 50, since: 0, anchoredTo: 0, unanchored: 4 });
  expect(parseProvenLine(lines[0]!)!.proof).toHaveLength(6);
});

test('a part is anchored only where its own checkpoint was compared with one kept outside', () => {
  const checkpoint = (size: number) => ({ origin: 'odyssey.test/audit', size, root: log.roots[size]! });
  expect(verify(lines, header, true, [checkpoint(40)])).toMatchObject({ anchoredTo: 0, unanchored: 4 });
  expect(verify(lines, header, true, [checkpoint(40), checkpoint(50)])).toMatchObject({
    anchoredTo: 50,
    unanchored: 0,
  });
});

const other = changed(log.records[17]!, { subject: 'other' });

test.each([
  { given: 'a record changed', some: lines.with(1, lines[1]!.replace('value 17', 'value 71')), kind: 'edited', at: 17 },
  {
    given: 'a record changed, its leaf made to fit',
    some: lines.with(1, relined(17, other).replace('"record"', `"proof":[],"record"`)),
    kind: 'edited',
    at: 17,
  },
  {
    given: "another record's proof",
    some: lines.with(1, lineOf(18).replace('"seq":18', '"seq":17')),
    kind: 'edited',
    at: 17,
  },
  {
    given: 'a proof cut short',
    some: lines.with(1, lines[1]!.replace(/"proof":\["[0-9a-f]{64}",/, '"proof":[')),
    kind: 'edited',
    at: 17,
  },
  { given: 'two swapped', some: [lines[1]!, lines[0]!], kind: 'reordered', at: 3 },
  { given: 'one twice', some: [lines[0]!, lines[0]!], kind: 'reordered', at: 3 },
  { given: 'a line that is none', some: [lines[0]!, 'x'], kind: 'edited', at: 4 },
])('$given → $kind at $at', ({ some, kind, at }) => {
  expect(verify(some)).toMatchObject({ kind, firstBad: at });
});

test('a part that breaks off, another key and another anchored root are found', () => {
  expect(verify(lines, header, false)).toMatchObject({ kind: 'truncated', firstBad: 50 });
  const forged = formatHeader({ part: true, checkpoint: noteOf(log, 50, newSigner()), filter: {} });
  expect(verify(lines, forged)).toMatchObject({ kind: 're-signed' });
  const anchored = { origin: 'odyssey.test/audit', size: 50, root: new Uint8Array(32) };
  expect(verify(lines, header, true, [anchored])).toMatchObject({ kind: 'forked' });
});

// The tamper lab: every class of damage is found, named and placed; a sound log passes at speed.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { toHex } from '../../../../web/server/audit/bytes.ts';
import { parseVerifierKey, splitNotes } from '../../../../web/server/audit/checkpoint.ts';
import { formatHeader, parseHeader } from '../../../../web/server/audit/export.ts';
import { appendLeaf, frontierAt, leafHash, type NodeAt, rootOf } from '../../../../web/server/audit/merkle.ts';
import { createVerifier, type Finding, readCheckpoints } from '../../../../web/server/audit/verify.ts';
import { randomBytes, sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import {
  anchorFile,
  changed,
  exportLines,
  growLog,
  newSigner,
  noteOf,
  relined,
  type SampleLog,
  sampleLog,
} from './sample-log.ts';

const ports = { sha256, verify: verifyEd25519 };
const signer = newSigner();
const log = sampleLog(100);
const lines = exportLines(log, signer);
const anchors = anchorFile(
  signer,
  [10, 40, 80, 100].map((size) => noteOf(log, size, signer)),
);

function verify(exported: string, anchorText = anchors, since = 0): Finding {
  const end = anchorText.indexOf('\n');
  const key = parseVerifierKey(sha256, anchorText.slice(0, end));
  const read = readCheckpoints(ports, splitNotes(anchorText.slice(end + 1)), key);
  if ('bad' in read) return read.bad;
  const all = exported.split('\n');
  const rest = all.pop()!;
  const [header, ...records] = rest === '' ? all : [...all, rest];
  const verifier = createVerifier(ports, parseHeader(header!), { key, checkpoints: read.checkpoints, since });
  for (const line of records) verifier.add(line);
  return verifier.finish(rest === '');
}

function file(some: readonly string[]): string {
  return some.map((line) => `${line}\n`).join('');
}

function withLine(at: number, line: string): string {
  return file(lines.with(at + 1, line));
}

function rebuiltFrom(at: number): SampleLog {
  return growLog((i, previousRoot) => {
    if (i < at) return log.records[i]!;
    return changed(log.records[i]!, { subject: 'another', previousRoot: toHex(previousRoot) });
  }, 100);
}

test('a sound log is intact, and says how far it is anchored', () => {
  const sound = { kind: 'intact', records: 100, size: 100, since: 0 };
  expect(verify(file(lines))).toEqual({ ...sound, anchoredTo: 100, unanchored: 0 });
  const earlier = anchorFile(signer, [noteOf(log, 80, signer)]);
  expect(verify(file(lines), earlier)).toEqual({ ...sound, anchoredTo: 80, unanchored: 20 });
  expect(verify(file(lines), anchors, 60)).toMatchObject({ kind: 'intact' });
});

const edited = changed(log.records[57]!, { subject: 'environment/other' });

test.each([
  {
    given: 'content changed, leaf kept',
    text: withLine(57, lines[58]!.replace('value 57', 'value 58')),
    kind: 'edited',
    at: 57,
  },
  { given: 'content changed, leaf made to fit', text: withLine(57, relined(57, edited)), kind: 'edited', at: 57 },
  {
    given: 'the last record changed, leaf made to fit',
    text: withLine(99, relined(99, changed(log.records[99]!, { subject: 'x' }))),
    kind: 'edited',
    at: 99,
  },
  { given: 'one record deleted', text: file(lines.toSpliced(58, 1)), kind: 'deleted', at: 57 },
  { given: 'three records deleted', text: file(lines.toSpliced(11, 3)), kind: 'deleted', at: 10 },
  { given: 'the first record deleted', text: file(lines.toSpliced(1, 1)), kind: 'deleted', at: 0 },
  {
    given: 'two neighbours swapped',
    text: file(lines.with(31, lines[32]!).with(32, lines[31]!)),
    kind: 'reordered',
    at: 30,
  },
  {
    given: 'two far apart swapped',
    text: file(lines.with(6, lines[91]!).with(91, lines[6]!)),
    kind: 'reordered',
    at: 5,
  },
  {
    given: 'swapped and renumbered outside',
    text: file(
      lines.with(31, lines[32]!.replace('"seq":31', '"seq":30')).with(32, lines[31]!.replace('"seq":30', '"seq":31')),
    ),
    kind: 'reordered',
    at: 30,
  },
  { given: 'a record inserted twice', text: file(lines.toSpliced(20, 0, lines[19]!)), kind: 'reordered', at: 19 },
  { given: 'the tail cut', text: file(lines.slice(0, 91)), kind: 'truncated', at: 90 },
  { given: 'the tail cut in the middle of a line', text: file(lines).slice(0, -150), kind: 'truncated', at: 99 },
  {
    given: 'the tail cut and the header made to fit',
    text: file(exportLines(log, signer, 90).slice(0, 91)),
    kind: 'truncated',
    at: 90,
  },
  { given: 'everything cut', text: file(exportLines(log, signer, 0).slice(0, 1)), kind: 'truncated', at: 0 },
  {
    given: 'rebuilt from 40 on, with the right key',
    text: file(exportLines(rebuiltFrom(40), signer)),
    kind: 'forked',
    at: 40,
  },
  {
    given: 'rebuilt from 55 on: found at the last anchor that agrees',
    text: file(exportLines(rebuiltFrom(55), signer)),
    kind: 'forked',
    at: 40,
  },
  {
    given: 'rebuilt whole, with the right key',
    text: file(exportLines(rebuiltFrom(0), signer)),
    kind: 'rebuilt',
    at: 0,
  },
  {
    given: 'another log altogether',
    text: file(exportLines(sampleLog(100, { variant: 9 }), signer)),
    kind: 'rebuilt',
    at: 0,
  },
  { given: 'signed with another key', text: file(exportLines(log, newSigner())), kind: 're-signed', at: 0 },
])('$given → $kind at $at', ({ text, kind, at }) => {
  expect(verify(text)).toMatchObject({ kind, firstBad: at });
});

const other = newSigner();
const fork = sampleLog(100, { variant: 3, from: 50 });

test.each([
  {
    given: 'later checkpoints by another key',
    notes: [noteOf(log, 10, signer), noteOf(log, 80, other)],
    kind: 're-signed',
    at: 10,
  },
  {
    given: 'two signed roots of one size',
    notes: [noteOf(log, 40, signer), noteOf(log, 80, signer), noteOf(fork, 80, signer)],
    kind: 'forked',
    at: 40,
  },
  {
    given: 'a checkpoint whose size was changed',
    notes: [noteOf(log, 10, signer).replace('\n10\n', '\n11\n')],
    kind: 'edited',
    at: 0,
  },
  {
    given: 'a checkpoint cut short',
    notes: [noteOf(log, 10, signer), noteOf(log, 40, signer).slice(0, 90)],
    kind: 'edited',
    at: 10,
  },
])('anchors with $given → $kind at $at', ({ notes, kind, at }) => {
  expect(verify(file(lines), anchorFile(signer, notes))).toMatchObject({ kind, firstBad: at });
});

function partFrom(since: number): string[] {
  const header = parseHeader(lines[0]!);
  const nodeAt: NodeAt = (level, index) => {
    const width = 2 ** level;
    const part = growLog((i) => log.records[index * width + i]!, width);
    return part.roots[width]!;
  };
  const range = frontierAt(since, nodeAt).peaks.map(toHex);
  return [formatHeader({ ...header, since, range }), ...lines.slice(since + 1)];
}

test('a part export continues what was verified before, and its range cannot be forged', () => {
  expect(verify(file(partFrom(57)), anchors, 57)).toMatchObject({ kind: 'intact', records: 43 });
  const forged = partFrom(57).with(0, partFrom(57)[0]!.replace(/"range":\["../, '"range":["00'));
  expect(verify(file(forged), anchors, 57)).toMatchObject({ kind: 'edited', firstBad: 57 });
  const short = JSON.parse(partFrom(57)[0]!);
  expect(verify(file(partFrom(57).with(0, formatHeader({ ...short, range: [] }))))).toMatchObject({ kind: 'edited' });
});

/** Records that never were, after a range made up so that everything folds: as whoever holds no key would write it. */
function invented(since: number): string[] {
  const tree = {
    size: since,
    peaks: Array.from({ length: since.toString(2).replaceAll('0', '').length }, () => randomBytes(32)),
  };
  const range = tree.peaks.map(toHex);
  const texts = Array.from({ length: 5 }, (_, i) => {
    const text = changed(log.records[i]!, { seq: since + i, previousRoot: toHex(rootOf(sha256, tree)) });
    appendLeaf(sha256, tree, leafHash(sha256, new TextEncoder().encode(text)));
    return relined(since + i, text);
  });
  const header = { ...parseHeader(lines[0]!), since, range, size: tree.size, root: toHex(rootOf(sha256, tree)) };
  return [formatHeader(header), ...texts];
}

test.each([
  { given: 'an invented tail beyond every checkpoint', text: file(invented(1_000_000)), since: 0, at: 0 },
  { given: 'the same, said to be verified before', text: file(invented(1_000_000)), since: 1_000_000, at: 0 },
  { given: 'a sound tail whose beginning nobody verified', text: file(partFrom(57)), since: 0, at: 0 },
  { given: 'a sound tail with less verified than it leaves out', text: file(partFrom(57)), since: 40, at: 40 },
  { given: 'more said to be verified than is anchored', text: file(lines), since: 101, at: 100 },
])('$given → unanchored at $at', ({ text, since, at }) => {
  expect(verify(text, anchors, since)).toMatchObject({ kind: 'unanchored', firstBad: at });
});

test('1,000 single-bit flips of an export: all found, each at the record it fell in', () => {
  const random = createRandom(20_260_102);
  const clean = Buffer.from(file(lines));
  const recordAt = (byte: number) => clean.subarray(0, byte).toString('latin1').split('\n').length - 2;
  for (let i = 0; i < 1_000; i++) {
    const byte = lines[0]!.length + 1 + Math.floor(random() * (clean.length - lines[0]!.length - 1));
    const flipped = Buffer.from(clean);
    flipped[byte]! ^= 1 << Math.floor(random() * 8);
    const finding = verify(flipped.toString('utf8'));
    expect(finding, `bit flip in byte ${byte}`).not.toMatchObject({ kind: 'intact' });
    expect((finding as { firstBad: number }).firstBad, `place of the flip in byte ${byte}`).toBe(recordAt(byte));
  }
});

test('every single-bit flip of a checkpoint is found', () => {
  const note = Buffer.from(noteOf(log, 40, signer));
  for (let bit = 0; bit < note.length * 8; bit++) {
    const flipped = Buffer.from(note);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const finding = verify(file(lines), anchorFile(signer, [flipped.toString('utf8')]));
    expect(finding.kind, `bit ${bit}`).not.toBe('intact');
  }
});

test('a record costs few hashes: one for itself, about one for the tree, half of log2(size) for the root', () => {
  const long = sampleLog(4_096);
  let hashes = 0;
  const counted = (data: Uint8Array) => {
    hashes += 1;
    return sha256(data);
  };
  const text = exportLines(long, signer);
  const trust = { key: signer.verifier, checkpoints: [], since: 0 };
  const verifier = createVerifier({ ...ports, sha256: counted }, parseHeader(text[0]!), trust);
  for (const line of text.slice(1)) verifier.add(line);
  expect(verifier.finish(true)).toMatchObject({ kind: 'intact', records: 4_096 });
  expect(hashes / 4_096).toBeLessThan(2 + Math.log2(4_096) / 2);
});

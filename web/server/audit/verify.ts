// The offline verifier: reads an export against the checkpoints kept outside and says what was done to the log, and where first.
import type { AuditExportHeader } from '../../../core/contracts/audit.ts';
import { fromHex, toHex } from './bytes.ts';
import { type Checkpoint, keyIdOf, parseNote, sameCheckpoint, type VerifierKey } from './checkpoint.ts';
import { CheckpointWalk, type Inner } from './checkpoint-walk.ts';
import { parseLine } from './export.ts';
import { appendLeaf, emptyFrontier, type Frontier, leafHash, rootOf, type Sha256 } from './merkle.ts';

const encoder = new TextEncoder();

/**
 * `unanchored` is no sign of a change: nothing kept outside vouches for what the export says. `restored` neither: checkpoints
 * of records that are gone are explained by the log's own record of a restore, which says what the witnesses knew by then.
 */
type Damage =
  | 'edited'
  | 'deleted'
  | 'reordered'
  | 'truncated'
  | 'forked'
  | 're-signed'
  | 'rebuilt'
  | 'restored'
  | 'unanchored';

interface Intact {
  kind: 'intact';
  /** Records of this export, and of the log that it says it ends. */
  records: number;
  size: number;
  /** Records before this number are not in the export. */
  since: number;
  /** The largest size whose root was compared with a checkpoint kept outside; 0 when none was. */
  anchoredTo: number;
  /** Records of this export beyond that size: sound in themselves, vouched for by the server alone. */
  unanchored: number;
}

export type Finding = Intact | { kind: Damage; firstBad: number; reason: string };

export type Bad = Extract<Finding, { firstBad: number }>;

export interface VerifyPorts {
  sha256: Sha256;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/**
 * Checks the notes against the one trusted key and gives their checkpoints by size, or what is wrong with them.
 * Two different roots of one size, both signed, are a fork by themselves, unless twins are kept for a log that may explain them.
 */
export function readCheckpoints(
  ports: VerifyPorts,
  notes: readonly string[],
  key: VerifierKey,
  keepTwins = false,
): { checkpoints: Checkpoint[] } | { bad: Bad } {
  const trusted = keyIdOf(ports.sha256, key);
  const checkpoints: Checkpoint[] = [];
  for (const [place, text] of notes.entries()) {
    const firstBad = checkpoints.at(-1)?.size ?? 0;
    const signed = readNote(text);
    if (signed === undefined)
      return { bad: { kind: 'edited', firstBad, reason: `checkpoint ${place + 1} of the file cannot be read` } };
    if (signed.keyId !== trusted || signed.keyName !== key.name) {
      const reason = `checkpoint ${place + 1} of the file is signed with key ${signed.keyId}, not ${trusted}`;
      return { bad: { kind: 're-signed', firstBad, reason } };
    }
    if (!ports.verify(key.publicKey, encoder.encode(signed.text), signed.signature)) {
      const reason = `the signature of checkpoint ${place + 1} of the file does not fit its text`;
      return { bad: { kind: 'edited', firstBad, reason } };
    }
    const twins = checkpoints.filter(({ size }) => size === signed.checkpoint.size);
    if (twins.some((twin) => sameCheckpoint(twin, signed.checkpoint))) continue;
    const [twin] = twins;
    if (twin === undefined || keepTwins) checkpoints.push(signed.checkpoint);
    else {
      const agreed = Math.max(0, ...checkpoints.map(({ size }) => size).filter((size) => size < twin.size));
      return { bad: { kind: 'forked', firstBad: agreed, reason: `two signed roots for size ${twin.size}` } };
    }
  }
  return { checkpoints: checkpoints.sort((a, b) => a.size - b.size) };
}

function readNote(text: string) {
  try {
    return parseNote(text);
  } catch {
    return undefined; // the caller says which one
  }
}

export interface Verifier {
  add(line: string): void;
  /** `whole` is false when the last line did not end in a newline. */
  finish(whole: boolean): Finding;
}

/**
 * Verifies line by line, remembering only the tree's right edge, the open suspicion and the checkpoints.
 * Records before `since` were verified earlier: their leaves are taken as they stand, everything after is checked in full.
 * Cost: one JSON parse and about log2(size)/2 + 3 hashes a record.
 */
export function createVerifier(
  ports: VerifyPorts,
  header: AuditExportHeader,
  trust: { key: VerifierKey; checkpoints: readonly Checkpoint[]; since: number },
): Verifier {
  const { sha256 } = ports;
  const tree = startOf(header);
  const walk = new CheckpointWalk(trust.checkpoints, tree);
  let bad: Bad | undefined;
  /** A place where the next number was missing: deleted, unless that number turns up later. */
  let gap: { seq: number } | undefined;
  let unreadable: { seq: number; last: boolean } | undefined;
  let lines = 0;
  let root = rootOf(sha256, tree);
  bad = refuseHeader(sha256, header, trust) ?? walk.check(root);

  const take = (line: string): void => {
    const seq = header.since + lines - 1;
    const parsed = parseLine(line);
    const inner = parsed === undefined ? undefined : readRecord(parsed.record);
    if (parsed === undefined || inner === undefined) {
      unreadable = { seq, last: true };
      return;
    }
    if (parsed.seq !== seq && inner.seq === seq) {
      bad = { kind: 'edited', firstBad: seq, reason: `line ${seq} says it is ${parsed.seq}` };
      return;
    }
    const trustLeaf = seq < trust.since;
    const leaf = trustLeaf ? fromHex(parsed.leaf) : leafHash(sha256, encoder.encode(parsed.record));
    if (!trustLeaf && toHex(leaf) !== parsed.leaf) {
      bad = { kind: 'edited', firstBad: seq, reason: `the content of record ${seq} does not fit its leaf` };
      return;
    }
    if (inner.seq !== seq) {
      gap = { seq };
      return;
    }
    walk.heed(inner);
    bad = walk.settle(seq, inner.previousRoot === toHex(root), seq > header.since ? seq - 1 : seq);
    if (bad !== undefined) return;
    appendLeaf(sha256, tree, leaf);
    root = rootOf(sha256, tree);
    bad = walk.check(root);
  };

  return {
    add(line) {
      lines += 1;
      if (bad !== undefined) return;
      if (unreadable !== undefined) {
        unreadable.last = false;
      } else if (gap !== undefined) {
        const later = parseLine(line);
        if (later !== undefined && readRecord(later.record)?.seq === gap.seq)
          bad = { kind: 'reordered', firstBad: gap.seq, reason: `record ${gap.seq} stands further down` };
      } else take(line);
    },
    finish(whole) {
      if (bad !== undefined) return bad;
      const size = header.since + lines;
      if (unreadable !== undefined) return unreadableFinding(unreadable, size, header.size, whole);
      if (gap !== undefined) return { kind: 'deleted', firstBad: gap.seq, reason: `record ${gap.seq} is missing` };
      const end = walk.finish(header, tree, root) ?? walk.refuseUncompared(trust.since) ?? walk.told();
      return end ?? intact(header, lines, walk.agreed);
    },
  };
}

/** What is wrong with the header before any record is looked at. */
function refuseHeader(
  sha256: Sha256,
  header: AuditExportHeader,
  trust: { key: VerifierKey; checkpoints: readonly Checkpoint[]; since: number },
): Bad | undefined {
  const trusted = keyIdOf(sha256, trust.key);
  if (header.keyId !== trusted)
    return { kind: 're-signed', firstBad: 0, reason: `the export names key ${header.keyId}, not ${trusted}` };
  if (header.range.length !== ones(header.since))
    return {
      kind: 'edited',
      firstBad: header.since,
      reason: 'the header lacks roots of the records before the export',
    };
  if (header.since > trust.since) {
    const reason = `the export begins at record ${header.since}; say --since ${header.since} if the records before it were verified`;
    return { kind: 'unanchored', firstBad: trust.since, reason };
  }
  if (trust.checkpoints.some(({ origin }) => origin !== header.origin))
    return { kind: 'rebuilt', firstBad: 0, reason: 'the checkpoints are of a log with another name' };
  return undefined;
}

function startOf(header: AuditExportHeader): Frontier {
  if (header.since === 0) return emptyFrontier();
  return { size: header.since, peaks: header.range.map(fromHex) };
}

/** How many subtrees a tree of that size has: the ones of its binary form. */
function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

function readRecord(text: string): Inner | undefined {
  try {
    return JSON.parse(text) as Inner;
  } catch {
    return undefined; // not JSON: the caller calls the line unreadable
  }
}

function unreadableFinding(at: { seq: number; last: boolean }, size: number, told: number, whole: boolean): Bad {
  if (at.last && (!whole || size < told))
    return { kind: 'truncated', firstBad: at.seq, reason: `the export breaks off in record ${at.seq}` };
  return { kind: 'edited', firstBad: at.seq, reason: `record ${at.seq} cannot be read` };
}

function intact({ size, since }: AuditExportHeader, records: number, anchoredTo: number): Intact {
  return { kind: 'intact', records, size, since, anchoredTo, unanchored: Math.min(records, size - anchoredTo) };
}

// The offline verifier of a filtered export: each record must be proven to be in the log that the signed checkpoint speaks of.
import type { AuditPartHeader } from '../../../core/contracts/audit.ts';
import { fromHex, toHex } from './bytes.ts';
import { type Checkpoint, parseNote, type VerifierKey } from './checkpoint.ts';
import { parseProvenLine } from './export.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { type Finding, readCheckpoints, type Verifier, type VerifyPorts } from './verify.ts';

/**
 * Verifies line by line. That nothing was left out of a part cannot be proven: the finding says how many records are there, no more.
 * `anchored` are the checkpoints kept outside; the part's own must not contradict one of the same size.
 */
export function createPartVerifier(
  ports: VerifyPorts,
  header: AuditPartHeader,
  trust: { key: VerifierKey; checkpoints: readonly Checkpoint[] },
): Verifier {
  let bad: Extract<Finding, { firstBad: number }> | undefined;
  const own = readCheckpoints(ports, [header.checkpoint], trust.key);
  if ('bad' in own) bad = own.bad;
  const { size, root } = 'bad' in own ? { size: 0, root: new Uint8Array(32) } : parseNote(header.checkpoint).checkpoint;
  const ofSize = trust.checkpoints.filter((checkpoint) => checkpoint.size === size);
  const anchored = ofSize.find((checkpoint) => toHex(checkpoint.root) === toHex(root));
  if (bad === undefined && anchored === undefined && ofSize.length > 0)
    bad = { kind: 'forked', firstBad: 0, reason: `the anchored log of ${size} records has another root` };
  const anchoredTo = anchored === undefined ? 0 : size;
  let records = 0;
  let last = -1;
  const refuse = (kind: 'edited' | 'reordered', seq: number, reason: string): void => {
    bad = { kind, firstBad: seq, reason };
  };
  return {
    add(line) {
      if (bad !== undefined) return;
      const parsed = parseProvenLine(line);
      if (parsed === undefined) return refuse('edited', last + 1, `the line after record ${last} cannot be read`);
      const { seq, record, proof } = parsed;
      const leaf = leafHash(ports.sha256, new TextEncoder().encode(record));
      const claim = { leaf, index: seq, size, root, proof: proof.map(fromHex) };
      if (toHex(leaf) !== parsed.leaf || !verifyInclusion(ports.sha256, claim))
        return refuse('edited', seq, `record ${seq} is not in the log that the checkpoint speaks of`);
      if (seq <= last) return refuse('reordered', seq, `record ${seq} stands after record ${last}`);
      last = seq;
      records += 1;
    },
    finish(whole) {
      if (bad === undefined && !whole)
        bad = { kind: 'truncated', firstBad: last + 1, reason: 'the part breaks off in the middle of a line' };
      return bad ?? { kind: 'intact', records, size, since: 0, anchoredTo, unanchored: anchoredTo === 0 ? records : 0 };
    },
  };
}

// Reads a stored audit log back from its last signed checkpoint on, before anything is added to it.
import { sameBytes, toHex } from './bytes.ts';
import { parseNote, type VerifierKey } from './checkpoint.ts';
import type { ExportLine } from './export.ts';
import { appendLeaf, emptyFrontier, type Frontier, frontierAt, leafHash, type NodeAt, rootOf } from './merkle.ts';
import type { VerifyPorts } from './verify.ts';

export interface StoredTree {
  size(): number;
  nodeAt: NodeAt;
  lines(start: number, end: number): Iterable<ExportLine>;
  latestCheckpoint(): { size: number; note: string } | undefined;
}

/** The tree of a store, its tail since the last checkpoint recomputed. Throws, naming the record, where anything does not fit. */
export function verifiedTree(ports: VerifyPorts, store: StoredTree, key: VerifierKey): Frontier {
  const { sha256 } = ports;
  const last = store.latestCheckpoint();
  let tree = emptyFrontier();
  if (last !== undefined) {
    const { checkpoint, text, signature } = parseNote(last.note);
    if (!ports.verify(key.publicKey, new TextEncoder().encode(text), signature))
      throw new Error(`the audit checkpoint at ${last.size} is not signed with this key; put the right audit key back`);
    if (checkpoint.size > store.size())
      throw new Error(`the audit log holds ${store.size()} records, its checkpoint says ${checkpoint.size}`);
    tree = frontierAt(checkpoint.size, store.nodeAt);
    if (!sameBytes(rootOf(sha256, tree), checkpoint.root))
      throw new Error(`the audit log does not fold to its checkpoint at ${checkpoint.size}`);
  }
  for (const { seq, leaf, record } of store.lines(tree.size, store.size())) {
    const { seq: inner, previousRoot } = JSON.parse(record) as { seq: number; previousRoot: string };
    const expected = leafHash(sha256, new TextEncoder().encode(record));
    if (seq !== tree.size || inner !== seq || toHex(expected) !== leaf || toHex(rootOf(sha256, tree)) !== previousRoot)
      throw new Error(`the audit log does not verify at record ${tree.size}`);
    for (const { level, index, hash } of appendLeaf(sha256, tree, expected)) {
      if (!sameBytes(store.nodeAt(level, index), hash))
        throw new Error(`the audit log's tree does not verify at record ${seq}`);
    }
  }
  return tree;
}

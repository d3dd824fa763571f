// The Merkle tree of the audit log: roots while it grows, and proofs that a record is in it or that one tree continues another.
import { sameBytes } from './bytes.ts';

export type Sha256 = (data: Uint8Array) => Uint8Array;

/** A finished subtree: level 0 is a leaf, `index` counts the subtrees of that level from the left. */
export interface TreeNode {
  level: number;
  index: number;
  hash: Uint8Array;
}

/** The right edge of a tree: the roots of its largest finished subtrees, left to right. All that appending needs. */
export interface Frontier {
  size: number;
  peaks: Uint8Array[];
}

export type NodeAt = (level: number, index: number) => Uint8Array;

/** Hash of a record: SHA-256(0x00 ‖ record). RFC 9162, 2.1.1. */
export function leafHash(sha256: Sha256, record: Uint8Array): Uint8Array {
  const input = new Uint8Array(record.length + 1);
  input.set(record, 1);
  return sha256(input);
}

const nodeInput = new Uint8Array(65);

function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput[0] = 1;
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return sha256(nodeInput);
}

export function emptyFrontier(): Frontier {
  return { size: 0, peaks: [] };
}

/**
 * Adds a leaf and returns the subtrees that it finished, lowest first (never the leaf itself).
 * Cost: one hash a record on average, log2(size) at worst.
 */
export function appendLeaf(sha256: Sha256, frontier: Frontier, leaf: Uint8Array): TreeNode[] {
  const finished: TreeNode[] = [];
  let hash = leaf;
  let index = frontier.size;
  for (let level = 1; index % 2 === 1; level++) {
    hash = nodeHash(sha256, frontier.peaks.pop()!, hash);
    index = (index - 1) / 2;
    finished.push({ level, index, hash });
  }
  frontier.peaks.push(hash);
  frontier.size += 1;
  return finished;
}

/** Root of the tree (RFC 9162, 2.1.1); the empty tree's is SHA-256 of nothing. */
export function rootOf(sha256: Sha256, { peaks }: Frontier): Uint8Array {
  if (peaks.length === 0) return sha256(new Uint8Array(0));
  let root = peaks[peaks.length - 1]!;
  for (let i = peaks.length - 2; i >= 0; i--) root = nodeHash(sha256, peaks[i]!, root);
  return root;
}

/** The frontier of the first `size` leaves, from stored subtrees. Throws where `nodeAt` does. */
export function frontierAt(size: number, nodeAt: NodeAt): Frontier {
  const peaks: Uint8Array[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (size - start < width) continue;
    peaks.push(nodeAt(level, start / width));
    start += width;
  }
  return { size, peaks };
}

/** Root of leaves `start` to `end`, where start is a multiple of the smallest power of two that covers the range. */
function rangeRoot(sha256: Sha256, start: number, end: number, nodeAt: NodeAt): Uint8Array {
  const width = end - start;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return nodeAt(level, start / width);
  const split = start + largestPowerBelow(width);
  return nodeHash(sha256, rangeRoot(sha256, start, split, nodeAt), rangeRoot(sha256, split, end, nodeAt));
}

function largestPowerBelow(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

/** Proof that leaf `index` is in the tree of `size` leaves, lowest sibling first. RFC 9162, 2.1.3.1; log2(size) hashes long. */
export function inclusionProof(sha256: Sha256, index: number, size: number, nodeAt: NodeAt): Uint8Array[] {
  const path: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + largestPowerBelow(end - start);
    if (index < split) {
      path.unshift(rangeRoot(sha256, split, end, nodeAt));
      end = split;
    } else {
      path.unshift(rangeRoot(sha256, start, split, nodeAt));
      start = split;
    }
  }
  return path;
}

/** Whether the proof leads from the leaf to the root; false for any proof that is too long, too short or out of range. RFC 9162, 2.1.3.2. */
export function verifyInclusion(
  sha256: Sha256,
  claim: { leaf: Uint8Array; index: number; size: number; root: Uint8Array; proof: readonly Uint8Array[] },
): boolean {
  const { index, size } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = claim.leaf;
  for (const sibling of claim.proof) {
    if (last === 0 || sibling.length !== 32) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(hash, claim.root);
}

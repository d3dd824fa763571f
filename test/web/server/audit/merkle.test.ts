// The Merkle tree against the published roots of Certificate Transparency, and its proofs against every forgery of them.
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../../web/server/audit/bytes.ts';
import {
  appendLeaf,
  emptyFrontier,
  frontierAt,
  inclusionProof,
  leafHash,
  type NodeAt,
  rootOf,
  verifyInclusion,
} from '../../../../web/server/audit/merkle.ts';
import { sha256 } from '../../../../web/server/crypto.ts';

// Inputs and roots of the reference tests of Certificate Transparency (RFC 6962), sizes 0 to 8.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = inputs.map((input) => leafHash(sha256, fromHex(input)));

function grow(count: number, leafOf: (i: number) => Uint8Array) {
  const tree = emptyFrontier();
  const nodes = new Map<string, Uint8Array>();
  const found = [rootOf(sha256, tree)];
  for (let i = 0; i < count; i++) {
    const leaf = leafOf(i);
    nodes.set(`0/${i}`, leaf);
    for (const { level, index, hash } of appendLeaf(sha256, tree, leaf)) nodes.set(`${level}/${index}`, hash);
    found.push(rootOf(sha256, tree));
  }
  const nodeAt: NodeAt = (level, index) => nodes.get(`${level}/${index}`)!;
  return { roots: found, nodeAt, tree };
}

test('roots of 0 to 8 leaves are the published ones', () => {
  expect(grow(8, (i) => leaves[i]!).roots.map(toHex)).toEqual(roots);
});

test('a frontier read from stored subtrees is the one that grew', () => {
  for (let size = 0; size <= 70; size++) {
    const { nodeAt, tree } = grow(size, (i) => leafHash(sha256, Uint8Array.of(i)));
    expect(frontierAt(size, nodeAt)).toEqual(tree);
  }
});

test('every leaf of every tree up to 40 is proven, and by its own proof alone', () => {
  for (let size = 1; size <= 40; size++) {
    const { nodeAt, roots: found } = grow(size, (i) => leafHash(sha256, Uint8Array.of(i)));
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(sha256, index, size, nodeAt);
      const claim = { leaf: nodeAt(0, index), index, size, root: found[size]!, proof };
      expect(verifyInclusion(sha256, claim)).toBe(true);
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      const forged = [
        { ...claim, index: index + 1 },
        { ...claim, index: size },
        { ...claim, index: -1 },
        { ...claim, leaf: leafHash(sha256, Uint8Array.of(200)) },
        { ...claim, root: found[size - 1]! },
        { ...claim, proof: [...proof, found[0]!] },
        ...(size > 1 ? [{ ...claim, proof: proof.slice(1) }] : []),
        ...proof.map((_, i) => ({ ...claim, proof: proof.with(i, new Uint8Array(32)) })),
      ];
      for (const wrong of forged) expect(verifyInclusion(sha256, wrong)).toBe(false);
    }
  }
});

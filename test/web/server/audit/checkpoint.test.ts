// Checkpoints as signed notes: the published example verifies, our own are read back, anything bent is refused.
import { expect, test } from 'vitest';
import { fromBase64 } from '../../../../web/server/audit/bytes.ts';
import {
  checkpointText,
  formatNote,
  formatVerifierKey,
  keyIdOf,
  parseNote,
  parseVerifierKey,
  sameCheckpoint,
  splitNotes,
} from '../../../../web/server/audit/checkpoint.ts';
import { sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import { newSigner } from './sample-log.ts';

// The example of the Go package golang.org/x/mod/sumdb/note.
const published = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const publishedText =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const publishedSignature =
  'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';

test('the published key and signature are understood', () => {
  const key = parseVerifierKey(sha256, published);
  expect(keyIdOf(sha256, key)).toBe('c74f20a3');
  expect(formatVerifierKey(sha256, key)).toBe(published);
  const signature = fromBase64(publishedSignature).slice(4);
  expect(verifyEd25519(key.publicKey, new TextEncoder().encode(publishedText), signature)).toBe(true);
  expect(verifyEd25519(key.publicKey, new TextEncoder().encode(`${publishedText} `), signature)).toBe(false);
});

test.each([
  { given: 'another id', key: published.replace('c74f20a3', 'c74f20a4') },
  { given: 'another algorithm', key: 'PeterNeumann+c74f20a3+AhpZ' },
  { given: 'no name', key: published.slice('PeterNeumann'.length) },
])('a verifier key with $given is refused', ({ key }) => {
  expect(() => parseVerifierKey(sha256, key)).toThrow();
});

const signer = newSigner();
const checkpoint = { origin: 'a.test/audit', size: 17, root: new Uint8Array(32).fill(7) };
const text = checkpointText(checkpoint);
const note = formatNote(sha256, text, signer.verifier, signer.key.sign(new TextEncoder().encode(text)));

test('a note is read back as it was written', () => {
  const read = parseNote(note);
  expect(read.text).toBe(text);
  expect(sameCheckpoint(read.checkpoint, checkpoint)).toBe(true);
  expect(sameCheckpoint(read.checkpoint, { ...checkpoint, size: 18 })).toBe(false);
  expect(verifyEd25519(signer.key.publicKey, new TextEncoder().encode(read.text), read.signature)).toBe(true);
});

test.each([
  { given: 'a leading zero', bent: note.replace('\n17\n', '\n017\n') },
  { given: 'no last newline', bent: note.slice(0, -1) },
  { given: 'two signatures', bent: note + note.slice(note.indexOf('—')) },
  { given: 'a short root', bent: note.replace(/\n[^\n]{44}\n/, '\nAAAA\n') },
])('a note with $given is refused', ({ bent }) => {
  expect(() => parseNote(bent)).toThrow();
});

test('a file is cut into its notes; a torn one stays visible', () => {
  expect(splitNotes(`${note}\n${note}\n`)).toEqual([note, note]);
  expect(splitNotes(`${note}\n${note.slice(0, 30)}`)).toEqual([note, note.slice(0, 30)]);
  expect(splitNotes('')).toEqual([]);
});

// Signed checkpoints of the audit log as transparency-log notes: "the log named so had this size and this root".
import { fromBase64, sameBytes, toBase64, toHex } from './bytes.ts';
import type { Sha256 } from './merkle.ts';

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

export interface SignedNote {
  checkpoint: Checkpoint;
  /** The signed text, its last newline included. */
  text: string;
  keyName: string;
  keyId: string;
  signature: Uint8Array;
}

/** Who may sign: name and raw ed25519 public key, written as `name+keyId+base64(0x01 ‖ key)`. */
export interface VerifierKey {
  name: string;
  publicKey: Uint8Array;
}

const encoder = new TextEncoder();
const ed25519 = 1;

/** First four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key), in hexadecimal. Source: C2SP signed-note. */
export function keyIdOf(sha256: Sha256, { name, publicKey }: VerifierKey): string {
  return toHex(sha256(concat(encoder.encode(`${name}\n`), Uint8Array.of(ed25519), publicKey)).slice(0, 4));
}

export function formatVerifierKey(sha256: Sha256, key: VerifierKey): string {
  return `${key.name}+${keyIdOf(sha256, key)}+${toBase64(concat(Uint8Array.of(ed25519), key.publicKey))}`;
}

/** Throws unless the text is a whole ed25519 verifier key whose id fits its bytes. */
export function parseVerifierKey(sha256: Sha256, text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  if (match === null) throw new Error('a verifier key looks like name+0123abcd+base64');
  const bytes = fromBase64(match[3]!);
  const key = { name: match[1]!, publicKey: bytes.slice(1) };
  if (bytes.length !== 33 || bytes[0] !== ed25519) throw new Error('only ed25519 keys are known');
  if (keyIdOf(sha256, key) !== match[2]) throw new Error('the key id does not fit the key');
  return key;
}

/** The text that is signed. Source: C2SP tlog-checkpoint. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Text, empty line and one signature line, as it is stored, anchored and shown. */
export function formatNote(sha256: Sha256, text: string, key: VerifierKey, signature: Uint8Array): string {
  const id = fromHexId(keyIdOf(sha256, key));
  return `${text}\n— ${key.name} ${toBase64(concat(id, signature))}\n`;
}

/** Reads one note; throws where anything in it is not as `formatNote` writes it. Says nothing of the signature's truth. */
export function parseNote(note: string): SignedNote {
  const match = /^((\S+)\n(0|[1-9]\d{0,15})\n(\S+)\n)\n— (\S+) (\S+)\n$/.exec(note);
  if (match === null) throw new Error('not a signed checkpoint');
  const root = fromBase64(match[4]!);
  const signed = fromBase64(match[6]!);
  if (root.length !== 32 || signed.length !== 68) throw new Error('a root has 32 bytes, a signature 4 + 64');
  return {
    checkpoint: { origin: match[2]!, size: Number(match[3]), root },
    text: match[1]!,
    keyName: match[5]!,
    keyId: toHex(signed.slice(0, 4)),
    signature: signed.slice(4),
  };
}

/** Cuts a file of notes, each followed by an empty line, into its notes; what is left over stays as a last, unreadable one. */
export function splitNotes(file: string): string[] {
  const notes: string[] = [];
  let rest = file;
  while (rest !== '') {
    const match = /^[^\n]*\n[^\n]*\n[^\n]*\n\n[^\n]*\n(\n|$)/.exec(rest);
    if (match === null) return [...notes, rest];
    notes.push(match[0].slice(0, match[0].length - match[1]!.length));
    rest = rest.slice(match[0].length);
  }
  return notes;
}

export function sameCheckpoint(a: Checkpoint, b: Checkpoint): boolean {
  return a.origin === b.origin && a.size === b.size && sameBytes(a.root, b.root);
}

function fromHexId(id: string): Uint8Array {
  return Uint8Array.from(id.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Carries the newest signed checkpoint to witnesses outside, where whoever owns the database cannot rewrite it.
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { sha256, verifyEd25519 } from '../crypto.ts';
import { splitNotes, type VerifierKey } from './checkpoint.ts';
import { readCheckpoints } from './verify.ts';

export interface Anchor {
  /** Names the witness; how far it was told is remembered under this name. */
  target: string;
  /** Resolves once the witness holds the note; rejects otherwise. `header` is the verifier key's line. */
  hold(note: string, header: string): Promise<void>;
  /** The largest size that it holds a checkpoint of this key for; absent where a witness cannot be asked. */
  witnessed?(key: VerifierKey): number;
}

/** Appends to a file that should lie on another volume or be append-only; synced before it counts, taken back where it tore. */
export function fileAnchor(path: string): Anchor {
  return {
    target: `file:${path}`,
    async hold(note, header) {
      const file = openSync(path, 'a', 0o644);
      try {
        appendWhole(file, note, header);
      } finally {
        closeSync(file);
      }
    },
    witnessed: (key) => witnessedIn(path, key),
  };
}

/** A note of which only a part fits would make every later one unreadable. */
function appendWhole(file: number, note: string, header: string): void {
  const { size } = fstatSync(file);
  const bytes = Buffer.from(size === 0 ? `${header}\n${note}\n` : `${note}\n`);
  try {
    const written = writeSync(file, bytes);
    if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes fitted`);
    fsyncSync(file);
  } catch (error) {
    takeBack(file, size, error);
    throw error;
  }
}

function takeBack(file: number, size: number, cause: unknown): void {
  try {
    ftruncateSync(file, size);
  } catch {
    throw new Error('the anchor file ends in a torn line that cannot be removed; remove it by hand', { cause });
  }
}

function witnessedIn(path: string, key: VerifierKey): number {
  if (!existsSync(path)) return 0;
  const text = readFileSync(path, 'utf8');
  let largest = 0;
  for (const note of splitNotes(text.slice(text.indexOf('\n') + 1))) {
    const read = readCheckpoints({ sha256, verify: verifyEd25519 }, [note], key); // one by one: others may be another log's
    if ('checkpoints' in read) largest = Math.max(largest, read.checkpoints[0]!.size);
  }
  return largest;
}

/** Posts the note as text; any 2xx means that it is held. `post` gives the status of the answer. */
export function httpAnchor(url: string, post: (url: string, body: string) => Promise<number>): Anchor {
  return {
    target: `http:${url}`,
    async hold(note) {
      const status = await post(url, note);
      if (status < 200 || status >= 300) throw new Error(`the witness ${url} answered ${status}`);
    },
  };
}

interface AnchoredLog {
  checkpoint(): { size: number; note: string };
  checkpointFile(): string;
  store: { anchoredTo(target: string): number; markAnchored(target: string, size: number, time: string): void };
}

/**
 * Signs a checkpoint where the log has grown and tells every witness that does not hold it yet.
 * Returns the witnesses that failed, with the reason; they are told the then newest one at the next call.
 */
export async function anchorNewest(
  log: AnchoredLog,
  anchors: readonly Anchor[],
  isoTime: () => string,
): Promise<{ target: string; reason: Error }[]> {
  const { size, note } = log.checkpoint();
  const header = log.checkpointFile().split('\n', 1)[0]!;
  const failed: { target: string; reason: Error }[] = [];
  for (const { target, hold } of anchors) {
    if (log.store.anchoredTo(target) >= size) continue;
    try {
      await hold(note, header);
      log.store.markAnchored(target, size, isoTime());
    } catch (error) {
      failed.push({ target, reason: error as Error });
    }
  }
  return failed;
}

// Carries the newest signed checkpoint to witnesses outside, where whoever owns the database cannot rewrite it.
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { sha256, verifyEd25519 } from '../crypto.ts';
import { get, post } from '../outbound/post.ts';
import { type Checkpoint, splitNotes, type VerifierKey } from './checkpoint.ts';
import { readCheckpoints } from './verify.ts';

export interface Anchor {
  /** Names the witness; how far it was told is remembered under this name. */
  target: string;
  /** Resolves once the witness holds the note; rejects otherwise. `header` is the verifier key's line. */
  hold(note: string, header: string): Promise<void>;
  /** The newest checkpoint of this key that it holds and can be read back; rejects where it does not answer. */
  witnessed(key: VerifierKey): Promise<Checkpoint | undefined>;
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
    witnessed: async (key) => (existsSync(path) ? newestIn(readFileSync(path, 'utf8'), key) : undefined),
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

/** Notes one by one, because others may be another log's; a first line that is no note's is the verifier key. */
function newestIn(text: string, key: VerifierKey): Checkpoint | undefined {
  const isKeyed = /^[^\n]*\+[0-9a-f]{8}\+[^\n]*\n/.test(text);
  let newest: Checkpoint | undefined;
  for (const note of splitNotes(isKeyed ? text.slice(text.indexOf('\n') + 1) : text)) {
    const read = readCheckpoints({ sha256, verify: verifyEd25519 }, [note.endsWith('\n') ? note : `${note}\n`], key);
    const found = 'checkpoints' in read ? read.checkpoints[0]! : undefined;
    if (found !== undefined && found.size > (newest?.size ?? 0)) newest = found;
  }
  return newest;
}

interface HttpPorts {
  /** The status of the answer. */
  post(url: string, body: string): Promise<number>;
  get(url: string): Promise<{ status: number; text: string }>;
}

/** Posts the note as text; any 2xx means that it is held. What the same address gives to a GET are the notes that it holds. */
function httpAnchor(url: string, ports: HttpPorts): Anchor {
  return {
    target: `http:${url}`,
    async hold(note) {
      const status = await ports.post(url, note);
      if (status < 200 || status >= 300) throw new Error(`the witness ${url} answered ${status}`);
    },
    async witnessed(key) {
      const { status, text } = await ports.get(url);
      if (status === 200) return newestIn(text, key);
      if (status === 404 || status === 405) return undefined; // it takes notes and gives none back
      throw new Error(`the witness ${url} answered ${status}`);
    },
  };
}

/** The witnesses that the settings name; an empty setting names none. */
export function configuredAnchors({ anchorFile, anchorUrl }: { anchorFile: string; anchorUrl: string }): Anchor[] {
  return [
    ...(anchorFile === '' ? [] : [fileAnchor(anchorFile)]),
    ...(anchorUrl === '' ? [] : [httpAnchor(anchorUrl, outbound(anchorUrl))]),
  ];
}

/** Whoever sets the address lists it by doing so: a witness on loopback is meant. A metadata service is never reached. */
function outbound(url: string): HttpPorts {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === 'https:' ? '443' : '80';
  const listed = new Set([`${hostname.replace(/^\[|\]$/g, '')}:${port === '' ? standard : port}`]);
  const options = { timeoutSeconds: 10, listed };
  return { post: (to, body) => post(to, body, options), get: (from) => get(from, options) };
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

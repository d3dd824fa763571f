// Carries the newest signed checkpoint to witnesses outside, where whoever owns the database cannot rewrite it.
import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface Anchor {
  /** Names the witness; how far it was told is remembered under this name. */
  target: string;
  /** Resolves once the witness holds the note; rejects otherwise. `header` is the verifier key's line. */
  hold(note: string, header: string): Promise<void>;
}

/** Appends to a file that should lie on another volume or be append-only; synced before it counts. */
export function fileAnchor(path: string): Anchor {
  return {
    target: `file:${path}`,
    async hold(note, header) {
      const fresh = !existsSync(path);
      const file = openSync(path, 'a', 0o644);
      try {
        writeSync(file, fresh ? `${header}\n${note}\n` : `${note}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
  };
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

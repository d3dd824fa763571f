// Keeps two programs from holding the audit log at once: its tree lives in the memory of whoever writes.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

class LockHeld extends Error {}

/** For commands that people type: says on stderr that the lock is held and gives their exit code; anything else is thrown on. */
export function tellHeld(error: unknown): number {
  if (!(error instanceof LockHeld)) throw error;
  process.stderr.write(`Nothing was done: ${error.message}.\n`);
  return 1;
}

/**
 * Takes the lock file, or throws when a living process holds it. SQLite's own file lock is used for it,
 * so that it ends with the process, however that ends.
 */
export function takeLock(path: string): { release(): void } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new LockHeld('the control plane is running on this data; stop it first', { cause });
  }
  return { release: () => database.close() };
}

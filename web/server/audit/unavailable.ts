// The reasons for which every change is refused: the audit log cannot be written, or the disk is full.

/** The log cannot be written, so nothing that needs a record may happen. `full` is a full disk, `busy` a full queue or another program's lock. */
export class AuditUnavailable extends Error {
  readonly kind: 'full' | 'broken' | 'busy';
  constructor(kind: 'full' | 'broken' | 'busy', cause?: unknown) {
    super(`the audit log is ${kind}`, { cause });
    this.kind = kind;
  }
}

/** SQLite's "database or disk is full", or the file system's own word for it. */
export function isFull(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === 13 || code === 'ENOSPC' || code === 'EDQUOT';
}

/** SQLite's "database is locked": another program is writing, and nothing of ours was written. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === 5;
}

// The reasons for which every change is refused: the audit log cannot be written, or the disk is full.

/** The log cannot be written, so nothing that needs a record may happen. `full` is a full disk, `busy` a full queue. */
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

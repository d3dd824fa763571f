// The one reason for which every change is refused.

/** The log cannot be written, so nothing that needs a record may happen. `full` is a full disk, `busy` a full queue. */
export class AuditUnavailable extends Error {
  readonly kind: 'full' | 'broken' | 'busy';
  constructor(kind: 'full' | 'broken' | 'busy', cause?: unknown) {
    super(`the audit log is ${kind}`, { cause });
    this.kind = kind;
  }
}

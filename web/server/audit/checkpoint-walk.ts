// The walk along the checkpoints kept outside while a log is read: where both agree, where they part, and whether a restore explains it.
import type { AuditExportHeader } from '../../../core/contracts/audit.ts';
import { sameBytes, toHex } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Frontier } from './merkle.ts';
import type { Bad } from './verify.ts';

/** What of a record's content is looked at here. */
export interface Inner {
  seq: unknown;
  previousRoot: unknown;
  action?: unknown;
  kind?: unknown;
  detail?: unknown;
}

export interface Restore {
  /** Records of the backup. */
  restoredAt: number;
  /** Records that the witnesses knew of when it was restored. */
  witnessed: number;
}

/** What a record says of a restore that lost records, if it says so. */
export function restoreIn({ seq, kind, action, detail }: Inner): Restore | undefined {
  if (kind !== 'open' || action !== 'backup:restore') return undefined;
  const { restoredAt, witnessed } = (detail ?? {}) as Partial<Record<keyof Restore, unknown>>;
  if (typeof restoredAt !== 'number' || typeof witnessed !== 'number') return undefined;
  return restoredAt <= Number(seq) ? { restoredAt, witnessed } : undefined;
}

/** Compares the growing tree with the anchored roots; a disagreement is named once the next record has spoken. */
export class CheckpointWalk {
  private readonly waiting: Checkpoint[];
  private readonly tree: Frontier;
  /** The largest size whose root was compared and is the anchored one. */
  agreed = 0;
  private disagreed: number | undefined;
  private readonly restores: Restore[] = [];
  private restored: Restore | undefined;

  constructor(checkpoints: readonly Checkpoint[], tree: Frontier) {
    this.tree = tree;
    this.waiting = checkpoints.filter(({ size }) => size >= tree.size);
  }

  /** To be called at each new size. A part export whose range does not fold to the anchored root is refused here. */
  check(root: Uint8Array): Bad | undefined {
    let fits = false;
    while (this.disagreed === undefined && this.waiting[0]?.size === this.tree.size) {
      const next = this.waiting.shift()!;
      if (sameBytes(next.root, root)) fits = true;
      else if (!this.isExplained(next)) this.disagreed = next.size;
    }
    if (fits && this.disagreed === undefined) this.agreed = this.tree.size;
    return undefined;
  }

  /** The record of a restore explains checkpoints of the records that it did away with. */
  heed(inner: Inner): void {
    const restore = restoreIn(inner);
    if (restore !== undefined) this.restores.push(restore);
  }

  /** Said where all else is sound. */
  told(): Bad | undefined {
    if (this.restored === undefined) return undefined;
    const { restoredAt, witnessed } = this.restored;
    const reason = `restored from a backup of ${restoredAt} records when the witnesses knew ${witnessed}: those from ${restoredAt} on were lost then`;
    return { kind: 'restored', firstBad: restoredAt, reason };
  }

  private isExplained({ size }: Checkpoint): boolean {
    const restore = this.restores.find(({ restoredAt, witnessed }) => restoredAt < size && size <= witnessed);
    this.restored = restore ?? this.restored;
    return restore !== undefined;
  }

  /** What the previous root that record `seq` states says about the records before it; `before` is the one to blame. */
  settle(seq: number, rootFits: boolean, before: number): Bad | undefined {
    if (!rootFits) {
      const reason = `record ${seq} states another root for the records before it`;
      return { kind: 'edited', firstBad: before, reason };
    }
    return this.disagreed === undefined ? undefined : this.parted();
  }

  finish(header: AuditExportHeader, tree: Frontier, root: Uint8Array): Bad | undefined {
    const last = Math.max(0, tree.size - 1);
    if (tree.size < header.size)
      return { kind: 'truncated', firstBad: tree.size, reason: `${tree.size} of ${header.size} records are there` };
    if (tree.size > header.size)
      return { kind: 'edited', firstBad: header.size, reason: `the header speaks of ${header.size} records` };
    if (toHex(root) !== header.root)
      return { kind: 'edited', firstBad: last, reason: "the records do not fold to the header's root" };
    if (this.disagreed !== undefined) return this.parted();
    const beyond = this.waiting.find((checkpoint) => !this.isExplained(checkpoint));
    if (beyond === undefined) return undefined;
    const reason = `the log was anchored with ${beyond.size} records, ${tree.size} are there`;
    return { kind: 'truncated', firstBad: tree.size, reason };
  }

  /** What was not looked at is only as good as a root that was compared: leaves and range before `since` may be invented. */
  refuseUncompared(since: number): Bad | undefined {
    if (since === 0 || this.agreed >= since) return undefined;
    const reason = `no checkpoint of ${since} records or more was there to compare with`;
    return { kind: 'unanchored', firstBad: this.agreed, reason };
  }

  private parted(): Bad {
    const reason = `sound in itself, but not the log that was anchored with ${this.disagreed} records`;
    if (this.agreed === 0) return { kind: 'rebuilt', firstBad: 0, reason };
    return {
      kind: 'forked',
      firstBad: this.agreed,
      reason: `${reason}; the last size that both share is at least ${this.agreed}`,
    };
  }
}

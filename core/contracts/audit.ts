// The audit log's words: what a record holds, how an export looks and what a verifier can find wrong.
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const actorKinds = ['person', 'token', 'system', 'anonymous'] as const;
const auditKinds = ['open', 'close', 'note'] as const;
const auditOutcomes = ['done', 'refused', 'failed', 'unknown'] as const;

/** `open` stands before an act, `close` after it and names the open's number; a `note` records what was no act of ours. */
export const auditRecord = z.strictObject({
  v: z.literal(1),
  seq: z.int().nonnegative(),
  /** UTC, for people; the order is that of `seq`, because clocks are set back. */
  time: z.iso.datetime(),
  kind: z.enum(auditKinds),
  /** Root of the tree of all records before this one. */
  previousRoot: hash,
  actor: z.strictObject({ kind: z.enum(actorKinds), id: z.string().max(128) }),
  action: z.string().min(1).max(128),
  subject: z.string().max(512),
  environment: z.string().max(64).optional(),
  /** The seq of the record that this one closes. */
  opened: z.int().nonnegative().optional(),
  outcome: z.enum(auditOutcomes).optional(),
  detail: z.record(z.string(), z.unknown()),
  /** Salted commitments: SHA-256(salt ‖ value). Values and salts are kept apart, so a person can be erased. */
  personal: z.record(z.string(), hash),
});

/** First line of an export. `range` holds the subtree roots of the records before `since`, left to right. */
export const auditExportHeader = z.strictObject({
  origin: z.string().min(1).max(253),
  size: z.int().nonnegative(),
  root: hash,
  keyId: z.string().regex(/^[0-9a-f]{8}$/),
  since: z.int().nonnegative(),
  range: z.array(hash).max(53),
});

/** First line of a filtered export: a part of the log, each record proven to be in the tree that the signed checkpoint speaks of. */
export const auditPartHeader = z.strictObject({
  part: z.literal(true),
  checkpoint: z.string().max(2_048),
  filter: z.record(z.string(), z.string()),
});

export type AuditPartHeader = z.infer<typeof auditPartHeader>;
export type AuditRecord = z.infer<typeof auditRecord>;
export type AuditKind = (typeof auditKinds)[number];
export type AuditOutcome = (typeof auditOutcomes)[number];
export type AuditActor = AuditRecord['actor'];
export type AuditExportHeader = z.infer<typeof auditExportHeader>;

// How long each table that grows keeps what nobody needs any more; the audit log's records alone are kept for good.
import type { Db } from '../db.ts';

interface Rule {
  table: string;
  /** Rows that go, `?` being the moment before which they are too old. */
  where: string;
  keepSeconds: number;
}

const day = 86_400;

const rules: readonly Rule[] = [
  { table: 'idempotency', where: 'created < ?', keepSeconds: day },
  { table: 'sessions', where: 'created < ?', keepSeconds: 8 * day }, // a week is the longest that one lives
  { table: 'sessions', where: 'ended = 1 AND used < ?', keepSeconds: day },
  { table: 'invitations', where: 'expires < ?', keepSeconds: 0 },
  { table: 'setup', where: 'expires < ?', keepSeconds: 0 },
  { table: 'api_tokens', where: 'expires < ?', keepSeconds: 30 * day },
  { table: 'feedback', where: 'created < ?', keepSeconds: 90 * day }, // models are trained on 7 days
  { table: 'threat_exceptions', where: 'expires < ?', keepSeconds: 0 }, // the audit log has them for good
  { table: 'alerts', where: 'received < ?', keepSeconds: 90 * day },
  { table: 'operations', where: "state <> 'running' AND started < ?", keepSeconds: 365 * day }, // its steps go with it
  { table: 'revisions', where: 'pruned = 1 AND created < ?', keepSeconds: 365 * day }, // history alone: the audit log has it for good
  { table: 'signing_keys', where: 'retired < ?', keepSeconds: day },
];

/** How long what nothing ends stays in a table; throws for a table without a rule. */
export function keepSecondsOf(table: string): number {
  const rule = rules.find((one) => one.table === table);
  if (rule === undefined) throw new Error(`nothing is purged from ${table}`);
  return rule.keepSeconds;
}

/** Applies every rule; how many rows went, by table. Refresh tokens go with their session. */
export function purge(db: Pick<Db, 'run'>, now: number): Record<string, number> {
  const gone: Record<string, number> = {};
  for (const { table, where, keepSeconds } of rules) {
    const { changes } = db.run(`DELETE FROM ${table} WHERE ${where}`, now - keepSeconds);
    gone[table] = (gone[table] ?? 0) + changes;
  }
  return gone;
}

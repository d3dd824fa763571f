// What is kept for how long, as people are told: the database's rules, the audit log's, and what Prometheus says of its own history.
import { z } from 'zod';
import type { keptView } from '../../../core/contracts/retention.ts';
import type { Prometheus } from '../../../core/runtime/prometheus.ts';
import { keepSecondsOf } from './purge.ts';

const daySeconds = 86_400;
/** Addresses of strangers stand in the audit log for 90 days. */
export const strangerSeconds = 90 * daySeconds;

/** What a table is to people; those that are not named here hold nothing that somebody looks for. */
const named = {
  feedback: 'Judgements of anomalies',
  alerts: 'Notifications that were handed over',
  operations: 'Operations on deployments, with their steps',
  revisions: 'Revisions that were pruned',
} as const;

const runtime = z.object({ storageRetention: z.string() });

/** All that its limit counts: for its first hours Prometheus has no block, and what it keeps lies in the log that it writes ahead. */
const onDisk = ['storage_blocks_bytes', 'wal_storage_size_bytes', 'head_chunks_storage_size_bytes']
  .map((name) => `prometheus_tsdb_${name}`)
  .join(' + ');

/** Rejects never: what Prometheus does not say is unknown, with the reason. */
export async function readKept(
  prometheus: Pick<Prometheus, 'get' | 'query'>,
  now: number,
): Promise<z.infer<typeof keptView>> {
  const items = Object.entries(named).map(([table, what]) => ({ what, days: keepSecondsOf(table) / daySeconds }));
  return {
    items: [
      { what: 'Audit records', days: null },
      { what: 'Addresses of strangers in the audit log', days: strangerSeconds / daySeconds },
      ...items,
    ],
    history: await readHistory(prometheus, now),
  };
}

async function readHistory(prometheus: Pick<Prometheus, 'get' | 'query'>, now: number) {
  try {
    const { storageRetention: limit } = runtime.parse(await prometheus.get('/api/v1/status/runtimeinfo'));
    const [used] = await prometheus.query(onDisk, now);
    const [oldest] = await prometheus.query('prometheus_tsdb_lowest_timestamp_seconds', now);
    return { state: 'known' as const, limit, usedBytes: used?.value ?? null, oldestSeconds: oldest?.value ?? null };
  } catch (error) {
    return { state: 'unknown' as const, reason: (error as Error).message.slice(0, 300) };
  }
}

// What people are told of retention is what the rules do; a Prometheus that says nothing leaves its part unknown.
import { expect, test } from 'vitest';
import { keptView } from '../../../../core/contracts/retention.ts';
import { readKept } from '../../../../web/server/retention/kept.ts';
import { keepSecondsOf } from '../../../../web/server/retention/purge.ts';
import { fakePrometheus } from '../../../fakes/prometheus.ts';

const onDisk =
  'prometheus_tsdb_storage_blocks_bytes + prometheus_tsdb_wal_storage_size_bytes + prometheus_tsdb_head_chunks_storage_size_bytes';

test('rules are told in days, and what is kept for good as such', async () => {
  const prometheus = fakePrometheus({
    [onDisk]: [{ labels: {}, valueAt: () => 5_000 }],
    prometheus_tsdb_lowest_timestamp_seconds: [{ labels: {}, valueAt: () => 70 }],
  });
  prometheus.answers['/api/v1/status/runtimeinfo'] = { storageRetention: '90d or 10GiB', goVersion: 'x' };
  const kept = keptView.parse(await readKept(prometheus, 100));
  expect(kept.items).toContainEqual({ what: 'Audit records', days: null });
  expect(kept.items).toContainEqual({ what: 'Judgements of anomalies', days: keepSecondsOf('feedback') / 86_400 });
  expect(kept.items.every(({ days }) => days === null || days > 0)).toBe(true);
  expect(kept.history).toEqual({ state: 'known', limit: '90d or 10GiB', usedBytes: 5_000, oldestSeconds: 70 });
});

test('a Prometheus before its first block says no size, one that is away says nothing', async () => {
  const prometheus = fakePrometheus();
  prometheus.answers['/api/v1/status/runtimeinfo'] = { storageRetention: '90d' };
  expect((await readKept(prometheus, 100)).history).toMatchObject({ usedBytes: null, oldestSeconds: null });
  prometheus.failure = new Error('connection refused');
  expect((await readKept(prometheus, 100)).history).toEqual({ state: 'unknown', reason: 'connection refused' });
});

test('a table without a rule is an error, not "never"', () => {
  expect(() => keepSecondsOf('people')).toThrow(/people/);
});

// Every metric that something of ours exports, as its source says it, and those of the engines that the dashboards may rest on.
import { createKnown, createSources } from '../../collector/sources/index.ts';
import { listFiles, readFile } from '../tidy/tree.ts';

/** Prometheus says these itself, or they stand in the Go programs' expositions; the appliance's proof meets each on a real one. */
const ofEngines: readonly string[] = [
  ...['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS'],
  ...[
    'prometheus_tsdb_head_series',
    'prometheus_tsdb_storage_blocks_bytes',
    'prometheus_tsdb_head_samples_appended_total',
  ],
  ...['prometheus_rule_evaluation_failures_total', 'prometheus_notifications_dropped_total'],
  'alertmanager_notifications_failed_total',
];

export function exportedNames(): ReadonlySet<string> {
  const options = { dnsNames: [], textfileDirectory: '', hostRoot: '' };
  const known = createKnown(async () => undefined);
  const collected = createSources(options, known).flatMap(({ metrics }) => metrics.map(({ name }) => name));
  const said = listFiles()
    .filter((path) => /^(collector|detectors|web\/(server|broker))\/.*\.ts$/.test(path))
    .flatMap((path) => [...readFile(path).matchAll(/\b(gauge|counter|untyped|histogram)\(\s*'(\w+)'/g)])
    .flatMap(([, type, name]) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!]));
  return new Set([...collected, ...said, ...ofEngines]);
}

// What the process detector looks at: one series a group of processes and metric, in process-exporter's names.
import type { MetricSpec } from '../detector.ts';
import { aggregate, meanOf, rateOf, selector } from '../promql.ts';

const entity = ['instance', 'groupname'];

function level(metric: string, words: string, unit: MetricSpec['unit'], name: string, only = ''): MetricSpec {
  return {
    metric,
    words,
    unit,
    expression: (match, windows) => aggregate('sum', entity, meanOf(selector(name, only, match), windows)),
  };
}

export const processMetrics: readonly MetricSpec[] = [
  {
    metric: 'cpu',
    words: 'CPU use',
    unit: 's/s',
    expression: (match, windows) =>
      aggregate('sum', entity, rateOf(selector('namedprocess_namegroup_cpu_seconds_total', match), windows)),
  },
  level('memory', 'resident memory', 'bytes', 'namedprocess_namegroup_memory_bytes', 'memtype="resident"'),
  level('threads', 'threads', 'count', 'namedprocess_namegroup_num_threads'),
  level('open_files', 'open files', 'count', 'namedprocess_namegroup_open_filedesc'),
  level('processes', 'processes', 'count', 'namedprocess_namegroup_num_procs'),
];

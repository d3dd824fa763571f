// What the container detector looks at: one series a container and metric, in cAdvisor's names.
import type { MetricSpec } from '../detector.ts';
import { aggregate, meanOf, rateOf, riseOf, selector } from '../promql.ts';

/** Labels that say which container it is and which model it shares; ids and images stay out, they change in its life. */
const containerLabels = [
  'instance',
  'name',
  'container_label_odyssey_deployment',
  'container_label_odyssey_revision',
  'container_label_com_docker_compose_project',
  'container_label_com_docker_compose_service',
  'container_label_com_docker_swarm_service_name',
] as const;

const named = 'name!=""';

function counted(metric: string, words: string, unit: MetricSpec['unit'], name: string): MetricSpec {
  return {
    metric,
    words,
    unit,
    expression: (match, windows) => aggregate('sum', containerLabels, rateOf(selector(name, named, match), windows)),
  };
}

export const containerMetrics: readonly MetricSpec[] = [
  counted('cpu', 'CPU use', 's/s', 'container_cpu_usage_seconds_total'),
  counted('throttling', 'CPU throttling', 's/s', 'container_cpu_cfs_throttled_seconds_total'),
  {
    metric: 'memory',
    words: 'memory working set',
    unit: 'bytes',
    expression: (match, windows) =>
      aggregate('max', containerLabels, meanOf(selector('container_memory_working_set_bytes', named, match), windows)),
  },
  counted('network_receive', 'network received', 'bytes/s', 'container_network_receive_bytes_total'),
  counted('network_transmit', 'network sent', 'bytes/s', 'container_network_transmit_bytes_total'),
  counted('disk_read', 'disk reads', 'bytes/s', 'container_fs_reads_bytes_total'),
  counted('disk_write', 'disk writes', 'bytes/s', 'container_fs_writes_bytes_total'),
  {
    metric: 'restarts',
    words: 'restarts',
    unit: '1/s',
    expression: (match, windows) =>
      aggregate('max', containerLabels, riseOf(selector('container_restart_count', named, match), windows)),
  },
];

// What the disk detector looks at: how full a filesystem is, and how a device works.
import type { MetricSpec, Windows } from '../detector.ts';
import { aggregate, meanOf, rateOf, selector } from '../promql.ts';

const device = ['instance', 'device'];
const filesystem = ['instance', 'device', 'mountpoint'];

/** Loop devices, RAM disks and optical drives come and go, or never work. */
const realDevices = 'device!~"(loop|ram|zram|sr|fd)[0-9]+"';
/** Kept in memory or read-only images: they are full by nature; containers' own mounts are the containers' matter. */
const realFilesystems =
  'fstype!~"tmpfs|ramfs|devtmpfs|squashfs|iso9660|nsfs|autofs",mountpoint!~"/(var/lib/(docker|containerd)|run|dev|proc|sys)/.+"';

/** Fewer operations than one in 100 s are taken as that many: an idle disk spends no time, which is 0 and not unknown. */
const operationsFloor = 0.01;

function counted(metric: string, words: string, unit: MetricSpec['unit'], name: string): MetricSpec {
  return {
    metric,
    words,
    unit,
    expression: (match, windows) => aggregate('sum', device, rateOf(selector(name, realDevices, match), windows)),
  };
}

function used(metric: string, words: string, left: string, whole: string): MetricSpec {
  return {
    metric,
    words,
    unit: 'ratio',
    expression: (match, windows) => {
      const mean = (name: string) =>
        aggregate('max', filesystem, meanOf(selector(name, realFilesystems, match), windows));
      return `1 - ${mean(left)} / (${mean(whole)} > 0)`;
    },
  };
}

function timePerOperation(match: string, windows: Windows): string {
  const rate = (name: string) => aggregate('sum', device, rateOf(selector(name, realDevices, match), windows));
  const time = `(${rate('node_disk_read_time_seconds_total')} + ${rate('node_disk_write_time_seconds_total')})`;
  const operations = `(${rate('node_disk_reads_completed_total')} + ${rate('node_disk_writes_completed_total')})`;
  return `${time} / clamp_min(${operations}, ${operationsFloor})`;
}

export const diskMetrics: readonly MetricSpec[] = [
  used('space_used', 'space in use', 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes'),
  used('inodes_used', 'inodes in use', 'node_filesystem_files_free', 'node_filesystem_files'),
  counted('read_bytes', 'bytes read', 'bytes/s', 'node_disk_read_bytes_total'),
  counted('written_bytes', 'bytes written', 'bytes/s', 'node_disk_written_bytes_total'),
  counted('reads', 'reads', '1/s', 'node_disk_reads_completed_total'),
  counted('writes', 'writes', '1/s', 'node_disk_writes_completed_total'),
  { metric: 'time_per_operation', words: 'time per operation', unit: 's', expression: timePerOperation },
  counted('queue', 'operations in flight', 'count', 'node_disk_io_time_weighted_seconds_total'),
];

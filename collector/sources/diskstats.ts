// What was read from and written to each disk since it appeared.
import { counter, gauge, type Metric, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** RAM disks, loops, floppies and partitions are left out, as node_exporter does. */
const leftOut = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;
const sectorBytes = 512;
const perMillisecond = 0.001;

/** After device number and name, in the order of the file; what a kernel does not count has no column. Documentation/admin-guide/iostats.rst. */
const columns: readonly { metric: Metric; scale: number }[] = [
  { metric: counter('node_disk_reads_completed_total', 'Reads completed.'), scale: 1 },
  { metric: counter('node_disk_reads_merged_total', 'Reads that were merged into another.'), scale: 1 },
  { metric: counter('node_disk_read_bytes_total', 'Bytes read.'), scale: sectorBytes },
  { metric: counter('node_disk_read_time_seconds_total', 'Seconds all reads took together.'), scale: perMillisecond },
  { metric: counter('node_disk_writes_completed_total', 'Writes completed.'), scale: 1 },
  { metric: counter('node_disk_writes_merged_total', 'Writes that were merged into another.'), scale: 1 },
  { metric: counter('node_disk_written_bytes_total', 'Bytes written.'), scale: sectorBytes },
  { metric: counter('node_disk_write_time_seconds_total', 'Seconds all writes took together.'), scale: perMillisecond },
  { metric: gauge('node_disk_io_now', 'Requests in progress.'), scale: 1 },
  { metric: counter('node_disk_io_time_seconds_total', 'Seconds in which the disk was busy.'), scale: perMillisecond },
  {
    metric: counter('node_disk_io_time_weighted_seconds_total', 'Busy seconds times requests in progress.'),
    scale: perMillisecond,
  },
  { metric: counter('node_disk_discards_completed_total', 'Discards completed.'), scale: 1 },
  { metric: counter('node_disk_discards_merged_total', 'Discards that were merged into another.'), scale: 1 },
  { metric: counter('node_disk_discarded_sectors_total', 'Sectors discarded.'), scale: 1 },
  { metric: counter('node_disk_discard_time_seconds_total', 'Seconds all discards took.'), scale: perMillisecond },
  { metric: counter('node_disk_flush_requests_total', 'Flushes completed.'), scale: 1 },
  {
    metric: counter('node_disk_flush_requests_time_seconds_total', 'Seconds all flushes took.'),
    scale: perMillisecond,
  },
];

export const diskstats: Source = {
  name: 'diskstats',
  metrics: columns.map(({ metric }) => metric),
  read({ readText }) {
    const samples: Sample[] = [];
    for (const line of linesOf(readText('/proc/diskstats'))) {
      const [, , device, ...values] = columnsOf(line);
      if (device === undefined) throw new Error(`not a line of /proc/diskstats: ${JSON.stringify(line.slice(0, 80))}`);
      if (leftOut.test(device)) continue;
      for (const [at, { metric, scale }] of columns.entries()) {
        if (at >= values.length) break;
        samples.push(sample(metric.name, parseInteger(values[at]) * scale, { device }));
      }
    }
    return samples;
  },
};

// Disks: space and inodes of filesystems, when they will be full, and how the devices work.
import { lowSteps, rarity, steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { diskList, here, realDisks, realFilesystems, spaceUsed } from '../build/select.ts';

const disk = `${here},${realDisks},device=~"$device"`;
const files = `${here},${realFilesystems}`;
const mount = 'instance, device, mountpoint';
const by = 'instance, device';
const called = '{{device}} on {{instance}}';
const available = `node_filesystem_avail_bytes{${files}}`;
const trend = `deriv(${available}[6h])`;
const yearSeconds = 31_536_000;
/** Seconds until each that fills is full, 0 for what is full already: that has no trend any more. */
const fullIn = `${available} / (-${trend} > 0) < ${yearSeconds} or ${available} == 0 and node_filesystem_size_bytes{${files}} > 0`;
const rate = (name: string, at = '') =>
  `sum by (${by}) (rate(node_disk_${name}_total{${disk}}[$__rate_interval]${at}))`;
const most = (name: string, words = '') =>
  query(
    largest(by, (at) => rate(name, at)),
    `${words}${called}`,
  );

const space = row('Space', [
  stat({
    title: 'Fullest filesystem',
    description: 'Share of space in use.',
    queries: [query(`max(${spaceUsed})`, 'used')],
    unit: 'percentunit',
    width: 6,
    steps: steps(0.85, 0.95),
  }),
  stat({
    title: 'Full in',
    description:
      'Time until the first filesystem is full if it goes on as in the last 6 hours; "unknown" where there is no trend yet.',
    queries: [query(`min(${fullIn}) or ${yearSeconds} + 0 * count(${available} and ${trend})`, 'full in')],
    unit: 's',
    width: 6,
    mappings: [{ type: 'value', options: { [yearSeconds]: { text: 'not in a year', index: 0 } } }],
    steps: lowSteps(86_400, 604_800),
  }),
  stat({
    title: 'Fewest inodes',
    description: 'Share of inodes in use where the filesystem counts them.',
    queries: [query(`max(1 - node_filesystem_files_free{${files}} / (node_filesystem_files{${files}} > 0))`, 'used')],
    unit: 'percentunit',
    width: 6,
    steps: steps(0.85, 0.95),
  }),
  stat({
    title: 'Read-only',
    description: 'Filesystems that can only be read; a disk with errors is switched to that by the kernel.',
    queries: [query(`sum(node_filesystem_readonly{${files}})`, 'read-only')],
    unit: 'none',
    width: 6,
  }),
  table({
    title: 'Filesystems',
    description: 'The 50 fullest.',
    queries: [
      query(`topk(50, max by (${mount}) (${spaceUsed}))`, ''),
      query(`topk(50, max by (${mount}) (node_filesystem_avail_bytes{${files}}))`, ''),
      query(`topk(50, max by (${mount}) (node_filesystem_size_bytes{${files}}))`, ''),
    ],
    sortBy: 'In use',
    columns: [
      { name: 'mountpoint', title: 'Mounted at' },
      { name: 'device', title: 'Device' },
      { name: 'instance', title: 'Machine' },
      { name: 'Value #A', title: 'In use', unit: 'percentunit', steps: steps(0.85, 0.95) },
      { name: 'Value #B', title: 'Available', unit: 'bytes' },
      { name: 'Value #C', title: 'Size', unit: 'bytes' },
    ],
  }),
  lines({
    title: 'Space in use',
    description: 'Share of space of the eight fullest at the end of the range.',
    queries: [
      query(
        largest(
          mount,
          (at) =>
            `max by (${mount}) (1 - node_filesystem_avail_bytes{${files}}${at} / (node_filesystem_size_bytes{${files}}${at} > 0))`,
        ),
        '{{mountpoint}} on {{instance}}',
      ),
    ],
    unit: 'percentunit',
    width: 24,
    min: 0,
    max: 1,
    steps: steps(0.85, 0.95),
    bounded: true,
  }),
]);

const work = row('Work', [
  strip({
    title: 'Most unusual disks',
    description: 'How rare the state of each disk and filesystem is; the eight rarest at the end of the range.',
    height: 7,
    queries: [
      query(
        largest(
          mount,
          (at) => `max by (${mount}) (${rarity(`anomaly_score{${here},detector="disk",metric="_all"}${at}`)})`,
        ),
        '{{device}} {{mountpoint}} on {{instance}}',
      ),
    ],
  }),
  lines({
    title: 'Bytes',
    description: 'Read above, written below the line.',
    queries: [most('read_bytes', 'read '), most('written_bytes', 'written ')],
    unit: 'Bps',
    below: '/^written /',
  }),
  lines({
    title: 'Operations',
    description: 'Reads above, writes below the line.',
    queries: [most('reads_completed', 'reads '), most('writes_completed', 'writes ')],
    unit: 'iops',
    below: '/^writes /',
  }),
  lines({
    title: 'Busy',
    description:
      'Share of time in which the disk worked; a disk that does many things at once can be busy and not full.',
    queries: [most('io_time_seconds')],
    unit: 'percentunit',
    min: 0,
  }),
  lines({
    title: 'Time per operation',
    description: 'Mean time of reads and of writes; below one operation in 100 s it reads 0.',
    queries: [
      query(
        largest(by, (at) => `${rate('read_time_seconds', at)} / clamp_min(${rate('reads_completed', at)}, 0.01)`),
        `read ${called}`,
      ),
      query(
        largest(by, (at) => `${rate('write_time_seconds', at)} / clamp_min(${rate('writes_completed', at)}, 0.01)`),
        `write ${called}`,
      ),
    ],
    unit: 's',
    min: 0,
  }),
  lines({
    title: 'In flight',
    description: 'Mean number of operations that wait or are worked on.',
    queries: [most('io_time_weighted_seconds')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Waiting for disks',
    description: 'Share of time in which some task, and in which every task, waited for a disk.',
    queries: [
      query(`rate(node_pressure_io_waiting_seconds_total{${here}}[$__rate_interval])`, 'some on {{instance}}'),
      query(`rate(node_pressure_io_stalled_seconds_total{${here}}[$__rate_interval])`, 'every on {{instance}}'),
    ],
    unit: 'percentunit',
    min: 0,
  }),
]);

export const disks: Dashboard = {
  name: 'disks',
  title: 'Disks',
  description: 'Space and inodes, when they run out, and how the devices work.',
  tags: ['machine'],
  consolePage: '/nodes',
  variables: [diskList],
  marks: 'detector="disk"',
  sections: [space, work],
};

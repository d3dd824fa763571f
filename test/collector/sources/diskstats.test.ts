// Disk counters take the unit of their name; what is no disk of its own is left out.
import { expect, test } from 'vitest';
import { diskstats } from '../../../collector/sources/diskstats.ts';
import { read } from '../read.ts';

const disk = (name: string) => `   8       0 ${name} 1 2 3 4000 5 6 7 8000 9 10000 11000 12 13 14 15000 16 17000\n`;
const devices = async (text: string) =>
  (await read(diskstats, { '/proc/diskstats': text }))
    .filter((line) => line.startsWith('node_disk_io_now'))
    .map((line) => /device="([^"]*)"/.exec(line)?.[1]);

test('every column of a kernel with flushes', async () => {
  expect(await read(diskstats, { '/proc/diskstats': disk('sda') })).toEqual([
    'node_disk_reads_completed_total{device="sda"} 1',
    'node_disk_reads_merged_total{device="sda"} 2',
    'node_disk_read_bytes_total{device="sda"} 1536',
    'node_disk_read_time_seconds_total{device="sda"} 4',
    'node_disk_writes_completed_total{device="sda"} 5',
    'node_disk_writes_merged_total{device="sda"} 6',
    'node_disk_written_bytes_total{device="sda"} 3584',
    'node_disk_write_time_seconds_total{device="sda"} 8',
    'node_disk_io_now{device="sda"} 9',
    'node_disk_io_time_seconds_total{device="sda"} 10',
    'node_disk_io_time_weighted_seconds_total{device="sda"} 11',
    'node_disk_discards_completed_total{device="sda"} 12',
    'node_disk_discards_merged_total{device="sda"} 13',
    'node_disk_discarded_sectors_total{device="sda"} 14',
    'node_disk_discard_time_seconds_total{device="sda"} 15',
    'node_disk_flush_requests_total{device="sda"} 16',
    'node_disk_flush_requests_time_seconds_total{device="sda"} 17',
  ]);
});

test('a kernel that counts no discards has no series of them', async () => {
  const lines = await read(diskstats, { '/proc/diskstats': '8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n' });
  expect(lines).toHaveLength(11);
});

test.each([
  { kept: ['sda', 'vda', 'nvme0n1', 'dm-0', 'md127', 'sr0', 'mmcblk0', 'zd0'] },
  { leftOut: ['sda1', 'hdb2', 'vdb15', 'xvda1', 'nvme0n1p1', 'nvme10n2p12', 'loop3', 'ram0', 'zram0', 'fd0'] },
])('%o', async ({ kept = [], leftOut = [] }) => {
  expect(await devices([...kept, ...leftOut].map(disk).join(''))).toEqual(kept);
});

test.each(['8 0\n', '8 0 sda 1 2 x\n'])('%j fails the source', async (text) => {
  await expect(devices(text)).rejects.toThrow();
});

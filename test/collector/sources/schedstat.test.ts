// Scheduler times from nanoseconds, absent where the kernel does not count.
import { expect, test } from 'vitest';
import { schedstat } from '../../../collector/sources/schedstat.ts';
import { read } from '../read.ts';

test.each([
  { given: 'a kernel without it', files: {}, gives: [] },
  {
    given: 'one CPU and its domains',
    files: { '/proc/schedstat': 'version 15\ntimestamp 1\ncpu7 0 0 0 0 0 0 1500000000 250000000 42\ndomain0 03 1 2\n' },
    gives: [
      'node_schedstat_running_seconds_total{cpu="7"} 1.5',
      'node_schedstat_waiting_seconds_total{cpu="7"} 0.25',
      'node_schedstat_timeslices_total{cpu="7"} 42',
    ],
  },
  {
    given: 'times beyond the exact whole numbers of a double',
    files: { '/proc/schedstat': 'cpu0 0 0 0 0 0 0 15843370514120000 0 1\n' },
    gives: [
      'node_schedstat_running_seconds_total{cpu="0"} 15843370.51412',
      'node_schedstat_waiting_seconds_total{cpu="0"} 0',
      'node_schedstat_timeslices_total{cpu="0"} 1',
    ],
  },
])('$given', async ({ files, gives }) => {
  expect(await read(schedstat, files)).toEqual(gives);
});

test('a line that is cut fails the source', async () => {
  await expect(read(schedstat, { '/proc/schedstat': 'cpu0 1 2\n' })).rejects.toThrow('not nanoseconds');
});

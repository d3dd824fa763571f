// Kernel counters by their key in /proc/stat.
import { expect, test } from 'vitest';
import { stat } from '../../../collector/sources/stat.ts';
import { read } from '../read.ts';

const text =
  'cpu  1 2\nintr 441812 0 0 13\nctxt 1050838\nbtime 1795255624\nprocesses 9536\nprocs_running 4\nprocs_blocked 0\nsoftirq 9 1\n';

test('the first number of each line', async () => {
  expect(await read(stat, { '/proc/stat': text })).toEqual([
    'node_intr_total 441812',
    'node_context_switches_total 1050838',
    'node_forks_total 9536',
    'node_boot_time_seconds 1795255624',
    'node_procs_running 4',
    'node_procs_blocked 0',
  ]);
});

test.each(['ctxt\n', 'ctxt x\n'])('%j fails the source', async (line) => {
  await expect(read(stat, { '/proc/stat': line })).rejects.toThrow('not a number');
});

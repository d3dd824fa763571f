// Hung tasks are exported under both names, where the kernel counts them.
import { expect, test } from 'vitest';
import { kernelHung } from '../../../collector/sources/kernel-hung.ts';
import { read } from '../read.ts';

test.each([
  {
    given: 'a kernel that counts',
    files: { '/proc/sys/kernel/hung_task_detect_count': '3\n' },
    gives: ['node_kernel_hung_tasks_total 3', 'node_kernel_hung_tasks 3'],
  },
  { given: 'a kernel that does not', files: {}, gives: [] },
])('$given', async ({ files, gives }) => {
  expect(await read(kernelHung, files)).toEqual(gives);
});

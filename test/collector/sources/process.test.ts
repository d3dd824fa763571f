// The collector tells its own cost: every metric of the shared reading, and a broken one fails the source.
import { expect, test } from 'vitest';
import { createProcess } from '../../../collector/sources/process.ts';
import { processMetrics } from '../../../core/lib/process-cost.ts';
import { read } from '../read.ts';

const files = {
  '/proc/self/stat': `1 (node) S ${Array.from({ length: 49 }, (_, at) => at + 4).join(' ')}`,
  '/proc/stat': 'btime 1000000\n',
  '/proc/self/limits': 'Max open files  1024  4096  files\nMax address space  unlimited  unlimited  bytes\n',
  '/proc/self/fd/0': '',
};

test('all that is declared is told', async () => {
  const lines = await read(createProcess(), files);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(processMetrics.map(({ name }) => name));
});

test('where /proc says nothing the source fails', async () => {
  await expect(read(createProcess(), {})).rejects.toThrow('ENOENT');
});

// The collector's own cost, also when its name holds parentheses.
import { expect, test } from 'vitest';
import { createProcess } from '../../../collector/sources/process.ts';
import { read } from '../read.ts';

const fields = ['S', ...Array.from({ length: 49 }, (_, at) => String(at + 4))];
const limits = (files: string, space: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                 4096                 files\nMax address space         ${space}            unlimited            bytes\n`;
const files = {
  '/proc/self/stat': `123 (no) (de) ${fields.join(' ')}`,
  '/proc/stat': 'cpu 1\nbtime 1000000\n',
  '/proc/self/limits': limits('1024', 'unlimited'),
  '/proc/self/fd/0': '',
  '/proc/self/fd/1': '',
};

test('all seven', async () => {
  expect(await read(createProcess(), files)).toEqual([
    'process_cpu_seconds_total 0.29',
    `process_resident_memory_bytes ${24 * 4096}`,
    'process_virtual_memory_bytes 23',
    'process_virtual_memory_max_bytes 18446744073709552000',
    'process_open_fds 2',
    'process_max_fds 1024',
    'process_start_time_seconds 1000000.22',
  ]);
});

test('a stat that is cut fails the source', async () => {
  await expect(read(createProcess(), { ...files, '/proc/self/stat': '123 (node) S 1' })).rejects.toThrow(
    'not a number',
  );
});

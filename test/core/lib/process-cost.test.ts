// A process's own cost, also when its name holds parentheses and when the clock is set.
import { expect, test } from 'vitest';
import { createProcessCost, processMetrics } from '../../../core/lib/process-cost.ts';
import { renderExposition } from '../../../core/lib/promtext.ts';
import { fakeMachine } from '../../fakes/machine.ts';

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

test('all seven', () => {
  const text = renderExposition(processMetrics, createProcessCost()(fakeMachine(files)));
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'process_cpu_seconds_total 0.29',
    `process_resident_memory_bytes ${24 * 4096}`,
    'process_virtual_memory_bytes 23',
    'process_virtual_memory_max_bytes 18446744073709552000',
    'process_open_fds 2',
    'process_max_fds 1024',
    'process_start_time_seconds 1000000.22',
  ]);
});

test('a stat that is cut throws', () => {
  const machine = fakeMachine({ ...files, '/proc/self/stat': '123 (node) S 1' });
  expect(() => createProcessCost()(machine)).toThrow('not a number');
});

test('a clock that is set does not read as a restart', () => {
  const read = createProcessCost();
  const startOf = (boot: number) =>
    read(fakeMachine({ ...files, '/proc/stat': `btime ${boot}\n` })).find(({ name }) => name.includes('start'))?.value;
  expect([startOf(1_000_000), startOf(1_000_900)]).toEqual([1_000_000.22, 1_000_000.22]);
});

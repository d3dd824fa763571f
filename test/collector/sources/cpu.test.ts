// CPU seconds follow /proc/stat and never fall.
import { expect, test } from 'vitest';
import { createCpu } from '../../../collector/sources/cpu.ts';
import { read } from '../read.ts';

const stat = (line: string) => ({ '/proc/stat': `cpu  9 9 9 9 9 9 9 9 9 9\n${line}\nintr 5 1\nctxt 7\n` });
const mode = (lines: string[], name: string) => lines.find((line) => line.includes(`mode="${name}"`))?.split(' ')[1];

test('ticks become seconds, by CPU and mode; the sum of all CPUs is left out', async () => {
  expect(await read(createCpu(), stat('cpu3 100 200 300 400 500 600 700 800 50 60'))).toEqual([
    'node_cpu_seconds_total{cpu="3",mode="user"} 1',
    'node_cpu_seconds_total{cpu="3",mode="nice"} 2',
    'node_cpu_seconds_total{cpu="3",mode="system"} 3',
    'node_cpu_seconds_total{cpu="3",mode="idle"} 4',
    'node_cpu_seconds_total{cpu="3",mode="iowait"} 5',
    'node_cpu_seconds_total{cpu="3",mode="irq"} 6',
    'node_cpu_seconds_total{cpu="3",mode="softirq"} 7',
    'node_cpu_seconds_total{cpu="3",mode="steal"} 8',
    'node_cpu_guest_seconds_total{cpu="3",mode="user"} 0.5',
    'node_cpu_guest_seconds_total{cpu="3",mode="nice"} 0.6',
  ]);
});

test.each([
  {
    given: 'iowait that the kernel corrects downwards',
    gives: '5',
    now: 'cpu0 100 0 0 1000 490 0 0 0 0 0',
    of: 'iowait',
  },
  { given: 'iowait that grows', gives: '5.1', now: 'cpu0 100 0 0 1000 510 0 0 0 0 0', of: 'iowait' },
  { given: 'idle that falls a little', gives: '10', now: 'cpu0 100 0 0 900 500 0 0 0 0 0', of: 'idle' },
  { given: 'a CPU that was taken out and put back', gives: '0.1', now: 'cpu0 10 0 0 10 0 0 0 0 0 0', of: 'user' },
])('$given → $gives', async ({ now, of, gives }) => {
  const cpu = createCpu();
  await read(cpu, stat('cpu0 100 0 0 1000 500 0 0 0 0 0'));
  expect(mode(await read(cpu, stat(now)), of)).toBe(gives);
});

test.each([
  { given: 'a kernel that counts no guests', line: 'cpu0 1 2 3 4 5 6 7 8', gives: 8 },
  { given: 'an old kernel that counts four modes', line: 'cpu0 1 2 3 4', gives: 4 },
])('$given exports what there is', async ({ line, gives }) => {
  expect(await read(createCpu(), stat(line))).toHaveLength(gives);
});

test.each(['cpu0 1 2 x 4', 'cpu0 1 2  4', 'nothing'])('%j fails the source', async (line) => {
  await expect(read(createCpu(), stat(line))).rejects.toThrow();
});

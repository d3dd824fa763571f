// The cost of this very process, held against what Node says of it; and the kernel's units against getconf.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createOwnProcess, readKernelUnits } from '../../../core/runtime/own-process.ts';

const text = createOwnProcess();
const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text())?.[1] ?? Number.NaN);

test('memory, CPU time and start are those that Node itself knows', () => {
  const near = (name: string, value: number, off: number) =>
    expect(Math.abs(figure(name) - value), name).toBeLessThan(off);
  near('process_resident_memory_bytes', process.memoryUsage.rss(), 32 * 2 ** 20);
  const { user, system } = process.cpuUsage();
  near('process_cpu_seconds_total', (user + system) / 1e6, 1);
  near('process_start_time_seconds', Date.now() / 1000 - process.uptime(), 5);
  expect(figure('process_open_fds')).toBeGreaterThan(2);
});

test('work that is done shows', () => {
  const before = figure('process_cpu_seconds_total');
  const until = process.cpuUsage().user + 100_000;
  while (process.cpuUsage().user < until) readFileSync('/proc/self/stat');
  expect(figure('process_cpu_seconds_total')).toBeGreaterThanOrEqual(before + 0.09);
});

test('the units are those of getconf', () => {
  const asked = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
  expect(readKernelUnits()).toEqual({ clockTicks: asked('CLK_TCK'), pageBytes: asked('PAGESIZE') });
});

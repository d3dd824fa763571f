// Stall times become seconds; what the kernel does not tell is absent.
import { expect, test } from 'vitest';
import { pressure } from '../../../collector/sources/pressure.ts';
import { read } from '../read.ts';

const text = (some: number, full: number) =>
  `some avg10=0.00 avg60=0.00 avg300=0.00 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;

test.each([
  { given: 'a kernel without it', files: {}, gives: [] },
  {
    given: 'all resources',
    files: {
      '/proc/pressure/cpu': text(1_500_000, 0),
      '/proc/pressure/memory': text(2_000_000, 1_000_000),
      '/proc/pressure/io': text(4_000_000, 3_000_000),
      '/proc/pressure/irq': 'full avg10=0.00 avg60=0.00 avg300=0.00 total=5000000\n',
    },
    gives: [
      'node_pressure_cpu_waiting_seconds_total 1.5',
      'node_pressure_memory_waiting_seconds_total 2',
      'node_pressure_memory_stalled_seconds_total 1',
      'node_pressure_io_waiting_seconds_total 4',
      'node_pressure_io_stalled_seconds_total 3',
      'node_pressure_irq_stalled_seconds_total 5',
    ],
  },
])('$given', async ({ files, gives }) => {
  expect(await read(pressure, files)).toEqual(gives);
});

test('a line without a total fails the source', async () => {
  await expect(read(pressure, { '/proc/pressure/cpu': 'some avg10=0.00\n' })).rejects.toThrow('not a number');
});

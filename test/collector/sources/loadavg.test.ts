// Load averages are the first three numbers.
import { expect, test } from 'vitest';
import { loadavg } from '../../../collector/sources/loadavg.ts';
import { read } from '../read.ts';

test('three averages', async () => {
  expect(await read(loadavg, { '/proc/loadavg': '0.21 0.37 0.39 1/719 19737\n' })).toEqual([
    'node_load1 0.21',
    'node_load5 0.37',
    'node_load15 0.39',
  ]);
});

test.each(['', '0.2', '0.2 nan 0.3 1/2 3', 'x y z'])('%j fails the source', async (text) => {
  await expect(read(loadavg, { '/proc/loadavg': text })).rejects.toThrow('not a number');
});

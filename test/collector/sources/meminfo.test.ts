// Fields keep their names; amounts become bytes, pages stay counts.
import { expect, test } from 'vitest';
import { meminfo } from '../../../collector/sources/meminfo.ts';
import { read } from '../read.ts';

test.each([
  { line: 'MemTotal:       24684084 kB', gives: ['node_memory_MemTotal_bytes 25276502016'] },
  { line: 'Active(anon):     100 kB', gives: ['node_memory_Active_anon_bytes 102400'] },
  { line: 'HugePages_Free:       7', gives: ['node_memory_HugePages_Free 7'] },
  { line: 'Hugepagesize:       2048 kB', gives: ['node_memory_Hugepagesize_bytes 2097152'] },
  { line: 'SwapTotal:             0 kB', gives: ['node_memory_SwapTotal_bytes 0'] },
  { line: 'SomethingOfTomorrow:  1 kB', gives: [] },
])('$line', async ({ line, gives }) => {
  expect(await read(meminfo, { '/proc/meminfo': `${line}\n` })).toEqual(gives);
});

test('nonsense fails the source', async () => {
  await expect(read(meminfo, { '/proc/meminfo': 'MemTotal: much kB\n' })).rejects.toThrow('not a number');
});

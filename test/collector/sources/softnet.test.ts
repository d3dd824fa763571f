// Softnet columns are hexadecimal; the CPU is named where the kernel names it.
import { expect, test } from 'vitest';
import { softnet } from '../../../collector/sources/softnet.ts';
import { read } from '../read.ts';

const zeros = (count: number) => Array.from({ length: count }, () => '00000000').join(' ');

test.each([
  {
    given: 'a kernel that names the CPU',
    text: `0000000a 00000001 00000002 ${zeros(6)} 00000003 00000004 00000000 00000005 00000000 00000000\n`,
    gives: [
      'processed{cpu="5"} 10',
      'dropped{cpu="5"} 1',
      'times_squeezed{cpu="5"} 2',
      'received_rps{cpu="5"} 3',
      'flow_limit_count{cpu="5"} 4',
    ],
  },
  {
    given: 'an old kernel, where the line is the CPU',
    text: `0000000a 00000001 00000002 ${zeros(6)}\n`,
    gives: ['processed{cpu="0"} 10', 'dropped{cpu="0"} 1', 'times_squeezed{cpu="0"} 2'],
  },
])('$given', async ({ text, gives }) => {
  const lines = await read(softnet, { '/proc/net/softnet_stat': text });
  expect(lines.map((line) => line.replace(/^node_softnet_(\w+)_total/, '$1'))).toEqual(gives);
});

test('nonsense fails the source', async () => {
  await expect(read(softnet, { '/proc/net/softnet_stat': 'xyz 1 2\n' })).rejects.toThrow('not a hexadecimal number');
});

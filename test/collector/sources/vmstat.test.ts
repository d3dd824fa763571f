// Seven fields of /proc/vmstat, by their whole name.
import { expect, test } from 'vitest';
import { vmstat } from '../../../collector/sources/vmstat.ts';
import { read } from '../read.ts';

test.each([
  {
    given: 'a field whose name starts another',
    text: 'pgfault_more 1\npgfault 2\npgpgin 3',
    gives: ['node_vmstat_pgpgin 3', 'node_vmstat_pgfault 2'],
  },
  {
    given: 'the first and the last line',
    text: 'pgpgin 1\noom_kill 2\n',
    gives: ['node_vmstat_pgpgin 1', 'node_vmstat_oom_kill 2'],
  },
  { given: 'none of them', text: 'nr_free_pages 5\n', gives: [] },
])('$given', async ({ text, gives }) => {
  expect(await read(vmstat, { '/proc/vmstat': text })).toEqual(gives);
});

test('nonsense fails the source', async () => {
  await expect(read(vmstat, { '/proc/vmstat': 'pgfault many\n' })).rejects.toThrow('not a number');
});

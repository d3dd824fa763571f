// File descriptions come from the first and the third column.
import { expect, test } from 'vitest';
import { filefd } from '../../../collector/sources/filefd.ts';
import { read } from '../read.ts';

test.each([
  {
    text: '1024\t0\t9223372036854775807\n',
    gives: ['node_filefd_allocated 1024', 'node_filefd_maximum 9223372036854776000'],
  },
  { text: '5 0 100', gives: ['node_filefd_allocated 5', 'node_filefd_maximum 100'] },
])('$text', async ({ text, gives }) => {
  expect(await read(filefd, { '/proc/sys/fs/file-nr': text })).toEqual(gives);
});

test('a short file fails the source', async () => {
  await expect(read(filefd, { '/proc/sys/fs/file-nr': '5 0' })).rejects.toThrow('not a number');
});

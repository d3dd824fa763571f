// Open file descriptions of the whole machine, and how many there may be.
import { gauge, sample } from '../../core/contracts/sample.ts';
import { parseNumber } from '../../core/lib/parse.ts';
import { columnsOf } from '../procfs.ts';
import type { Source } from '../source.ts';

export const filefd: Source = {
  name: 'filefd',
  metrics: [
    gauge('node_filefd_allocated', 'File descriptions in use.'),
    gauge('node_filefd_maximum', 'File descriptions there may be; 2^63 - 1 means no limit.'),
  ],
  read({ readText }) {
    const [allocated, , maximum] = columnsOf(readText('/proc/sys/fs/file-nr'));
    return [
      sample('node_filefd_allocated', parseNumber(allocated)),
      sample('node_filefd_maximum', parseNumber(maximum)),
    ];
  },
};

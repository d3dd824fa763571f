// Files of other programs are exported; a broken one costs itself and is told.
import { expect, test } from 'vitest';
import { createTextfile } from '../../../collector/sources/textfile.ts';
import { read } from '../read.ts';

const folder = '/var/lib/textfile';
const backup = '# HELP backup_age_seconds Age.\n# TYPE backup_age_seconds gauge\nbackup_age_seconds{job="db"} 60\n';

test.each([
  { given: 'no folder', folder: '', files: {}, gives: ['node_textfile_scrape_error 0'] },
  {
    given: 'a file, and one that is none of ours',
    folder,
    files: { [`${folder}/a.prom`]: backup, [`${folder}/a.prom.tmp`]: 'x' },
    gives: ['node_textfile_scrape_error 0', 'backup_age_seconds{job="db"} 60'],
  },
  {
    given: 'a broken file beside a good one',
    folder,
    files: { [`${folder}/a.prom`]: backup, [`${folder}/b.prom`]: '!' },
    gives: ['node_textfile_scrape_error 1', 'backup_age_seconds{job="db"} 60'],
  },
  {
    given: 'a file that would write over a metric of ours',
    folder,
    files: { [`${folder}/a.prom`]: 'node_load1 0\n' },
    gives: ['node_textfile_scrape_error 1'],
  },
  {
    given: 'a value that is no number',
    folder,
    files: { [`${folder}/a.prom`]: 'a NaN\nb 1\n' },
    gives: ['node_textfile_scrape_error 0', 'b 1'],
  },
])('$given', async ({ folder: given, files, gives }) => {
  expect(await read(createTextfile(given, new Set(['node_load1'])), files)).toEqual(gives);
});

test('a folder that is missing fails the source', async () => {
  await expect(read(createTextfile(folder, new Set()), {})).rejects.toThrow('ENOENT');
});

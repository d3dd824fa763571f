// The file of exceptions: absent is none, whole is read, and anything that cannot be trusted is refused with a sentence.
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readExceptions } from '../../../detectors/process/exception-file.ts';

const exception = {
  id: 'drill',
  exeSha256: 'a'.repeat(64),
  argv: ['nc', '-l', '9000'],
  parentExe: '/bin/sh',
  container: null,
  expiresAtSeconds: 1_800_000_000,
  reason: 'a drill of this week',
  owner: 'ops',
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exceptions-'));
  file = join(folder, 'threat-exceptions.json');
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (text: string) => writeFileSync(file, text, { mode: 0o600 });

test('without a file there are none', async () => {
  expect(await readExceptions(file)).toEqual([]);
});

test('a whole file is read', async () => {
  write(JSON.stringify([exception]));
  expect(await readExceptions(file)).toEqual([exception]);
});

test.each([
  { given: 'half a file', make: () => write('[{'), says: 'it is not JSON' },
  {
    given: 'one without an end',
    make: () => write(JSON.stringify([{ ...exception, expiresAtSeconds: undefined }])),
    says: '0.expiresAtSeconds',
  },
  {
    given: 'one without a program',
    make: () => write(JSON.stringify([{ ...exception, exeSha256: '' }])),
    says: '0.exeSha256',
  },
  { given: 'too many', make: () => write(JSON.stringify(Array(1001).fill({ ...exception, argv: [] }))), says: '1000' },
  { given: 'too large', make: () => write(' '.repeat(2 ** 20 + 1)), says: 'larger than' },
  {
    given: 'one that others may write',
    make: () => {
      write('[]');
      chmodSync(file, 0o622);
    },
    says: 'may be written by others',
  },
  { given: 'a link', make: () => symlinkSync('/dev/null', file), says: 'ELOOP' },
])('$given is refused', async ({ make, says }) => {
  make();
  await expect(readExceptions(file)).rejects.toThrow(says);
});

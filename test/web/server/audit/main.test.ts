// The verifier's command: what cannot be read is one clear sentence and no trace of our insides.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { anchorFile, newSigner, noteOf, sampleLog } from './sample-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-verifier-'));
afterAll(() => rmSync(folder, { recursive: true }));
const there = join(folder, 'there.txt');
const signer = newSigner();
writeFileSync(there, anchorFile(signer, [noteOf(sampleLog(3), 3, signer)]));

test.each([
  { given: 'no export', parameters: [join(folder, 'none'), there], says: 'none is not there' },
  { given: 'no checkpoints', parameters: [there, join(folder, 'none')], says: 'none is not there' },
  { given: 'a folder', parameters: [there, folder], says: 'cannot be read (EISDIR)' },
  { given: 'no file named', parameters: [], says: 'usage:' },
])('$given', ({ parameters, says }) => {
  const verifier = join(import.meta.dirname, '../../../../web/server/audit/main.ts');
  const { status, stderr, stdout } = spawnSync(process.execPath, [verifier, 'verify', ...parameters], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect(stderr).not.toContain('    at ');
});

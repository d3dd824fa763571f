// An anchor file on a disk that fills up within a note: the part that fitted is taken back, and the next note follows cleanly.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileAnchor } from '../../../../web/server/audit/anchors.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-torn-'));
const mounted = mountSmall();
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
});

function mountSmall(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not root
  }
}

test.skipIf(!mounted)('a note that fits only in part leaves the file as it was', async () => {
  const path = join(folder, 'anchors.txt');
  const anchor = fileAnchor(path);
  const { bsize } = statfsSync(folder);
  await anchor.hold('first\n', 'key');
  const before = readFileSync(path, 'utf8');
  const { bavail } = statfsSync(folder);
  writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
  await expect(anchor.hold(`${'x'.repeat(2 * bsize)}\n`, 'key')).rejects.toThrow();
  expect(readFileSync(path, 'utf8')).toBe(before);
  rmSync(join(folder, 'filler'));
  await anchor.hold('second\n', 'key');
  expect(readFileSync(path, 'utf8')).toBe('key\nfirst\n\nsecond\n\n');
});

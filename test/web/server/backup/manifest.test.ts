// A manifest tells a whole backup from a torn, changed or incomplete one.
import { expect, test } from 'vitest';
import { backupFiles, type Manifest, manifest, problemsOf } from '../../../../web/server/backup/manifest.ts';

const hash = 'a'.repeat(64);
const files = backupFiles.map((name) => ({ name, bytes: 3, sha256: hash }));
const told: Manifest = {
  format: 1,
  made: '2026-01-02T03:04:05.000Z',
  version: '1',
  audit: { size: 1, root: hash },
  files,
};
const there = new Map<string, { bytes: number; sha256: string }>(
  backupFiles.map((name) => [name, { bytes: 3, sha256: hash }]),
);

test('a whole backup has no problem', () => {
  expect(manifest.parse(told)).toEqual(told);
  expect(problemsOf(told, there)).toEqual([]);
});

test.each([
  { given: 'a file that is gone', told, found: new Map([...there].slice(1)), says: 'missing' },
  {
    given: 'another length',
    told,
    found: new Map([...there, ['audit.db', { bytes: 4, sha256: hash }] as const]),
    says: '4 bytes',
  },
  {
    given: 'another content',
    told,
    found: new Map([...there, ['audit.db', { bytes: 3, sha256: 'b'.repeat(64) }] as const]),
    says: 'changed',
  },
  {
    given: 'a file that was never listed',
    told: { ...told, files: files.slice(1) },
    found: there,
    says: 'not in the backup',
  },
])('$given', ({ told: one, found, says }) => {
  expect(problemsOf(one, found).join()).toContain(says);
});

test.each([{ name: '../../etc/passwd' }, { name: '/etc/passwd' }])('a name like $name is refused', ({ name }) => {
  expect(manifest.safeParse({ ...told, files: [{ ...files[0], name }] }).success).toBe(false);
});

// A registry's password goes in and comes out towards its registry alone: not in lists, not in the database's bytes, not under another key.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { openSeal } from '../../../../web/server/registries/seal.ts';
import { createRegistryStore } from '../../../../web/server/registries/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-registries-'));
const path = join(folder, 'odyssey.db');
const db = openDb(path, controlMigrations);
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

test('kept sealed, given to its registry, replaced and forgotten', () => {
  const store = createRegistryStore(db, openSeal(join(folder, 'key')));
  store.set('registry.example:5000', 'reader', 'correct-horse-battery', 1);
  expect(store.list()).toEqual([{ registry: 'registry.example:5000', username: 'reader', changed: 1 }]);
  expect(store.credentials('registry.example:5000')).toEqual({
    ...{ username: 'reader', password: 'correct-horse-battery', serveraddress: 'registry.example:5000' },
  });
  expect(store.credentials('registry.example')).toBeUndefined();
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  expect(readFileSync(path).includes('correct-horse-battery')).toBe(false);
  const stolen = createRegistryStore(db, openSeal(join(folder, 'other-key')));
  expect(() => stolen.credentials('registry.example:5000')).toThrow();
  store.remove('registry.example:5000');
  expect(store.list()).toEqual([]);
});

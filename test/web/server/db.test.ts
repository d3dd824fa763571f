// The database: private, synced, migrated in order and all or nothing; a newer schema is left alone.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDb } from '../../../web/server/db.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-db-'));
  path = join(folder, 'deep', 'a.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first = { name: 'first', sql: 'CREATE TABLE t (a INTEGER) STRICT' };
const second = { name: 'second', sql: 'ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO t VALUES (1, 2)' };

test('only its owner can read it, and every commit is synced in WAL', () => {
  const db = openDb(path, [first]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(db.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
  expect(db.get('PRAGMA synchronous')).toMatchObject({ synchronous: 2 });
  db.close();
});

test('migrations run once, in order, and go on where they stopped', () => {
  openDb(path, [first]).close();
  openDb(path, [first, second]).close();
  const db = openDb(path, [first, second]);
  expect(db.all('SELECT a, b FROM t')).toEqual([{ a: 1, b: '2' }]);
  db.close();
});

test('a migration that fails changes nothing and names itself', () => {
  const bad = { name: 'bad', sql: 'CREATE TABLE u (a); INSERT INTO missing VALUES (1)' };
  expect(() => openDb(path, [first, bad])).toThrow('migration 2 (bad)');
  const db = openDb(path, [first]);
  expect(db.all(`SELECT name FROM sqlite_schema WHERE name = 'u'`)).toEqual([]);
  db.close();
});

test('a newer schema is refused with what to do', () => {
  openDb(path, [first, second]).close();
  expect(() => openDb(path, [first])).toThrow(/schema 2.*knows 1.*restore/);
});

test('a transaction is all or nothing', () => {
  const db = openDb(path, [first]);
  const work = () =>
    db.transaction(() => {
      db.run('INSERT INTO t VALUES (1)');
      throw new Error('half way');
    });
  expect(work).toThrow('half way');
  expect(db.all('SELECT * FROM t')).toEqual([]);
  expect(db.transaction(() => db.run('INSERT INTO t VALUES (1), (2)').changes)).toBe(2);
  db.close();
});

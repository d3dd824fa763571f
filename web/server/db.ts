// The one door to SQLite: WAL, every commit synced, numbered migrations inside transactions, a newer schema refused.
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { isBusy } from './audit/unavailable.ts';

/** One step of a schema; its number is its place in the list, so a list only ever grows at its end. */
export interface Migration {
  name: string;
  sql: string;
}

export interface Db {
  readonly path: string;
  /** Runs a statement that changes something; `changes` is the number of rows it touched. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number };
  get<T>(sql: string, ...values: SQLInputValue[]): T | undefined;
  all<T>(sql: string, ...values: SQLInputValue[]): T[];
  /** Rows one at a time, for answers that may be larger than memory should hold. */
  iterate<T>(sql: string, ...values: SQLInputValue[]): IterableIterator<T>;
  /** All of it or nothing; the work is synchronous, so no other change of this process can come between. */
  transaction<T>(work: () => T): T;
  /** Whether nobody else holds the database for writing right now; answers at once. */
  isFree(): boolean;
  /**
   * Empties the write-ahead log into the database, where what was deleted is overwritten with zeros, and cuts it to nothing.
   * False where a reader holds it up: then bytes of before may still lie in the log.
   */
  sweep(): boolean;
  close(): void;
}

const statementsMax = 256;

/** A lock stalls everybody while it is waited for, because calls are synchronous: whoever can wait does so outside. */
const busyMilliseconds = 50;
const migratingBusyMilliseconds = 5_000;

/**
 * Opens (or makes, readable by its owner alone) the database at `path` and brings its schema up to the list's end.
 * Throws when the schema is newer than the list: an older program must not write what it does not understand.
 */
export function openDb(path: string, migrations: readonly Migration[]): Db {
  makePrivate(path);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: busyMilliseconds });
  try {
    prepare(database, path, migrations);
  } catch (error) {
    database.close();
    throw error;
  }
  return wrap(database, path);
}

function makePrivate(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function prepare(database: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const version = schemaVersion(database);
  if (version > migrations.length) {
    throw new Error(
      `${path} has schema ${version}, this version of Odyssey knows ${migrations.length}; start the newer version, or restore the backup made before the upgrade.`,
    );
  }
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA secure_delete = ON'); // an erased person's bytes are overwritten, not only unlinked
  database.exec('PRAGMA trusted_schema = OFF');
  database.exec('PRAGMA cache_size = -4096');
  database.exec('PRAGMA journal_size_limit = 67108864');
  if (version === migrations.length) return;
  database.exec(`PRAGMA busy_timeout = ${migratingBusyMilliseconds}`);
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) migrate(database, index + 1, migration);
  }
  database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
}

function schemaVersion(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function migrate(database: DatabaseSync, number: number, { name, sql }: Migration): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(sql);
    database.exec(`PRAGMA user_version = ${number}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw new Error(`migration ${number} (${name}) failed and changed nothing`, { cause: error });
  }
}

function wrap(database: DatabaseSync, path: string): Db {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      if (statements.size >= statementsMax) statements.clear();
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    path,
    run: (sql, ...values) => ({ changes: Number(prepared(sql).run(...values).changes) }),
    get: <T>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as T | undefined,
    all: <T>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as T[],
    // Not from the cache: two walks over one cached statement would end each other.
    iterate: <T>(sql: string, ...values: SQLInputValue[]) =>
      database.prepare(sql).iterate(...values) as IterableIterator<T>,
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    isFree: () => isFree(database),
    sweep() {
      const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
      return busy === 0;
    },
    close: () => database.close(),
  };
}

function isFree(database: DatabaseSync): boolean {
  database.exec('PRAGMA busy_timeout = 0');
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('COMMIT');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`);
  }
}

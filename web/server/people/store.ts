// People and their grants in the database.
import type { Grant } from '../../../core/contracts/access.ts';
import type { Db } from '../db.ts';

export interface PersonRow {
  id: string;
  name: string;
  password: string;
  totp: Uint8Array | null;
  totp_pending: Uint8Array | null;
  totp_step: number;
  disabled: number;
  version: number;
  created: number;
}

export interface PeopleStore {
  byId(id: string): PersonRow | undefined;
  byName(name: string): PersonRow | undefined;
  /** In order of names after `after`; at most `limit`. */
  list(after: string, limit: number): PersonRow[];
  count(): number;
  add(person: { id: string; name: string; password: string; created: number }, grants: readonly Grant[]): void;
  remove(id: string): void;
  grantsOf(id: string): Grant[];
  /** Replaces the grants and ends every session: new rights begin with a new login. */
  setGrants(id: string, grants: readonly Grant[]): void;
  setDisabled(id: string, disabled: boolean): void;
  setPassword(id: string, password: string): void;
  /** Stores a stronger hash of the same password. */
  rehash(id: string, password: string): void;
  offerTotp(id: string, key: Uint8Array): void;
  setTotp(id: string, key: Uint8Array | null, step: number): void;
  spendTotp(id: string, step: number): void;
  /** Ids of enabled people who are admin of the whole appliance. */
  admins(): string[];
}

const columns = 'id, name, password, totp, totp_pending, totp_step, disabled, version, created';

export function createPeopleStore(db: Db): PeopleStore {
  const grantsOf = (id: string) =>
    db.all<Grant>('SELECT environment, role FROM grants WHERE person = ? ORDER BY environment', id);
  const insertGrants = (id: string, grants: readonly Grant[]) => {
    for (const { environment, role } of grants)
      db.run('INSERT INTO grants (person, environment, role) VALUES (?, ?, ?)', id, environment, role);
  };
  return {
    byId: (id) => db.get(`SELECT ${columns} FROM people WHERE id = ?`, id),
    byName: (name) => db.get(`SELECT ${columns} FROM people WHERE name = ?`, name),
    list: (after, limit) => db.all(`SELECT ${columns} FROM people WHERE name > ? ORDER BY name LIMIT ?`, after, limit),
    count: () => db.get<{ n: number }>('SELECT count(*) AS n FROM people')!.n,
    add: ({ id, name, password, created }, grants) =>
      db.transaction(() => {
        db.run('INSERT INTO people (id, name, password, created) VALUES (?, ?, ?, ?)', id, name, password, created);
        insertGrants(id, grants);
      }),
    remove: (id) => void db.run('DELETE FROM people WHERE id = ?', id),
    grantsOf,
    setGrants: (id, grants) =>
      db.transaction(() => {
        db.run('DELETE FROM grants WHERE person = ?', id);
        insertGrants(id, grants);
        db.run('UPDATE people SET version = version + 1 WHERE id = ?', id);
      }),
    setDisabled: (id, disabled) =>
      void db.run('UPDATE people SET disabled = ?, version = version + 1 WHERE id = ?', disabled ? 1 : 0, id),
    setPassword: (id, password) =>
      void db.run('UPDATE people SET password = ?, version = version + 1 WHERE id = ?', password, id),
    rehash: (id, password) => void db.run('UPDATE people SET password = ? WHERE id = ?', password, id),
    offerTotp: (id, key) => void db.run('UPDATE people SET totp_pending = ? WHERE id = ?', key, id),
    setTotp: (id, key, step) =>
      void db.run(
        'UPDATE people SET totp = ?, totp_pending = NULL, totp_step = ?, version = version + 1 WHERE id = ?',
        ...[key, step, id],
      ),
    spendTotp: (id, step) => void db.run('UPDATE people SET totp_step = ? WHERE id = ?', step, id),
    admins: () =>
      db
        .all<{ id: string }>(
          `SELECT id FROM people JOIN grants ON person = id WHERE role = 'admin' AND environment = '*' AND disabled = 0`,
        )
        .map(({ id }) => id),
  };
}

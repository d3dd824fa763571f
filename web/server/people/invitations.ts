// Invitations and the one-time set-up token in the database: only hashes of the tokens are kept.
import type { Grant } from '../../../core/contracts/access.ts';
import type { Db } from '../db.ts';

export interface Invitation {
  id: string;
  grants: readonly Grant[];
  inviter: string;
  created: number;
  expires: number;
}

export interface InvitationStore {
  add(invitation: Invitation, hash: Uint8Array): void;
  byHash(hash: Uint8Array, now: number): Invitation | undefined;
  list(now: number): Invitation[];
  /** Whether it was there: of two that remove it, one is told so. */
  remove(id: string): boolean;
}

export interface SetupStore {
  replace(hash: Uint8Array, expires: number): void;
  holds(hash: Uint8Array, now: number): boolean;
  /** Whether this call was the one that used it up. */
  consume(hash: Uint8Array): boolean;
}

type Row = Omit<Invitation, 'grants'> & { grants: string };

const columns = 'id, grants, inviter, created, expires';

export function createInvitationStore(db: Db): InvitationStore {
  const read = (row: Row): Invitation => ({ ...row, grants: JSON.parse(row.grants) as Grant[] });
  return {
    add: ({ id, grants, inviter, created, expires }, hash) =>
      void db.run(
        'INSERT INTO invitations (id, hash, grants, inviter, created, expires) VALUES (?, ?, ?, ?, ?, ?)',
        ...[id, hash, JSON.stringify(grants), inviter, created, expires],
      ),
    byHash(hash, now) {
      const row = db.get<Row>(`SELECT ${columns} FROM invitations WHERE hash = ? AND expires > ?`, hash, now);
      return row && read(row);
    },
    list: (now) =>
      db.all<Row>(`SELECT ${columns} FROM invitations WHERE expires > ? ORDER BY created LIMIT 200`, now).map(read),
    remove: (id) => db.run('DELETE FROM invitations WHERE id = ?', id).changes === 1,
  };
}

export function createSetupStore(db: Db): SetupStore {
  return {
    replace: (hash, expires) =>
      db.transaction(() => {
        db.run('DELETE FROM setup');
        db.run('INSERT INTO setup (hash, expires) VALUES (?, ?)', hash, expires);
      }),
    // The token has 256 random bits and is looked up by its hash: what the look-up's time could tell is of no use.
    holds: (hash, now) => db.get('SELECT 1 FROM setup WHERE hash = ? AND expires > ?', hash, now) !== undefined,
    consume: (hash) => db.run('DELETE FROM setup WHERE hash = ?', hash).changes === 1,
  };
}

// API tokens: what a program shows instead of a password; scoped, with an end, and never more than their owner may do.
import { type Permission, permissions } from '../../../core/contracts/access.ts';
import { sameSecret, secretHash } from '../crypto.ts';
import type { Db } from '../db.ts';

interface ApiToken {
  id: string;
  person: string;
  name: string;
  permissions: readonly Permission[];
  environment: string;
  created: number;
  expires: number;
  used: number | null;
}

export interface TokenStore {
  add(token: ApiToken, secret: string): void;
  ofPerson(person: string): ApiToken[];
  /** Whether it was there and this person's. */
  remove(person: string, id: string): boolean;
  /** The token that this text is, if it is one and has not expired; its last use is noted once a minute. */
  read(text: string, now: number): ApiToken | undefined;
}

type Row = Omit<ApiToken, 'permissions'> & { permissions: string; hash: Uint8Array };

export const tokensPerPersonMax = 50;
const columns = 'id, person, name, hash, permissions, environment, created, expires, used';
const pattern = /^ody_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export function formatToken(id: string, secret: string): string {
  return `ody_${id}_${secret}`;
}

/** Whether the text has the form of an API token; none of our processes' tokens has. */
export function isApiToken(text: string): boolean {
  return pattern.test(text);
}

export function createTokenStore(db: Db): TokenStore {
  return {
    add: ({ id, person, name, permissions: held, environment, created, expires }, secret) =>
      void db.run(
        `INSERT INTO api_tokens (id, person, name, hash, permissions, environment, created, expires)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, person, name, secretHash(secret), JSON.stringify(held), environment, created, expires],
      ),
    ofPerson: (person) =>
      db.all<Row>(`SELECT ${columns} FROM api_tokens WHERE person = ? ORDER BY created`, person).map(readRow),
    remove: (person, id) => db.run('DELETE FROM api_tokens WHERE id = ? AND person = ?', id, person).changes === 1,
    read(text, now) {
      const match = pattern.exec(text);
      const row =
        match && db.get<Row>(`SELECT ${columns} FROM api_tokens WHERE id = ? AND expires > ?`, match[1]!, now);
      if (!row) return undefined;
      const right = sameSecret(
        Buffer.from(row.hash).toString('hex'),
        Buffer.from(secretHash(match[2]!)).toString('hex'),
      );
      if (!right) return undefined;
      if (row.used === null || now - row.used >= 60) noteUse(db, row.id, now);
      return readRow(row);
    },
  };
}

function noteUse(db: Db, id: string, now: number): void {
  try {
    db.run('UPDATE api_tokens SET used = ? WHERE id = ?', now, id);
  } catch {
    // A disk that is full must not keep a token from reading; the use is noted with a later call.
  }
}

function readRow({ hash: _, ...row }: Row): ApiToken {
  const held = JSON.parse(row.permissions) as string[];
  return { ...row, permissions: permissions.filter((permission) => held.includes(permission)) };
}

// Sessions, their refresh tokens and the keys that sign access tokens, in the database.
import type { Db } from '../db.ts';

export interface SessionRow {
  id: string;
  person: string;
  version: number;
  csrf: string;
  source: string;
  agent: string;
  created: number;
  confirmed: number;
  used: number;
  ended: number;
}

export interface SigningKeyRow {
  id: string;
  pem: string;
  created: number;
  retired: number | null;
}

export interface SessionStore {
  add(session: Omit<SessionRow, 'ended'>): void;
  byId(id: string): SessionRow | undefined;
  /** Those that are neither ended nor older than `usedSince`, newest first. */
  ofPerson(person: string, usedSince: number): SessionRow[];
  end(id: string): void;
  endAllOf(person: string): number;
  touch(id: string, used: number): void;
  confirm(id: string, confirmed: number): void;
  /** Lifts one session to its person's present version with a new CSRF value; every refresh token it had is spent. */
  carryOver(id: string, version: number, csrf: string): void;
  /** The session's 100 youngest spent tokens stay known, so that their use is noticed; older ones are worth as little as made-up ones. */
  addRefresh(hash: Uint8Array, session: string, now: number): void;
  /** Marks the token spent; tells whose it is and whether it had been spent before. */
  spendRefresh(hash: Uint8Array): { session: string; again: boolean } | undefined;
  /** The session of a token that was not spent; changes nothing. */
  peekRefresh(hash: Uint8Array): string | undefined;
  signingKeys(): SigningKeyRow[];
  /** Retires the present key and begins a new one. */
  rotateKey(key: { id: string; pem: string }, now: number): void;
}

const columns = 'id, person, version, csrf, source, agent, created, confirmed, used, ended';
const spentMax = 100;

export function createSessionStore(db: Db): SessionStore {
  return {
    add: (s) =>
      void db.run(
        `INSERT INTO sessions (id, person, version, csrf, source, agent, created, confirmed, used)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[s.id, s.person, s.version, s.csrf, s.source, s.agent, s.created, s.confirmed, s.used],
      ),
    byId: (id) => db.get(`SELECT ${columns} FROM sessions WHERE id = ?`, id),
    ofPerson: (person, usedSince) =>
      db.all(
        `SELECT ${columns} FROM sessions WHERE person = ? AND ended = 0 AND used >= ? ORDER BY created DESC LIMIT 200`,
        ...[person, usedSince],
      ),
    end: (id) => void db.run('UPDATE sessions SET ended = 1 WHERE id = ?', id),
    endAllOf: (person) => db.run('UPDATE sessions SET ended = 1 WHERE person = ? AND ended = 0', person).changes,
    touch: (id, used) => void db.run('UPDATE sessions SET used = ? WHERE id = ?', used, id),
    confirm: (id, confirmed) => void db.run('UPDATE sessions SET confirmed = ? WHERE id = ?', confirmed, id),
    carryOver: (id, version, csrf) =>
      db.transaction(() => {
        db.run('UPDATE sessions SET version = ?, csrf = ? WHERE id = ?', version, csrf, id);
        db.run('UPDATE refresh_tokens SET spent = 1 WHERE session = ?', id);
      }),
    addRefresh: (hash, session, now) =>
      db.transaction(() => {
        db.run('INSERT INTO refresh_tokens (hash, session, made) VALUES (?, ?, ?)', hash, session, now);
        db.run(
          `DELETE FROM refresh_tokens WHERE hash IN (
             SELECT hash FROM refresh_tokens WHERE session = ? AND spent = 1 ORDER BY made DESC LIMIT -1 OFFSET ?)`,
          ...[session, spentMax],
        );
      }),
    spendRefresh(hash) {
      const row = db.get<{ session: string }>('SELECT session FROM refresh_tokens WHERE hash = ?', hash);
      if (row === undefined) return undefined;
      const { changes } = db.run('UPDATE refresh_tokens SET spent = 1 WHERE hash = ? AND spent = 0', hash);
      return { session: row.session, again: changes === 0 };
    },
    peekRefresh: (hash) =>
      db.get<{ session: string }>('SELECT session FROM refresh_tokens WHERE hash = ? AND spent = 0', hash)?.session,
    signingKeys: () => db.all('SELECT id, pem, created, retired FROM signing_keys ORDER BY created'),
    rotateKey: ({ id, pem }, now) =>
      db.transaction(() => {
        db.run('UPDATE signing_keys SET retired = ? WHERE retired IS NULL', now);
        db.run('INSERT INTO signing_keys (id, pem, created) VALUES (?, ?, ?)', id, pem, now);
      }),
  };
}

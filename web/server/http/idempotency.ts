// Makes a repeated POST harmless: the first call's answer is given again, a different request under the same key is refused.
import type { Db } from '../db.ts';
import { UserError } from '../user-error.ts';

export interface Kept {
  status: number;
  /** JSON, or null where the answer held a secret and was not kept. */
  answer: string | null;
}

export interface Idempotency {
  /** Takes the key for this request, or gives what the first call with it was answered. */
  begin(actor: string, key: string, request: Uint8Array, now: number): Kept | undefined;
  finish(actor: string, key: string, kept: Kept): void;
  /** Gives the key back: the call changed nothing. */
  abandon(actor: string, key: string): void;
}

interface Row {
  request: Uint8Array;
  status: number | null;
  answer: string | null;
}

export function createIdempotency(db: Db): Idempotency {
  return {
    begin(actor, key, request, now) {
      if (!/^[\x21-\x7e]{1,64}$/.test(key))
        throw new UserError(400, 'bad-key', 'An Idempotency-Key has 1 to 64 visible ASCII characters.');
      const { changes } = db.run(
        'INSERT OR IGNORE INTO idempotency (actor, key, request, created) VALUES (?, ?, ?, ?)',
        ...[actor, key, request, now],
      );
      if (changes === 1) return undefined;
      const row = db.get<Row>(
        'SELECT request, status, answer FROM idempotency WHERE actor = ? AND key = ?',
        actor,
        key,
      )!;
      if (Buffer.compare(row.request, request) !== 0)
        throw new UserError(422, 'key-reused', 'This Idempotency-Key belongs to another request; use a new one.');
      if (row.status === null) {
        const text =
          'The first call with this key has not ended, or its end is not known. Look before you repeat it with a new key.';
        throw new UserError(409, 'in-progress', text);
      }
      return { status: row.status, answer: row.answer };
    },
    finish: (actor, key, { status, answer }) =>
      void db.run(
        'UPDATE idempotency SET status = ?, answer = ? WHERE actor = ? AND key = ?',
        status,
        answer,
        actor,
        key,
      ),
    abandon: (actor, key) => void db.run('DELETE FROM idempotency WHERE actor = ? AND key = ?', actor, key),
  };
}

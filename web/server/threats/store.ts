// Exceptions in the database, newest first.
import type { ThreatException } from '../../../core/contracts/threats.ts';
import type { Db } from '../db.ts';

export interface StoredException extends Omit<ThreatException, 'owner'> {
  person: string;
  createdSeconds: number;
}

export interface ThreatExceptionStore {
  add(exception: StoredException): void;
  /** Those that have not ended. */
  inForce(now: number): StoredException[];
  /** Whether there was one. */
  remove(id: string): boolean;
}

interface Row {
  id: string;
  exe: string;
  argv: string;
  parent: string;
  container: string | null;
  reason: string;
  person: string;
  created: number;
  expires: number;
}

export function createThreatExceptionStore(db: Db): ThreatExceptionStore {
  return {
    add: (one) =>
      void db.run(
        `INSERT INTO threat_exceptions (id, exe, argv, parent, container, reason, person, created, expires)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[one.id, one.exeSha256, JSON.stringify(one.argv), one.parentExe, one.container, one.reason],
        ...[one.person, one.createdSeconds, one.expiresAtSeconds],
      ),
    inForce: (now) =>
      db
        .all<Row>('SELECT * FROM threat_exceptions WHERE expires > ? ORDER BY created DESC, id', now)
        .map(({ id, exe, argv, parent, container, reason, person, created, expires }) => ({
          ...{ id, exeSha256: exe, argv: JSON.parse(argv) as string[], parentExe: parent, container, reason, person },
          ...{ createdSeconds: created, expiresAtSeconds: expires },
        })),
    remove: (id) => db.run('DELETE FROM threat_exceptions WHERE id = ?', id).changes > 0,
  };
}

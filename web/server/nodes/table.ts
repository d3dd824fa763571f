// Join tokens that were shown and are still good: which role, until when, and which nodes were there before. The tokens are in no table.
import type { Db } from '../db.ts';

export interface JoinOffer {
  role: 'worker' | 'manager';
  /** Unix seconds. */
  expires: number;
  nodes: readonly string[];
}

export interface JoinOffers {
  list(): JoinOffer[];
  put(offer: JoinOffer): void;
  remove(role: JoinOffer['role']): void;
}

export function createJoinOffers(db: Db): JoinOffers {
  return {
    list: () =>
      db
        .all<{ role: JoinOffer['role']; expires: number; nodes: string }>(
          'SELECT role, expires, nodes FROM join_offers',
        )
        .map(({ role, expires, nodes }) => ({ role, expires, nodes: JSON.parse(nodes) as string[] })),
    put: ({ role, expires, nodes }) =>
      void db.run('INSERT OR REPLACE INTO join_offers VALUES (?, ?, ?)', role, expires, JSON.stringify(nodes)),
    remove: (role) => void db.run('DELETE FROM join_offers WHERE role = ?', role),
  };
}

// Settings, secrets and deliveries of notifications in the database; the queue and the record of what was delivered have bounds.

import type { z } from 'zod';
import {
  type delivery,
  type HandedOver,
  type NotificationSettings,
  noNotifications,
  notificationSettings,
} from '../../../core/contracts/notifications.ts';
import type { Db } from '../db.ts';

type View = z.infer<typeof delivery>;
export type Secrets = Readonly<Record<string, string>>;

export interface Delivery {
  seq: number;
  id: string;
  receiver: string;
  kind: string;
  nonce: string | null;
  message: Pick<HandedOver, 'status' | 'alerts' | 'truncatedAlerts'>;
  state: View['state'];
  attempts: number;
  createdSeconds: number;
  said: string;
}

export interface Outcome {
  state: View['state'];
  said: string;
  /** Of one that stays pending. */
  nextSeconds: number | null;
}

interface New extends Pick<Delivery, 'id' | 'receiver' | 'kind' | 'nonce' | 'message'> {
  /** The same text for the same message told twice. */
  same: string;
}

interface Row {
  seq: number;
  id: string;
  receiver: string;
  kind: string;
  nonce: string | null;
  message: string;
  state: View['state'];
  attempts: number;
  created: number;
  next: number | null;
  ended: number | null;
  said: string;
}

export const pendingMax = 1_000;
const endedMax = 2_000;
/** Alertmanager tells again what it has no answer for, sooner than it ever repeats on purpose. */
const sameWithinSeconds = 240;

export type NotificationStore = ReturnType<typeof createNotificationStore>;

export function createNotificationStore(db: Db) {
  return { ...settingsIn(db), ...deliveriesIn(db) };
}

function settingsIn(db: Db) {
  return {
    settings(): { revision: number; settings: NotificationSettings } {
      const row = db.get<{ revision: number; settings: string }>(
        'SELECT revision, settings FROM notification_settings',
      );
      if (row === undefined) return { revision: 0, settings: noNotifications };
      return { revision: row.revision, settings: notificationSettings.parse(JSON.parse(row.settings)) };
    },
    secrets(): Secrets {
      const rows = db.all<{ receiver: string; value: string }>('SELECT receiver, value FROM notification_secrets');
      return Object.fromEntries(rows.map(({ receiver, value }) => [receiver, value]));
    },
    /** All of it or nothing; `revision` is the one that these settings get. */
    save(revision: number, settings: NotificationSettings, secrets: Secrets): void {
      db.transaction(() => {
        db.run('INSERT OR REPLACE INTO notification_settings VALUES (1, ?, ?)', revision, JSON.stringify(settings));
        db.run('DELETE FROM notification_secrets');
        for (const [receiver, value] of Object.entries(secrets))
          db.run('INSERT INTO notification_secrets VALUES (?, ?)', receiver, value);
      });
    },
  };
}

function deliveriesIn(db: Db) {
  const one = (where: string, value: string) =>
    db
      .all<Row>(`SELECT * FROM notification_deliveries WHERE ${where} = ? ORDER BY seq DESC LIMIT 1`, value)
      .map(read)[0];
  return {
    pending: () =>
      db.get<{ count: number }>(`SELECT count(*) AS count FROM notification_deliveries WHERE state = 'pending'`)!.count,
    /** False where the same was taken a moment ago. */
    add({ id, receiver, kind, same, nonce, message }: New, now: number): boolean {
      return db.transaction(() => {
        const before = 'SELECT 1 FROM notification_deliveries WHERE same = ? AND created > ? LIMIT 1';
        if (db.get(before, same, now - sameWithinSeconds) !== undefined) return false;
        db.run(
          `INSERT INTO notification_deliveries (id, receiver, kind, same, nonce, message, state, attempts, created, next, said)
           VALUES (?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, '')`,
          ...[id, receiver, kind, same, nonce, JSON.stringify(message), now, now],
        );
        return true;
      });
    },
    due: (now: number, limit: number): Delivery[] =>
      db
        .all<Row>(
          `SELECT * FROM notification_deliveries WHERE state = 'pending' AND next <= ? ORDER BY next, seq LIMIT ?`,
          ...[now, limit],
        )
        .map(read),
    settle(id: string, { state, said, nextSeconds }: Outcome, now: number): void {
      db.run(
        `UPDATE notification_deliveries SET state = ?, said = ?, next = ?, ended = ?, attempts = attempts + 1 WHERE id = ?`,
        ...[state, said, nextSeconds, state === 'pending' ? null : now, id],
      );
      db.run(
        `DELETE FROM notification_deliveries WHERE state <> 'pending' AND seq <= (SELECT max(seq) FROM notification_deliveries) - ?`,
        endedMax,
      );
    },
    byId: (id: string) => one('id', id),
    byNonce: (nonce: string) => one('nonce', nonce),
    /** Takes one that has ended up again; false where there is none. */
    again: (id: string, now: number): boolean =>
      db.run(
        `UPDATE notification_deliveries SET state = 'pending', attempts = 0, next = ?, ended = NULL WHERE id = ? AND state <> 'pending'`,
        ...[now, id],
      ).changes === 1,
    /** Newest first, below number `before`. */
    list: (state: View['state'] | undefined, before: number, limit: number): (View & { seq: number })[] =>
      db
        .all<Row>(
          `SELECT * FROM notification_deliveries WHERE seq < ?${state === undefined ? '' : ' AND state = ?'} ORDER BY seq DESC LIMIT ?`,
          ...[before, ...(state === undefined ? [] : [state]), limit],
        )
        .map(view),
  };
}

function read({ message, created, ...row }: Row): Delivery {
  return { ...row, createdSeconds: created, message: JSON.parse(message) as Delivery['message'] };
}

function view(row: Row): View & { seq: number } {
  const { alerts } = JSON.parse(row.message) as Delivery['message'];
  const { seq, id, receiver, kind, state, attempts, said } = row;
  return {
    ...{ seq, id, receiver, kind, state, attempts, said, test: row.nonce !== null },
    ...{ createdSeconds: row.created, endedSeconds: row.ended, nextSeconds: row.next },
    alerts: alerts.map(({ labels }) => labels['alertname'] ?? ''),
  };
}

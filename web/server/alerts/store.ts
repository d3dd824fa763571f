// Alerts that Alertmanager told of, in the database: each is kept once, however often it is told, and only so many.
import type { z } from 'zod';
import type { alertmanagerMessage, keptAlert } from '../../../core/contracts/inbox.ts';
import type { Db } from '../db.ts';

type Told = z.infer<typeof alertmanagerMessage>['alerts'][number];
type Kept = z.infer<typeof keptAlert>;

export interface AlertStore {
  /** Takes all of them or none; how many were not known before. */
  take(alerts: readonly Told[], now: number): number;
  /** Newest first, below number `before`, at most `limit`. */
  list(status: Kept['status'] | undefined, before: number, limit: number): (Kept & { seq: number })[];
}

export const alertsMax = 10_000;

interface Row {
  seq: number;
  fingerprint: string;
  started: number;
  status: Kept['status'];
  ended: number | null;
  labels: string;
  annotations: string;
  received: number;
}

export function createAlertStore(db: Db): AlertStore {
  return {
    take: (alerts, now) =>
      db.transaction(() => {
        let added = 0;
        for (const alert of alerts) if (takeOne(db, alert, now)) added += 1;
        db.run('DELETE FROM alerts WHERE seq <= (SELECT max(seq) FROM alerts) - ?', alertsMax);
        return added;
      }),
    list: (status, before, limit) =>
      db
        .all<Row>(
          `SELECT seq, fingerprint, started, status, ended, labels, annotations, received FROM alerts
           WHERE seq < ?${status === undefined ? '' : ' AND status = ?'} ORDER BY seq DESC LIMIT ?`,
          ...[before, ...(status === undefined ? [] : [status]), limit],
        )
        .map(view),
  };
}

/** Whether it was new. A late "firing" of an alert that was resolved meanwhile changes nothing: messages may overtake each other. */
function takeOne(db: Db, { status, labels, annotations, startsAt, endsAt, fingerprint }: Told, now: number): boolean {
  const [started, ended] = [Date.parse(startsAt) / 1000, status === 'resolved' ? Date.parse(endsAt) / 1000 : null];
  const { changes } = db.run(
    `INSERT OR IGNORE INTO alerts (fingerprint, started, status, ended, labels, annotations, received)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[fingerprint, started, status, ended, JSON.stringify(labels), JSON.stringify(annotations), now],
  );
  if (changes === 1) return true;
  db.run(
    `UPDATE alerts SET status = ?, ended = ?, annotations = ?, received = ?
     WHERE fingerprint = ? AND started = ? AND NOT (status = 'resolved' AND ? = 'firing')`,
    ...[status, ended, JSON.stringify(annotations), now, fingerprint, started, status],
  );
  return false;
}

function view(row: Row): Kept & { seq: number } {
  const labels = JSON.parse(row.labels) as Record<string, string>;
  return {
    ...{ seq: row.seq, fingerprint: row.fingerprint, status: row.status, labels },
    name: labels['alertname'] ?? '',
    severity: labels['severity'] ?? '',
    annotations: JSON.parse(row.annotations) as Record<string, string>,
    ...{ startSeconds: row.started, endSeconds: row.ended, receivedSeconds: row.received },
  };
}

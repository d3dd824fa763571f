// Judgements on alerts in the database, in the order in which they were made.
import type { FeedbackItem } from '../../../core/contracts/feedback.ts';
import type { Db } from '../db.ts';

export interface FeedbackStore {
  add(item: FeedbackItem, person: string, now: number): void;
  /** Judgements after number `since`, oldest first, at most `limit`; `last` is the number of the last one given. */
  after(since: number, limit: number): { items: FeedbackItem[]; last: number };
}

interface Row {
  seq: number;
  labels: string;
  start: number;
  stop: number;
  expected: number;
}

export function createFeedbackStore(db: Db): FeedbackStore {
  return {
    add: ({ labels, start, end, expected }, person, now) =>
      void db.run(
        'INSERT INTO feedback (labels, start, stop, expected, person, created) VALUES (?, ?, ?, ?, ?, ?)',
        ...[JSON.stringify(labels), start, end, expected ? 1 : 0, person, now],
      ),
    after(since, limit) {
      const rows = db.all<Row>(
        'SELECT seq, labels, start, stop, expected FROM feedback WHERE seq > ? ORDER BY seq LIMIT ?',
        ...[since, limit],
      );
      const items = rows.map(({ labels, start, stop, expected }) => ({
        labels: JSON.parse(labels) as Record<string, string>,
        ...{ start, end: stop, expected: expected === 1 },
      }));
      return { items, last: rows.at(-1)?.seq ?? since };
    },
  };
}

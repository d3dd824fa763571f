// The audit log on disk: one synced transaction a batch, personal values in a table apart.
import type { SQLInputValue } from 'node:sqlite';
import { type Db, openDb } from '../db.ts';
import { auditMigrations } from '../migrations/index.ts';
import { toHex } from './bytes.ts';
import type { ExportLine } from './export.ts';
import type { TreeNode } from './merkle.ts';
import type { SealedRecord } from './record.ts';

export interface StoredRecord extends SealedRecord {
  leaf: Uint8Array;
}

interface StoredCheckpoint {
  size: number;
  time: string;
  note: string;
}

/** What narrows a search; every part given must fit. Times are ISO 8601 in UTC. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  environment?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

interface RevealedLine extends ExportLine {
  /** The personal values that were not erased. */
  personal: Record<string, string>;
}

export interface AuditStore {
  size(): number;
  /** Commits all of it with one sync, or nothing. */
  append(records: readonly StoredRecord[], nodes: readonly TreeNode[]): void;
  nodeAt(level: number, index: number): Uint8Array;
  /** Records from `start` on, before `end`, in order. */
  lines(start: number, end: number): Iterable<ExportLine>;
  /**
   * Newest first, below `before`; at most `limit`. `next` is where to go on, 0 at the end: a filter that no index answers alone
   * looks at 50,000 records a call, so that a search nobody's records fit holds nobody up.
   */
  search(filter: AuditFilter, before: number, limit: number): { lines: RevealedLine[]; next: number };
  /** Those that fit, oldest first, below `end`; read in pages. */
  matching(filter: AuditFilter, end: number): Iterable<ExportLine>;
  /** What is held about one person, oldest first, at most `limit`. */
  about(person: string, limit: number): { seq: number; field: string; value: string }[];
  /** Forgets the values and salts of one person; the records and their hashes stay. Returns how many values went. */
  erase(person: string): number;
  /** Says whose the personal values of a record are that were a stranger's when it was written; no hash covers that. */
  attribute(seq: number, person: string): void;
  /** Leaves no byte of what was erased in any file; false where a reader holds it up. */
  sweep(): boolean;
  /** Forgets the values about one person in records that a checkpoint older than `time` speaks of. */
  forgetBefore(person: string, time: string): void;
  /** Numbers of the acts that were opened and never closed. */
  pending(): number[];
  addCheckpoint(checkpoint: StoredCheckpoint): void;
  latestCheckpoint(): StoredCheckpoint | undefined;
  checkpoints(): StoredCheckpoint[];
  anchoredTo(target: string): number;
  markAnchored(target: string, size: number, time: string): void;
  close(): void;
}

export function openAuditStore(path: string): AuditStore {
  const db = openDb(path, auditMigrations);
  return {
    size: () => db.get<{ size: number }>('SELECT coalesce(max(seq) + 1, 0) AS size FROM records')!.size,
    append: (records, nodes) => db.transaction(() => write(db, records, nodes)),
    nodeAt: (level, index) => readNode(db, level, index),
    lines: (start, end) => readLines(db, start, end),
    search: (filter, before, limit) => search(db, filter, before, limit),
    matching: (filter, end) => readMatching(db, filter, end),
    about: (person, limit) =>
      db.all('SELECT seq, field, value FROM personal WHERE person = ? ORDER BY seq LIMIT ?', person, limit),
    erase: (person) => db.run('DELETE FROM personal WHERE person = ?', person).changes,
    attribute: (seq, person) =>
      void db.run(`UPDATE personal SET person = ? WHERE seq = ? AND person = 'anonymous'`, person, seq),
    sweep: () => db.sweep(),
    forgetBefore: (person, time) =>
      void db.run(
        `DELETE FROM personal WHERE person = ?
         AND seq < coalesce((SELECT size FROM checkpoints WHERE time < ? ORDER BY size DESC LIMIT 1), 0)`,
        ...[person, time],
      ),
    pending: () => db.all<{ seq: number }>('SELECT seq FROM pending ORDER BY seq').map(({ seq }) => seq),
    addCheckpoint: ({ size, time, note }) =>
      void db.run('INSERT INTO checkpoints (size, time, note) VALUES (?, ?, ?)', size, time, note),
    latestCheckpoint: () => db.get('SELECT size, time, note FROM checkpoints ORDER BY size DESC LIMIT 1'),
    checkpoints: () => db.all('SELECT size, time, note FROM checkpoints ORDER BY size'),
    anchoredTo: (target) => db.get<{ size: number }>('SELECT size FROM anchors WHERE target = ?', target)?.size ?? 0,
    markAnchored: (target, size, time) =>
      void db.run('INSERT OR REPLACE INTO anchors (target, size, time) VALUES (?, ?, ?)', target, size, time),
    close: () => db.close(),
  };
}

function write(db: Db, records: readonly StoredRecord[], nodes: readonly TreeNode[]): void {
  for (const { seq, leaf, text, record, personal } of records) {
    db.run(
      `INSERT INTO records (seq, leaf, record, time, kind, actor, action, subject, environment, opened)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[seq, leaf, text, record.time, record.kind, record.actor.id, record.action, record.subject],
      record.environment ?? null,
      record.opened ?? null,
    );
    if (record.kind === 'open') db.run('INSERT INTO pending (seq) VALUES (?)', seq);
    if (record.opened !== undefined) db.run('DELETE FROM pending WHERE seq = ?', record.opened);
    for (const { field, person, value, salt } of personal) {
      db.run(
        'INSERT INTO personal (seq, field, person, value, salt) VALUES (?, ?, ?, ?, ?)',
        ...[seq, field, person, value, salt],
      );
    }
  }
  for (const { level, index, hash } of nodes) {
    db.run('INSERT INTO nodes (level, place, hash) VALUES (?, ?, ?)', level, index, hash);
  }
}

function readNode(db: Db, level: number, index: number): Uint8Array {
  const row =
    level === 0
      ? db.get<{ hash: Uint8Array }>('SELECT leaf AS hash FROM records WHERE seq = ?', index)
      : db.get<{ hash: Uint8Array }>('SELECT hash FROM nodes WHERE level = ? AND place = ?', level, index);
  if (row === undefined) throw new Error(`the audit log lacks subtree ${index} of level ${level}`);
  return row.hash;
}

interface Row {
  seq: number;
  leaf: Uint8Array;
  record: string;
}

/** In pages, so that an export that is read slowly holds no transaction open. */
function* readLines(db: Db, start: number, end: number): Generator<ExportLine> {
  const page = 500;
  for (let from = start; from < end; from += page) {
    const rows = db.all<Row>(
      'SELECT seq, leaf, record FROM records WHERE seq >= ? AND seq < ? ORDER BY seq',
      from,
      Math.min(end, from + page),
    );
    for (const row of rows) yield toLine(row);
  }
}

function toLine({ seq, leaf, record }: Row): ExportLine {
  return { seq, leaf: toHex(leaf), record };
}

const columns = { actor: '=', action: '=', subject: '=', environment: '=', from: '>=', to: '<' } as const;

const searchedMax = 50_000;

function search(db: Db, filter: AuditFilter, before: number, limit: number): { lines: RevealedLine[]; next: number } {
  const { where, values } = narrow(filter);
  const isIndexed =
    values.length === 0 || (values.length === 1 && filter.from === undefined && filter.to === undefined);
  const floor = isIndexed ? 0 : Math.max(0, before - searchedMax);
  const sql = `SELECT seq, leaf, record FROM records WHERE seq < ? AND seq >= ?${where} ORDER BY seq DESC LIMIT ?`;
  const rows = db.all<Row>(sql, before, floor, ...values, limit);
  const lines = rows.map((row) => ({ ...toLine(row), personal: reveal(db, row.seq) }));
  return { lines, next: rows.length === limit ? rows.at(-1)!.seq : floor };
}

function* readMatching(db: Db, filter: AuditFilter, end: number): Generator<ExportLine> {
  const { where, values } = narrow(filter);
  const sql = `SELECT seq, leaf, record FROM records WHERE seq > ? AND seq < ?${where} ORDER BY seq LIMIT 500`;
  for (let last = -1; ; ) {
    const rows = db.all<Row>(sql, last, end, ...values);
    for (const row of rows) yield toLine(row);
    if (rows.length < 500) return;
    last = rows.at(-1)!.seq;
  }
}

function narrow(filter: AuditFilter): { where: string; values: SQLInputValue[] } {
  let where = '';
  const values: SQLInputValue[] = [];
  for (const [name, operator] of Object.entries(columns)) {
    const value = filter[name as keyof AuditFilter];
    if (value === undefined) continue;
    where += ` AND ${operator === '=' ? name : 'time'} ${operator} ?`;
    values.push(value);
  }
  return { where, values };
}

function reveal(db: Db, seq: number): Record<string, string> {
  const rows = db.all<{ field: string; value: string }>('SELECT field, value FROM personal WHERE seq = ?', seq);
  return Object.fromEntries(rows.map(({ field, value }) => [field, value]));
}

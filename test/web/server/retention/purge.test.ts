// Every table that grows loses what is too old, and nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { purge } from '../../../../web/server/retention/purge.ts';

const now = 1_800_000_000;
const day = 86_400;

test('rows past their time go, the others stay; refresh tokens go with their session', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-purge-'));
  const db = openDb(join(folder, 'a.db'), controlMigrations);
  db.run(`INSERT INTO people (id, name, password, created) VALUES ('p', 'p', 'x', 0)`);
  const session = (id: string, created: number, used: number, ended: number) => {
    db.run(
      `INSERT INTO sessions (id, person, version, csrf, source, agent, created, confirmed, used, ended) VALUES (?, 'p', 1, '', '', '', ?, 0, ?, ?)`,
      ...[id, created, used, ended],
    );
    db.run('INSERT INTO refresh_tokens (hash, session) VALUES (?, ?)', Buffer.from(id), id);
  };
  session('old', now - 9 * day, now - 9 * day, 0);
  session('ended', now - 2 * day, now - 2 * day, 1);
  session('live', now - 6 * day, now - 10, 0);
  for (const age of [2 * day, 100])
    db.run(
      'INSERT INTO idempotency (actor, key, request, created) VALUES (?, ?, ?, ?)',
      'a',
      `k${age}`,
      Buffer.from(''),
      now - age,
    );
  for (const left of [-1, 100])
    db.run(`INSERT INTO invitations VALUES (?, ?, '[]', 'p', 0, ?)`, `i${left}`, Buffer.from(`i${left}`), now + left);
  db.run("INSERT INTO environments VALUES ('e', 'e', 'grey', 0, 0)");
  db.run("INSERT INTO deployments (name, environment, settings, created) VALUES ('shop', 'e', '{}', 0)");
  const operation = (id: string, state: string) => {
    const columns = 'id, environment, deployment, kind, actor, person, state, started';
    db.run(`INSERT INTO operations (${columns}) VALUES (?, 'e', 'shop', 'deploy', 'a', 'p', ?, 0)`, id, state);
    db.run(
      `INSERT INTO operation_steps (operation, seq, time, kind, step, text) VALUES (?, 1, 0, 'done', 's', '')`,
      id,
    );
  };
  operation('old', 'done');
  operation('endless', 'running');
  for (const [number, pruned] of [
    [1, 1],
    [2, 0],
  ] as const)
    db.run(
      `INSERT INTO revisions (deployment, number, spec, service, author, created, pruned) VALUES ('shop', ?, '{}', 's', 'a', 0, ?)`,
      number,
      pruned,
    );
  expect(purge(db, now)).toMatchObject({
    operations: 1,
    revisions: 1,
    idempotency: 1,
    sessions: 2,
    invitations: 1,
    setup: 0,
  });
  expect(db.all('SELECT operation FROM operation_steps')).toEqual([{ operation: 'endless' }]);
  expect(db.all('SELECT number FROM revisions')).toEqual([{ number: 2 }]);
  expect(db.all('SELECT id FROM sessions')).toEqual([{ id: 'live' }]);
  expect(db.all('SELECT session FROM refresh_tokens')).toEqual([{ session: 'live' }]);
  expect(purge(db, now)).toMatchObject({ idempotency: 0, sessions: 0, invitations: 0 });
  db.close();
  rmSync(folder, { recursive: true });
});

test('every table with a time in it has a rule or a reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-purge-'));
  const db = openDb(join(folder, 'a.db'), controlMigrations);
  const timed = db
    .all<{ name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'table'`)
    .filter(({ sql }) => /\b(created|expires|retired|time) REAL/.test(sql))
    .map(({ name }) => name);
  const boundedByPeople = ['environments', 'people', 'deployments', 'secrets', 'volumes'];
  const boundedByCount = ['join_offers', 'notification_deliveries', 'operation_steps'];
  const covered = [...Object.keys(purge(db, now)), ...boundedByPeople, ...boundedByCount];
  expect(timed.filter((name) => !covered.includes(name))).toEqual([]);
  db.close();
  rmSync(folder, { recursive: true });
});

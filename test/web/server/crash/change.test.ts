// F1: killed in the middle of migrations and of changes to people, the database reopens whole: every acknowledged person with both grants, no half one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';

const kills = Number(process.env['ODYSSEY_KILLS'] ?? 12);

function changeAndKill(path: string, milliseconds: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'changer', 'main.ts'), path]);
    let heard = '';
    child.stdout.on('data', (chunk) => {
      heard += chunk;
    });
    child.on('spawn', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
    child.on('close', () =>
      resolve(
        heard
          .slice(0, heard.lastIndexOf('\n') + 1)
          .split('\n')
          .filter(Boolean),
      ),
    );
  });
}

test(`killed ${kills} times`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-change-'));
  const random = createRandom(11);
  let acknowledged: string[] = [];
  for (let i = 0; i < kills; i++) {
    const fresh = i % 3 === 0; // every third time from nothing, so that migrations are under way
    const path = join(folder, fresh ? `fresh-${i}.db` : 'kept.db');
    const said = await changeAndKill(path, 100 + random() * 900);
    if (!fresh) acknowledged = [...acknowledged, ...said.slice(1)];
    const started = performance.now();
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(performance.now() - started).toBeLessThan(5_000);
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    const slow = db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'slow%'`).get() as { n: number };
    expect(slow.n).toBe(Math.max(0, version - controlMigrations.length)); // a step is there whole or not at all
    if (version >= controlMigrations.length) {
      const halves = db
        .prepare('SELECT id FROM people WHERE (SELECT count(*) FROM grants WHERE person = id) <> 2')
        .all();
      expect(halves).toEqual([]);
    }
    if (!fresh && version >= controlMigrations.length) {
      const there = new Set(
        db
          .prepare('SELECT id FROM people')
          .all()
          .map((row) => (row as { id: string }).id),
      );
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    }
    db.close();
  }
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

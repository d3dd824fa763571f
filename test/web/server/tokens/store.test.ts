// An API token is read even where its use cannot be noted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { createTokenStore, formatToken } from '../../../../web/server/tokens/store.ts';

test('a last use that cannot be written fails no call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-tokens-'));
  const db = openDb(join(folder, 'a.db'), controlMigrations);
  db.run(`INSERT INTO people (id, name, password, created) VALUES ('p', 'p', 'x', 0)`);
  const tokens = createTokenStore(db);
  const [id, secret] = ['0123456789abcdef', 's'.repeat(43)];
  const token = { id, person: 'p', name: 'ci', permissions: ['audit:read'], environment: '*' } as const;
  tokens.add({ ...token, created: 0, expires: 1_000, used: null }, secret);
  db.run(`CREATE TRIGGER full BEFORE UPDATE ON api_tokens BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  expect(tokens.read(formatToken(id, secret), 100)).toMatchObject({ id, used: null });
  expect(tokens.read(formatToken(id, 't'.repeat(43)), 100)).toBeUndefined();
  db.run('DROP TRIGGER full');
  tokens.read(formatToken(id, secret), 100);
  expect(tokens.ofPerson('p')).toMatchObject([{ used: 100 }]);
  db.close();
  rmSync(folder, { recursive: true });
});

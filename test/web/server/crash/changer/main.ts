// A child that opens the control plane's database, migrating it, and adds people until it is killed; it tells each one that was committed.
import { randomId } from '../../../../../web/server/crypto.ts';
import { openDb } from '../../../../../web/server/db.ts';
import { controlMigrations } from '../../../../../web/server/migrations/index.ts';
import { createPeopleStore } from '../../../../../web/server/people/store.ts';

// Migrations that take a while, so that a kill falls into one of them.
const slow = Array.from({ length: 6 }, (_, i) => ({
  name: `slow-${i}`,
  sql: `CREATE TABLE slow_${i} (a INTEGER, b TEXT) STRICT;
        INSERT INTO slow_${i} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        SELECT i, hex(randomblob(8)) FROM n;`,
}));
const db = openDb(process.argv[2]!, [...controlMigrations, ...slow]);
const people = createPeopleStore(db);
process.stdout.write('migrated\n');
for (;;) {
  const id = randomId();
  people.add({ id, name: `name-${id}`, password: 'x', created: 0 }, [
    { environment: '*', role: 'operator' },
    { environment: id, role: 'admin' },
  ]);
  process.stdout.write(`${id}\n`);
}

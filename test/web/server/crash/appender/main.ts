// A child that appends to an audit log until it is killed, telling its parent each number once it was acknowledged.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog } from '../../../../../web/server/audit/log.ts';
import { openAuditStore } from '../../../../../web/server/audit/store.ts';
import { randomBytes, readSigningKey, sha256, verifyEd25519 } from '../../../../../web/server/crypto.ts';

const folder = process.argv[2]!;
const log = new AuditLog({
  sha256,
  verify: verifyEd25519,
  openStore: () => openAuditStore(join(folder, 'audit.db')),
  key: readSigningKey(readFileSync(join(folder, 'audit.key'), 'utf8')),
  origin: 'odyssey.test/audit',
  salt: () => randomBytes(32),
  isoTime: () => '2026-01-02T03:04:05.000Z',
  monotonicSeconds: () => performance.now() / 1000,
  defer: setImmediate,
  onBroken: (reason) => {
    throw reason;
  },
});
for (let i = 0; ; i++) {
  const personal = [{ field: 'actorName', person: 'p1', value: `n${i}` }];
  const actor = { kind: 'person', id: 'p1' } as const;
  const acts = Array.from({ length: 1 + (i % 7) }, () =>
    log.open({ actor, action: 'environment:rename', subject: `e/${i}`, personal }),
  );
  for (const act of await Promise.all(acts)) {
    await log.close(act, 'done');
    process.stdout.write(`${log.size} ${statSync(join(folder, 'audit.db-wal')).size}\n`);
  }
  if (i % 50 === 49) log.checkpoint();
}

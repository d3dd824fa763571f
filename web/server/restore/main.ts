// `npm run restore -- FOLDER`: puts a backup in the place of the data, verified before and after, recorded in the audit log.
import { systemClock } from '../../../core/runtime/clock.ts';
import { readConfig } from '../../../core/runtime/config.ts';
import { openAuditLog } from '../audit/open.ts';
import { restoreBackup } from '../backup/backup.ts';
import { settings, settingsPrefix } from '../config.ts';
import { dataFiles } from '../data-files.ts';
import { openDb } from '../db.ts';
import { takeLock } from '../lock.ts';
import { controlMigrations } from '../migrations/index.ts';

async function main(): Promise<number> {
  const [source, ...rest] = process.argv.slice(2);
  if (source === undefined || rest.length > 0) {
    process.stderr.write(
      'usage: npm run restore -- FOLDER\n\n  FOLDER is a backup. Stop the control plane first; the present data is kept beside it.\n',
    );
    return 2;
  }
  const config = readConfig(settings, process.env, settingsPrefix);
  const files = dataFiles(config.dataFolder);
  const lock = takeLock(files.lock);
  const stamp = new Date(systemClock.unixSeconds() * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const { replaced } = restoreBackup(source, files, stamp);
  const audit = openAuditLog(files, { clock: systemClock, origin: config.auditOrigin, onBroken: fail });
  const db = openDb(files.control, controlMigrations);
  const act = await audit.open({
    actor: { kind: 'system', id: 'shell' },
    action: 'backup:restore',
    subject: 'control-plane',
  });
  db.run('UPDATE people SET version = version + 1'); // whoever was signed in then is not signed in now
  await audit.close(act, 'done');
  const { size } = audit.checkpoint();
  await audit.stop();
  db.close();
  lock.release();
  const kept = replaced === undefined ? '' : ` The data that was there is in ${replaced}.`;
  process.stdout.write(`Restored and verified: ${size} audit records.${kept} Everybody has to sign in again.\n`);
  return 0;
}

function fail(reason: Error): never {
  throw reason;
}

process.exitCode = await main();

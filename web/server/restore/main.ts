// `npm run restore -- FOLDER`: puts a backup in the place of the data, verified before and after, recorded in the audit log.
import { renameSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../core/runtime/clock.ts';
import { readConfig } from '../../../core/runtime/config.ts';
import { fileAnchor } from '../audit/anchors.ts';
import { openAuditLog } from '../audit/open.ts';
import { backupKey, checkBackup, restoreBackup } from '../backup/backup.ts';
import { settings, settingsPrefix } from '../config.ts';
import { dataFiles } from '../data-files.ts';
import { takeLock } from '../lock.ts';

const usage = `usage: npm run restore -- FOLDER [--force]

  FOLDER is a backup. Stop the control plane first; the present data is kept beside it.
  --force  although the anchor file knows records that the backup lacks: the file is kept under another name
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { force: { type: 'boolean' } } });
  const [source, ...rest] = positionals;
  if (source === undefined || rest.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  const config = readConfig(settings, process.env, settingsPrefix);
  const files = dataFiles(config.dataFolder);
  const lock = takeLock(files.lock);
  const stamp = new Date(systemClock.unixSeconds() * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const witnessed = witnessedBeyond(source, config);
  if (witnessed !== undefined && !values.force) {
    process.stderr.write(
      `The anchor file ${config.anchorFile} knows ${witnessed} records, the backup fewer: those after it would be lost, and the log would look forked from there on. Nothing was changed; --force does it and puts the anchor file aside.\n`,
    );
    return 1;
  }
  const { replaced, tokens, invitations } = restoreBackup(source, files, stamp);
  const putAside = witnessed === undefined ? undefined : `${config.anchorFile}.before-${stamp}`;
  if (putAside !== undefined) renameSync(config.anchorFile, putAside);
  const anchors = config.anchorFile === '' ? [] : [fileAnchor(config.anchorFile)];
  const audit = openAuditLog(files, { clock: systemClock, origin: config.auditOrigin, anchors, onBroken: fail });
  const act = await audit.open({
    actor: { kind: 'system', id: 'shell' },
    action: 'backup:restore',
    subject: 'control-plane',
    detail: { restoredAt: audit.size, witnessed: witnessed ?? null, tokens, invitations },
  });
  await audit.close(act, 'done');
  const { size } = audit.checkpoint();
  await audit.stop();
  lock.release();
  const told = [
    `Restored and verified: ${size} audit records.`,
    ...(replaced === undefined ? [] : [`The data that was there is in ${replaced}.`]),
    ...(putAside === undefined ? [] : [`The anchor file is now ${putAside}; keep it, a new one begins.`]),
    `Everybody has to sign in again; ${tokens} API tokens and ${invitations} invitations of the backup were removed.`,
  ];
  process.stdout.write(`${told.join(' ')}\n`);
  return 0;
}

/** How many records the anchor file knows of, if those are more than the backup holds. */
function witnessedBeyond(source: string, config: { anchorFile: string; auditOrigin: string }): number | undefined {
  if (config.anchorFile === '') return undefined;
  const { size } = checkBackup(source).audit;
  const witnessed = fileAnchor(config.anchorFile).witnessed!(backupKey(source, config.auditOrigin));
  return witnessed > size ? witnessed : undefined;
}

function fail(reason: Error): never {
  throw reason;
}

process.exitCode = await main();

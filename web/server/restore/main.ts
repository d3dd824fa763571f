// `npm run restore -- FOLDER`: puts a backup in the place of the data, verified before and after, recorded in the audit log.
import { existsSync, renameSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../core/runtime/clock.ts';
import { readConfig } from '../../../core/runtime/config.ts';
import { configuredAnchors } from '../audit/anchors.ts';
import { openAuditLog } from '../audit/open.ts';
import { backupKey, checkBackup, restoreBackup } from '../backup/backup.ts';
import { settings, settingsPrefix } from '../config.ts';
import { dataFiles } from '../data-files.ts';
import { takeLock, tellHeld } from '../lock.ts';

const usage = `usage: npm run restore -- FOLDER [--force]

  FOLDER is a backup. Stop the control plane first; the present data is kept beside it.
  --force  although a witness knows records that the backup lacks, or does not answer: an anchor file is kept under another name
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
  const { size: kept } = checkBackup(source).audit;
  const { known, silent } = await askWitnesses(source, config);
  if ((known > kept || silent.length > 0) && !values.force) {
    process.stderr.write(
      known > kept
        ? `A witness knows ${known} records, the backup ${kept}: those after it would be lost. Nothing was changed; --force does it, records it and puts an anchor file aside.\n`
        : `What ${silent.join(', ')} knows cannot be asked: the backup may lack records. Nothing was changed; --force does it all the same.\n`,
    );
    return 1;
  }
  const witnessed = known > kept ? known : undefined;
  const { replaced, tokens, invitations } = restoreBackup(source, files, stamp);
  const putAside =
    witnessed === undefined || !existsSync(config.anchorFile) ? undefined : `${config.anchorFile}.before-${stamp}`;
  if (putAside !== undefined) renameSync(config.anchorFile, putAside);
  // They were asked before; what they know beyond the backup is about to be recorded.
  const options = { clock: systemClock, origin: config.auditOrigin, anchors: [], onBroken: fail, onSilent: fail };
  const audit = await openAuditLog(files, options);
  const act = await audit.open({
    actor: { kind: 'system', id: 'shell' },
    action: 'backup:restore',
    subject: 'control-plane',
    detail: { restoredAt: kept, witnessed: witnessed ?? null, tokens, invitations },
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

/** The largest number of records that any witness knows of, and the witnesses that do not answer. */
async function askWitnesses(source: string, config: { anchorFile: string; anchorUrl: string; auditOrigin: string }) {
  const key = backupKey(source, config.auditOrigin);
  const silent: string[] = [];
  let known = 0;
  for (const { target, witnessed } of configuredAnchors(config)) {
    const newest = await witnessed(key).catch(() => void silent.push(target));
    known = Math.max(known, newest?.size ?? 0);
  }
  return { known, silent };
}

function fail(reason: unknown): never {
  throw reason;
}

process.exitCode = await main().catch(tellHeld);

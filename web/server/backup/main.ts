// `npm run backup -- FOLDER`: a verified copy of people, settings and audit, made while the control plane runs.
import { systemClock } from '../../../core/runtime/clock.ts';
import { readConfig } from '../../../core/runtime/config.ts';
import { settings, settingsPrefix } from '../config.ts';
import { dataFiles } from '../data-files.ts';
import { version } from '../version.ts';
import { makeBackup } from './backup.ts';

const [target, ...rest] = process.argv.slice(2);
if (target === undefined || rest.length > 0) {
  process.stderr.write(
    'usage: npm run backup -- FOLDER\n\n  FOLDER must not exist. It will hold the key of the audit log: keep it private.\n',
  );
  process.exitCode = 2;
} else {
  const config = readConfig(settings, process.env, settingsPrefix);
  const made = new Date(systemClock.unixSeconds() * 1000).toISOString();
  const { audit } = await makeBackup(dataFiles(config.dataFolder), target, { made, version });
  process.stdout.write(`${target} holds a verified backup: ${audit.size} audit records, root ${audit.root}\n`);
}

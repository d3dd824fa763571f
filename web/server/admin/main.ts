// `npm run admin -- reset USER`: for whoever lost password or second factor and has a shell on this machine.
import { systemClock } from '../../../core/runtime/clock.ts';
import { readConfig } from '../../../core/runtime/config.ts';
import { configuredAnchors } from '../audit/anchors.ts';
import { openAuditLog } from '../audit/open.ts';
import { settings, settingsPrefix } from '../config.ts';
import { randomSecret } from '../crypto.ts';
import { dataFiles } from '../data-files.ts';
import { openDb } from '../db.ts';
import { takeLock, tellHeld } from '../lock.ts';
import { controlMigrations } from '../migrations/index.ts';
import { createPeopleStore } from '../people/store.ts';
import { hashPassword } from '../sessions/password.ts';

const usage = `usage: npm run admin -- reset USER

  Gives USER a new random password, takes the second factor away, enables the person and ends every session.
  The control plane must be stopped: it holds the audit log that this is recorded in.
`;

async function main(): Promise<number> {
  const [command, name, ...rest] = process.argv.slice(2);
  if (command !== 'reset' || name === undefined || rest.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  const config = readConfig(settings, process.env, settingsPrefix);
  const files = dataFiles(config.dataFolder);
  const lock = takeLock(files.lock);
  const audit = await openAuditLog(files, {
    ...{ clock: systemClock, origin: config.auditOrigin, anchors: configuredAnchors(config), onBroken: fail },
    onSilent: tellSilent,
  });
  const db = openDb(files.control, controlMigrations);
  const people = createPeopleStore(db);
  const person = people.byName(name);
  if (person === undefined) {
    process.stderr.write(`There is nobody called ${name}.\n`);
    return 1;
  }
  const act = await audit.open({
    actor: { kind: 'system', id: 'shell' },
    action: 'person:reset',
    subject: `person/${person.id}`,
    personal: [{ field: 'subjectName', person: person.id, value: person.name }],
  });
  const password = randomSecret();
  people.setPassword(person.id, await hashPassword(password));
  people.setTotp(person.id, null, 0);
  people.setDisabled(person.id, false);
  await audit.close(act, 'done');
  await audit.stop();
  db.close();
  lock.release();
  process.stdout.write(`New password of ${person.name}: ${password}\nSign in and change it.\n`);
  return 0;
}

function tellSilent(target: string, { message }: Error): void {
  process.stderr.write(`The witness ${target} does not answer (${message}); nothing is known of it.\n`);
}

function fail(reason: Error): never {
  throw reason;
}

process.exitCode = await main().catch(tellHeld);

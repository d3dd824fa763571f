// Online backup and restore of people, settings and audit: a backup counts once it has been opened and verified, a restore likewise.
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { toHex } from '../audit/bytes.ts';
import { keyIdOf, type VerifierKey } from '../audit/checkpoint.ts';
import { formatLine } from '../audit/export.ts';
import { frontierAt, rootOf } from '../audit/merkle.ts';
import { openAuditStore } from '../audit/store.ts';
import { createVerifier, readCheckpoints } from '../audit/verify.ts';
import { readSigningKey, sha256, verifyEd25519 } from '../crypto.ts';
import { type DataFiles, dataFiles } from '../data-files.ts';
import { openDb } from '../db.ts';
import { controlMigrations } from '../migrations/index.ts';
import { backupFiles, type Manifest, manifest, problemsOf } from './manifest.ts';

const ports = { sha256, verify: verifyEd25519 };

/**
 * Copies a data folder that may be in use to the folder `target`, which must not exist, and verifies the copy.
 * The audit log is copied last, so it knows every act whose effect is in the copy. Throws, leaving no target, where anything fails.
 */
export async function makeBackup(source: DataFiles, target: string, about: { made: string; version: string }) {
  if (existsSync(target)) throw new Error(`${target} is there already; name a folder that is not.`);
  if (!existsSync(source.audit)) throw new Error(`${source.folder} holds no data to back up.`);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  for (const path of [source.control, source.audit]) await copyDatabase(path, join(partial, basename(path)));
  copyFileSync(source.auditKey, join(partial, basename(source.auditKey)));
  const audit = verifyFolder(partial);
  const files = [...measure(partial)].map(([name, { bytes, sha256: hash }]) => ({ name, bytes, sha256: hash }));
  const told: Manifest = { format: 1, ...about, audit, files };
  writeFileSync(join(partial, 'manifest.json'), `${JSON.stringify(told, null, 2)}\n`, { mode: 0o600, flush: true });
  syncFolder(partial, [...backupFiles, 'manifest.json']);
  renameSync(partial, target);
  syncFolder(dirname(target), []);
  return told;
}

/** Checks a backup without touching anything else; throws a sentence for what is wrong, else gives its manifest. */
export function checkBackup(folder: string): Manifest {
  const told = manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const problems = problemsOf(told, measure(folder));
  if (problems.length > 0) throw new Error(`this backup cannot be used: ${problems.join('; ')}`);
  return told;
}

/** The key that signs the audit log of a backup, under the name of that log. */
export function backupKey(folder: string, name: string): VerifierKey {
  return { name, publicKey: readSigningKey(readFileSync(join(folder, 'audit.key'), 'utf8')).publicKey };
}

interface Restored {
  /** Where the data is kept that was there. */
  replaced: string | undefined;
  tokens: number;
  invitations: number;
}

/**
 * Puts a backup in the place of the data, which is kept beside it.
 * The control plane must be stopped. Nothing is replaced before the copy has been verified and everybody in it is signed out.
 */
export function restoreBackup(folder: string, target: DataFiles, stamp: string): Restored {
  const told = checkBackup(folder);
  rmSync(target.restoring, { recursive: true, force: true });
  mkdirSync(target.restoring, { recursive: true, mode: 0o700 });
  for (const name of backupFiles) copyFileSync(join(folder, name), join(target.restoring, name));
  const found = verifyFolder(target.restoring);
  if (found.size !== told.audit.size || found.root !== told.audit.root)
    throw new Error('the audit log of this backup is not the one that its manifest speaks of');
  const ended = endAccess(join(target.restoring, basename(target.control)));
  syncFolder(target.restoring, backupFiles);
  const replaced = existsSync(target.folder) ? `${target.folder}.before-${stamp}` : undefined;
  if (replaced !== undefined) renameSync(target.folder, replaced);
  renameSync(target.restoring, target.folder);
  syncFolder(dirname(target.folder), []);
  return { replaced, ...ended };
}

/** What was revoked or used up after the backup was made must not come back: sessions, API tokens and invitations end. */
function endAccess(path: string): { tokens: number; invitations: number } {
  const db = openDb(path, controlMigrations);
  try {
    return db.transaction(() => {
      db.run('UPDATE people SET version = version + 1');
      const { changes: tokens } = db.run('DELETE FROM api_tokens');
      const { changes: invitations } = db.run('DELETE FROM invitations');
      return { tokens, invitations };
    });
  } finally {
    db.close();
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(database, to);
  } finally {
    database.close();
  }
}

/** Opens both databases and verifies every record; the size and root of the audit log. */
function verifyFolder(folder: string): Manifest['audit'] {
  const files = { ...dataFiles(''), control: join(folder, 'odyssey.db'), audit: join(folder, 'audit.db') };
  const db = openDb(files.control, controlMigrations);
  const [integrity] = db.all<{ integrity_check: string }>('PRAGMA integrity_check');
  const strays = db.all('PRAGMA foreign_key_check');
  db.close();
  if (integrity?.integrity_check !== 'ok' || strays.length > 0)
    throw new Error(`the database of ${folder} is damaged: ${integrity?.integrity_check}`);
  return verifyAudit(files.audit, join(folder, 'audit.key'));
}

function verifyAudit(path: string, keyPath: string): Manifest['audit'] {
  const { publicKey } = readSigningKey(readFileSync(keyPath, 'utf8'));
  const store = openAuditStore(path);
  try {
    const notes = store.checkpoints().map(({ note }) => note);
    const origin = notes[0]?.split('\n', 1)[0] ?? 'odyssey/audit';
    const key = { name: origin, publicKey };
    const read = readCheckpoints(ports, notes, key);
    if ('bad' in read) throw new Error(`the audit log of the copy is ${read.bad.kind}: ${read.bad.reason}`);
    const size = store.size();
    const root = toHex(rootOf(sha256, frontierAt(size, store.nodeAt)));
    const header = { origin, size, root, keyId: keyIdOf(sha256, key), since: 0, range: [] };
    const verifier = createVerifier(ports, header, { key, checkpoints: read.checkpoints, since: 0 });
    for (const line of store.lines(0, size)) verifier.add(formatLine(line));
    const finding = verifier.finish(true);
    if (finding.kind !== 'intact')
      throw new Error(`the audit log of the copy is ${finding.kind} at ${finding.firstBad}: ${finding.reason}`);
    return { size, root };
  } finally {
    store.close();
  }
}

function measure(folder: string): Map<string, { bytes: number; sha256: string }> {
  const present = backupFiles.filter((name) => existsSync(join(folder, name)));
  return new Map(
    present.map((name) => {
      const path = join(folder, name);
      return [name, { bytes: statSync(path).size, sha256: toHex(sha256(readFileSync(path))) }];
    }),
  );
}

/** What was copied and how it is called is on the disk before anybody is told so. */
function syncFolder(folder: string, names: readonly string[]): void {
  for (const path of [...names.map((name) => join(folder, name)), folder]) {
    const opened = openSync(path, 'r');
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  }
}

// Opens the audit log of a data folder with its key, verified before anything is added; a log that vanished is never begun anew.
import { existsSync, statSync } from 'node:fs';
import type { Clock } from '../../../core/runtime/clock.ts';
import { randomBytes, sha256, verifyEd25519 } from '../crypto.ts';
import type { DataFiles } from '../data-files.ts';
import { openDb } from '../db.ts';
import { controlMigrations } from '../migrations/index.ts';
import type { Anchor } from './anchors.ts';
import { sameBytes } from './bytes.ts';
import { restoreIn } from './checkpoint-walk.ts';
import { keepSigningKey } from './keys.ts';
import { AuditLog } from './log.ts';
import { frontierAt, rootOf } from './merkle.ts';
import { SelfCheck } from './self-check.ts';
import { openAuditStore } from './store.ts';

export interface OpenOptions {
  clock: Clock;
  origin: string;
  /** Witnesses that may know more records than there are. */
  anchors: readonly Pick<Anchor, 'target' | 'witnessed'>[];
  /** Told of a witness that does not answer: nothing is known of it, which is no reason to stand still. */
  onSilent(target: string, reason: Error): void;
  onBroken(reason: Error): void;
}

const advice = 'Put it back from the backup (`npm run restore`), or find out who took it away.';

/** Throws where the log does not verify, its key is missing, or people, key or witness know of records that are gone. */
export async function openAuditLog(files: DataFiles, options: OpenOptions): Promise<AuditLog> {
  const there = existsSync(files.audit) && statSync(files.audit).size > 0;
  const people = countPeople(files.control);
  if (!there && existsSync(files.auditKey)) {
    const first = `If this is a first start that was interrupted, remove ${files.auditKey}.`;
    throw new Error(
      `${files.audit} is missing or empty though its key is there. ${advice}${people === 0 ? ` ${first}` : ''}`,
    );
  }
  if (!there && people > 0) throw new Error(`${files.audit} is missing or empty though there are people. ${advice}`);
  const log = openLog(files, there, options);
  try {
    if (people > 0 && log.size === 0)
      throw new Error(`${files.audit} holds no record though there are people. ${advice}`);
    await refuseForgotten(log, files.audit, options);
  } catch (error) {
    log.store.close();
    throw error;
  }
  return log;
}

/** Compares the newest checkpoint of each witness with the log; one that a restore did away with, and recorded, is no reason. */
async function refuseForgotten(log: AuditLog, path: string, { anchors, onSilent }: OpenOptions): Promise<void> {
  const restores = log.store.search({ action: 'backup:restore' }, log.size, 200).lines.flatMap(({ record }) => {
    const restore = restoreIn(JSON.parse(record));
    return restore === undefined ? [] : [restore];
  });
  for (const { target, witnessed } of anchors) {
    const known = await witnessed(log.verifierKey).catch((reason: Error) => onSilent(target, reason));
    if (known === undefined) continue;
    const { size, root } = known;
    if (restores.some(({ restoredAt, witnessed: then }) => restoredAt < size && size <= then)) continue;
    if (size > log.size)
      throw new Error(`${path} holds ${log.size} records, the witness ${target} knows ${size}. ${advice}`);
    if (!sameBytes(root, rootOf(sha256, frontierAt(size, log.store.nodeAt))))
      throw new Error(`${path} is not the log whose first ${size} records the witness ${target} knows. ${advice}`);
  }
}

function openLog(files: DataFiles, there: boolean, { clock, origin, onBroken }: OpenOptions): AuditLog {
  return new AuditLog({
    sha256,
    verify: verifyEd25519,
    openStore: () => openAuditStore(files.audit),
    key: keepSigningKey(files.auditKey, there),
    origin,
    salt: () => randomBytes(32),
    isoTime: () => new Date(clock.unixSeconds() * 1000).toISOString(),
    monotonicSeconds: clock.monotonicSeconds,
    defer: (work, seconds) => void (seconds === undefined ? setImmediate(work) : setTimeout(work, seconds * 1000)),
    onBroken,
  });
}

function countPeople(path: string): number {
  if (!existsSync(path)) return 0;
  const db = openDb(path, controlMigrations);
  try {
    return db.get<{ n: number }>('SELECT count(*) AS n FROM people')!.n;
  } finally {
    db.close();
  }
}

export function openSelfCheck(log: AuditLog, { unixSeconds }: Clock): SelfCheck {
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
  return new SelfCheck({ log, sha256, verify: verifyEd25519, unixSeconds, rest });
}

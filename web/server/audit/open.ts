// Opens the audit log of a data folder with its key, verified before anything is added.
import { existsSync } from 'node:fs';
import type { Clock } from '../../../core/runtime/clock.ts';
import { randomBytes, sha256, verifyEd25519 } from '../crypto.ts';
import type { DataFiles } from '../data-files.ts';
import { keepSigningKey } from './keys.ts';
import { AuditLog } from './log.ts';
import { openAuditStore } from './store.ts';

/** Throws where the log does not verify or its key is missing. */
export function openAuditLog(
  files: DataFiles,
  options: { clock: Clock; origin: string; onBroken(reason: Error): void },
): AuditLog {
  return new AuditLog({
    sha256,
    verify: verifyEd25519,
    openStore: () => openAuditStore(files.audit),
    key: keepSigningKey(files.auditKey, existsSync(files.audit)),
    origin: options.origin,
    salt: () => randomBytes(32),
    isoTime: () => new Date(options.clock.unixSeconds() * 1000).toISOString(),
    monotonicSeconds: options.clock.monotonicSeconds,
    defer: (work) => void setImmediate(work),
    onBroken: options.onBroken,
  });
}

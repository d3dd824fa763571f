// The key that signs the audit log's checkpoints, in a file that only its owner can read.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { newSigningKey, readSigningKey, type SigningKey } from '../crypto.ts';

/** Reads the key; makes it with a new log only, because a log that changes its key looks like a forged one. */
export function keepSigningKey(path: string, logExists: boolean): SigningKey {
  if (existsSync(path)) return readSigningKey(readFileSync(path, 'utf8'));
  if (logExists) throw new Error(`${path} is missing though there is an audit log; put it back from the backup.`);
  const key = newSigningKey();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, key.pem, { mode: 0o600, flag: 'wx', flush: true });
  return key;
}

// Seals registries' passwords with AES-256-GCM under a key in a file of its own, so that neither the database nor its backup holds them.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Seal {
  seal(text: string, about: string): Uint8Array;
  /** Throws when it was sealed under another key, about something else, or is damaged. */
  open(sealed: Uint8Array, about: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Makes the key at first use, readable by its owner alone. */
export function openSeal(keyFile: string): Seal {
  let held: Buffer | undefined;
  const key = (): Buffer => {
    held ??= readKey(keyFile);
    return held;
  };
  return {
    seal(text, about) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key(), nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

function readKey(keyFile: string): Buffer {
  if (!existsSync(keyFile)) {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, randomBytes(keyBytes), { mode: 0o600, flag: 'wx' });
  }
  const key = readFileSync(keyFile);
  if (key.length !== keyBytes) throw new Error(`${keyFile} is no key of ${keyBytes} bytes`);
  return key;
}

// Passwords at rest: argon2id in PHC form, parameters read from the hash so that they can be raised later.
import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { randomBytes } from '../crypto.ts';

const argon2Async = promisify(argon2);

interface Parameters {
  memory: number;
  passes: number;
  parallelism: number;
}

/** ASVS 5.0, appendix C: one of the three accepted sets; about 30 ms and 19 MiB. */
const current: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, current);
  const { memory, passes, parallelism } = current;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether the password is the one that was hashed, and whether the hash is of an older, weaker make. */
export async function checkPassword(password: string, hash: string): Promise<{ right: boolean; outdated: boolean }> {
  const match = phc.exec(hash);
  if (match === null) throw new Error('a stored password hash is not readable');
  const parameters = { memory: Number(match[1]), passes: Number(match[2]), parallelism: Number(match[3]) };
  const tag = await derive(password, Buffer.from(match[4]!, 'base64'), parameters);
  const outdated = parameters.memory < current.memory || parameters.passes < current.passes;
  return { right: timingSafeEqual(tag, Buffer.from(match[5]!, 'base64')), outdated };
}

async function derive(password: string, nonce: Uint8Array, parameters: Parameters): Promise<Buffer> {
  const message = password.normalize('NFC'); // one keyboard's é is another's e + accent
  return argon2Async('argon2id', { message, nonce, tagLength, ...parameters });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

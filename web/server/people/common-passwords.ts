// The passwords that attackers try first, as shortened hashes: the 3,000 most frequent of at least 8 characters in public
// breach counts (the frequency list of the zxcvbn project). Five bytes of SHA-256 in lower case each, so the file itself is no word list.
import { readFileSync } from 'node:fs';
import { sha256 } from '../crypto.ts';

const known = new Set(
  readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

export function isCommonPassword(password: string): boolean {
  const digest = sha256(new TextEncoder().encode(password.toLowerCase()));
  return known.has(Buffer.from(digest.slice(0, 5)).toString('hex'));
}

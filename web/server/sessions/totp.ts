// The second factor: time-based one-time codes as every authenticator app makes them.

export type HmacSha1 = (key: Uint8Array, message: Uint8Array) => Uint8Array;

const stepSeconds = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** One-time code of a counter (RFC 4226, 5.3). */
export function hotp(hmac: HmacSha1, key: Uint8Array, counter: number, digits = 6): string {
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(counter));
  const mac = hmac(key, message);
  const offset = mac[19]! & 0xf;
  const number = new DataView(mac.buffer, mac.byteOffset + offset, 4).getUint32(0) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** Number of the 30-second step (RFC 6238). */
export function stepOf(unixSeconds: number): number {
  return Math.floor(unixSeconds / stepSeconds);
}

/**
 * The step whose code this is, one step of clock difference allowed either way; undefined when it is none of them.
 * Steps up to `lastStep` are spent: a code that was seen over a shoulder does not work twice.
 */
export function matchTotp(
  hmac: HmacSha1,
  key: Uint8Array,
  code: string,
  unixSeconds: number,
  lastStep: number,
): number | undefined {
  const now = stepOf(unixSeconds);
  let found: number | undefined;
  for (const step of [now - 1, now, now + 1]) {
    if (step > lastStep && step >= 0 && sameText(hotp(hmac, key, step), code)) found = step;
  }
  return found;
}

function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Base32 without padding (RFC 4648), as apps expect a typed-in secret. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

/** The address that an authenticator app reads from a QR code. */
export function otpauthUri(issuer: string, account: string, key: Uint8Array): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(key)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=${stepSeconds}`;
}

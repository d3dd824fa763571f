// One-time codes against the published vectors, and the rules of their use.
import { expect, test } from 'vitest';
import { hmacSha1 } from '../../../../web/server/crypto.ts';
import { base32, hotp, matchTotp, otpauthUri, stepOf } from '../../../../web/server/sessions/totp.ts';

const key = new TextEncoder().encode('12345678901234567890');

test.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'])(
  'RFC 4226, appendix D: %s',
  (code) => {
    const codes = Array.from({ length: 10 }, (_, counter) => hotp(hmacSha1, key, counter));
    expect(codes).toContain(code);
  },
);

test.each([
  { seconds: 59, code: '94287082' },
  { seconds: 1_111_111_109, code: '07081804' },
  { seconds: 1_111_111_111, code: '14050471' },
  { seconds: 1_234_567_890, code: '89005924' },
  { seconds: 2_000_000_000, code: '69279037' },
  { seconds: 20_000_000_000, code: '65353130' },
])('RFC 6238, appendix B: $code at $seconds', ({ seconds, code }) => {
  expect(hotp(hmacSha1, key, stepOf(seconds), 8)).toBe(code);
});

const now = 1_800_000_000;
const step = stepOf(now);
const codeAt = (offset: number) => hotp(hmacSha1, key, step + offset);

test.each([
  { offset: 0, last: 0, found: step },
  { offset: -1, last: 0, found: step - 1 },
  { offset: 1, last: 0, found: step + 1 },
  { offset: -2, last: 0, found: undefined },
  { offset: 2, last: 0, found: undefined },
  { offset: 0, last: step, found: undefined },
  { offset: 1, last: step, found: step + 1 },
])('a code $offset steps away, with steps up to $last spent', ({ offset, last, found }) => {
  expect(matchTotp(hmacSha1, key, codeAt(offset), now, last)).toBe(found);
});

test.each(['', '12345', 'abcdef', `${'0'.repeat(7)}`])('%j is no code', (code) => {
  expect(matchTotp(hmacSha1, key, code, now, 0)).toBeUndefined();
});

test.each([
  { text: '', code: '' },
  { text: 'f', code: 'MY' },
  { text: 'fo', code: 'MZXQ' },
  { text: 'foo', code: 'MZXW6' },
  { text: 'foobar', code: 'MZXW6YTBOI' },
])('RFC 4648: base32 of $text', ({ text, code }) => {
  expect(base32(new TextEncoder().encode(text))).toBe(code);
});

test('an app reads issuer, name and key', () => {
  const uri = new URL(otpauthUri('Odyssey', 'a b:c', key));
  expect(decodeURIComponent(uri.pathname)).toContain('Odyssey:a b:c');
  expect(uri.searchParams.get('secret')).toBe(base32(key));
});

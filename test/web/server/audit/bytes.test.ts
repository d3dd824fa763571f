// Bytes as text: one spelling for each value, every other is refused.
import { expect, test } from 'vitest';
import { fromBase64, fromHex, sameBytes, toBase64, toHex } from '../../../../web/server/audit/bytes.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

test('what is written can be read back', () => {
  expect(fromHex(toHex(bytes))).toEqual(bytes);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  expect(toHex(Uint8Array.of(0, 171, 255))).toBe('00abff');
});

test.each(['AB', 'abc', '0g', ' 00'])('hexadecimal %j is refused', (text) => {
  expect(() => fromHex(text)).toThrow();
});

test.each(['AA', 'AB==', 'AAA', 'A A=', '-_8='])('base64 %j is refused', (text) => {
  expect(() => fromBase64(text)).toThrow();
});

test('bytes are the same only when all are', () => {
  expect(sameBytes(bytes, bytes.slice())).toBe(true);
  expect(sameBytes(bytes, bytes.with(255, 0))).toBe(false);
  expect(sameBytes(bytes, bytes.slice(1))).toBe(false);
});

// DER against known encodings.
import { expect, test } from 'vitest';
import {
  bitString,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8,
} from '../../../../web/server/tls/der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([
  { what: 'zero', bytes: integer(Uint8Array.of(0)), text: '020100' },
  { what: 'a high bit', bytes: integer(Uint8Array.of(0x80)), text: '02020080' },
  { what: 'leading zeros', bytes: integer(Uint8Array.of(0, 0, 1)), text: '020101' },
  { what: 'an identifier', bytes: oid('1.2.840.10045.4.3.2'), text: '06082a8648ce3d040302' },
  { what: 'a short identifier', bytes: oid('2.5.29.17'), text: '0603551d11' },
  { what: 'text', bytes: utf8('é'), text: '0c02c3a9' },
  { what: 'bits', bytes: bitString(Uint8Array.of(0xff)), text: '030200ff' },
  { what: 'nesting', bytes: sequence(set(octetString(Uint8Array.of(1)))), text: '30053103040101' },
  { what: 'a tag around', bytes: tagged(3, Uint8Array.of(0x05, 0x00), true), text: 'a3020500' },
  { what: 'a tag instead', bytes: tagged(2, Uint8Array.of(0x61), false), text: '820161' },
  {
    what: 'a time before 2050',
    bytes: time('2026-01-02T03:04:05.678Z'),
    text: `170d${Buffer.from('260102030405Z').toString('hex')}`,
  },
  {
    what: 'a time from 2050 on',
    bytes: time('2050-01-02T03:04:05Z'),
    text: `180f${Buffer.from('20500102030405Z').toString('hex')}`,
  },
])('$what', ({ bytes, text }) => {
  expect(hex(bytes)).toBe(text);
});

test.each([127, 128, 255, 256, 70_000])('a length of %i', (length) => {
  const bytes = octetString(new Uint8Array(length));
  const head = length < 128 ? 2 : length < 256 ? 3 : length < 65_536 ? 4 : 5;
  expect(bytes.length).toBe(head + length);
  if (length >= 128) expect(bytes[1]).toBe(0x80 | (head - 2));
});

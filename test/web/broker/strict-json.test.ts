// The strict reader agrees with JSON.parse on what it takes, and refuses what two readers could take differently.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../../web/broker/strict-json.ts';
import { crookedTexts } from './bodies.ts';

const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text));

describe('strict JSON', () => {
  test.each(['{}', '[]', ' {"a":[1,2,{"b":null}],"c":"\\u00e4\\n"} ', '-1.5e3', 'true', '"x"', '[[],[[]]]', '{"":0}'])(
    '%s',
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );

  test('any value comes back as it was written', () => {
    const safe = fc
      .jsonValue({ noUnicodeString: false, maxDepth: 6 })
      .filter((value) => !/"__proto__":|e\+|\d{16}/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(safe, (value) => {
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('any text either throws or means what JSON.parse says', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '01',
      '-',
      'null',
      ' ',
      '\u00a0',
      '"',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let value: unknown;
        try {
          value = parse(text);
        } catch {
          return;
        }
        expect(value).toEqual(JSON.parse(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(crookedTexts.filter(({ name }) => !/^(a list|null)$/.test(name)))('$name is refused', ({ text }) => {
    expect(() => parse(text)).toThrow();
  });

  test.each([
    '',
    '{',
    '[1',
    '{"a"}',
    '{"a":}',
    '{,}',
    '[,]',
    '[1,]',
    '{"a":1,}',
    'nul',
    '01',
    '+1',
    '.5',
    '1.',
    '"\\x"',
    'NaN',
    '1e999',
  ])('%s is refused', (text) => expect(() => parse(text)).toThrow());

  test('bytes that are not UTF-8 are refused', () => {
    expect(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow();
  });

  test('a megabyte in one string is read in linear time', () => {
    const text = JSON.stringify({ Data: 'A"\\'.repeat(200_000) });
    const started = performance.now();
    expect(parse(text)).toEqual(JSON.parse(text));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

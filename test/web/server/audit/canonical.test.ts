// Canonical JSON against the examples of RFC 8785, and its refusals.
import { expect, test } from 'vitest';
import { canonical } from '../../../../web/server/audit/canonical.ts';

test('members are sorted by UTF-16 code units, at every depth (RFC 8785, 3.2.3)', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    1: 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect([...canonical(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name!.split(' ')[0])).toEqual([
    'Carriage',
    'One',
    'Control',
    'Latin',
    'Euro',
    'Emoji:',
    'Hebrew',
  ]);
  expect(canonical({ b: { z: 1, a: [] }, a: {} })).toBe('{"a":{},"b":{"a":[],"z":1}}');
});

test.each([
  { value: Number('333333333.33333329'), text: '333333333.3333333' },
  { value: 1e30, text: '1e+30' },
  { value: 4.5, text: '4.5' },
  { value: 2e-3, text: '0.002' },
  { value: 1e-27, text: '1e-27' },
  { value: -0, text: '0' },
  { value: '\u20ac$\u000f\nA\'B"\\"/', text: '"€$\\u000f\\nA\'B\\"\\\\\\"/"' },
  { value: [null, true, false], text: '[null,true,false]' },
])('$text (RFC 8785, 3.2.2)', ({ value, text }) => {
  expect(canonical(value)).toBe(text);
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [{ '\udc00': 1 }]])('%j has no form', (value) => {
  expect(() => canonical(value)).toThrow();
});

// A message has one end: a plain length, or none.
import { expect, test } from 'vitest';
import { readFraming } from '../../../web/broker/framing.ts';

const json = ['Content-Type', 'application/json'];

test.each([
  { given: 'no body', headers: ['Host', 'd'], result: 0 },
  { given: 'a length', headers: [...json, 'content-length', '12'], result: 12 },
  {
    given: 'a type with its charset',
    headers: ['CONTENT-TYPE', 'application/json; charset=UTF-8', 'Content-Length', '2'],
    result: 2,
  },
  { given: 'chunks', headers: [...json, 'Transfer-Encoding', 'chunked'], result: 'chunked' },
  { given: 'an encoding that changes nothing', headers: ['transfer-encoding', 'identity'], result: 'chunked' },
  { given: 'both', headers: ['Content-Length', '2', 'Transfer-Encoding', 'chunked'], result: 'chunked' },
  { given: 'trailers', headers: ['Trailer', 'X'], result: 'chunked' },
  { given: 'two lengths', headers: [...json, 'Content-Length', '2', 'content-length', '2'], result: 'content-length' },
  { given: 'a list of lengths', headers: [...json, 'Content-Length', '2, 2'], result: 'content-length' },
  { given: 'a signed length', headers: [...json, 'Content-Length', '+2'], result: 'content-length' },
  { given: 'a length in hexadecimal', headers: [...json, 'Content-Length', '0x2'], result: 'content-length' },
  { given: 'two hosts', headers: ['Host', 'a', 'Host', 'b'], result: 'header-duplicate' },
  { given: 'an upgrade', headers: ['Upgrade', 'tcp'], result: 'upgrade' },
  { given: 'a connection that asks for one', headers: ['Connection', 'keep-alive, Upgrade'], result: 'upgrade' },
  { given: 'an expectation', headers: ['Expect', '100-continue'], result: 'expect' },
  {
    given: 'a packed body',
    headers: [...json, 'Content-Encoding', 'gzip', 'Content-Length', '2'],
    result: 'encoded-body',
  },
  { given: 'a body without a type', headers: ['Content-Length', '2'], result: 'content-type' },
  {
    given: 'a form',
    headers: ['Content-Type', 'application/x-www-form-urlencoded', 'Content-Length', '2'],
    result: 'content-type',
  },
])('$given → $result', ({ headers, result }) => {
  const framing = readFraming(headers);
  expect(framing.kind === 'framed' ? framing.bodyBytes : framing.reason).toBe(result);
});

test('credentials for a registry are handed on, other headers are not looked at', () => {
  expect(readFraming(['X-Registry-Auth', 'abc', 'Cookie', 'a'])).toEqual({
    kind: 'framed',
    bodyBytes: 0,
    registryAuth: 'abc',
  });
});

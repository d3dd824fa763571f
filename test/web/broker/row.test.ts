// What a row does not say is strict: no query, no body, no credentials, ten seconds.
import { expect, test } from 'vitest';
import { empty, lines, list, one, row, text } from '../../../web/broker/row.ts';

test('a row begins closed', () => {
  expect(row('GET /info', 'overview', {})).toMatchObject({
    query: {},
    demanded: [],
    body: undefined,
    registryAuth: false,
    answer: empty,
    deadlineSeconds: 10,
    idleSeconds: undefined,
  });
});

test('what is given replaces what is usual', () => {
  expect(row('GET /info', 'overview', { deadlineSeconds: 3 })).toMatchObject({
    deadlineSeconds: 3,
    bodyBytesMax: 262_144,
  });
});

test.each([one, list, lines])('each kind of answer has a bound on one value', (kind) => {
  const { pieceBytesMax, bytesMax } = kind((value) => value);
  expect(pieceBytesMax).toBeGreaterThan(0);
  expect(pieceBytesMax).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(bytesMax).toBeGreaterThanOrEqual(pieceBytesMax);
  expect(text.bytesMax).toBeLessThan(pieceBytesMax);
});

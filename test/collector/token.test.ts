// The token is made once, readable by its group only, and asked for in full.
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { behindToken, readOrCreateToken } from '../../collector/token.ts';
import { plain } from '../../core/runtime/http.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'token-'));

test('it is made where there is none, and kept where there is one', () => {
  const data = folder();
  const token = readOrCreateToken(data);
  const path = join(data, 'run/collector.token');
  expect(readFileSync(path, 'utf8').trim()).toBe(token);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readOrCreateToken(data)).toBe(token);
  expect(token.length).toBeGreaterThanOrEqual(32);
});

test('an empty file is refused, not filled', () => {
  const data = folder();
  readOrCreateToken(data);
  writeFileSync(join(data, 'run/collector.token'), '\n');
  expect(() => readOrCreateToken(data)).toThrow('holds no usable token');
});

test.each([
  { given: 'the token', authorization: 'Bearer secret-secret-secret', gives: 200 },
  { given: 'another', authorization: 'Bearer secret-secret-secreT', gives: 401 },
  { given: 'the start of it', authorization: 'Bearer secret', gives: 401 },
  { given: 'it without its scheme', authorization: 'secret-secret-secret', gives: 401 },
  { given: 'nothing', authorization: undefined, gives: 401 },
])('$given → $gives', async ({ authorization, gives }) => {
  const handler = behindToken('secret-secret-secret', () => plain(200, 'ok'));
  const reply = await handler(new URLSearchParams(), authorization === undefined ? {} : { authorization });
  expect(reply.status).toBe(gives);
});

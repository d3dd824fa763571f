// Tokens: made once, readable by owner and group only.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTokens } from '../../../compose/start/tokens.ts';

test('each is 32 random bytes, kept over starts, not alike, mode 0640', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-tokens-'));
  const read = (name: string) => readFileSync(join(folder, `${name}.token`), 'utf8');
  makeTokens(folder, ['one', 'two']);
  const [one, two] = [read('one'), read('two')];
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(one).not.toBe(two);
  expect(statSync(join(folder, 'one.token')).mode & 0o777).toBe(0o640);
  makeTokens(folder, ['one', 'two', 'three']);
  expect([read('one'), read('two')]).toEqual([one, two]);
  expect(read('three')).toHaveLength(64);
  rmSync(folder, { recursive: true });
});

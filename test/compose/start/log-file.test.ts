// Logs of children: bounded in size and number.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLogFile } from '../../../compose/start/log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a full file is put aside, only so many are kept, none is larger than its bound', () => {
  const path = join(folder, 'web.log');
  const log = openLogFile(path, 100, 3);
  for (let line = 0; line < 100; line++) log.write(Buffer.from(`line ${String(line).padStart(3, '0')}\n`));
  log.close();
  expect(readdirSync(folder).sort()).toEqual(['web.log', 'web.log.1', 'web.log.2', 'web.log.3']);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(100);
  const text = ['.3', '.2', '.1', ''].map((age) => readFileSync(path + age, 'utf8')).join('');
  expect(text).toMatch(/line 098\nline 099\n$/);
  expect(text.split('\n').length).toBeGreaterThan(30);
});

test('what the disk refuses is dropped, and writing goes on once it is possible again', () => {
  const log = openLogFile('/dev/full', 100, 1);
  log.write(Buffer.from('lost\n'));
  log.close();
  const late = openLogFile(join(folder, 'later/late.log'), 100, 1);
  late.write(Buffer.from('lost\n'));
  mkdirSync(join(folder, 'later'));
  late.write(Buffer.from('kept\n'));
  late.close();
  expect(readFileSync(join(folder, 'later/late.log'), 'utf8')).toBe('kept\n');
});

test('it goes on where it stopped', () => {
  const path = join(folder, 'again.log');
  for (const word of ['one\n', 'two\n']) {
    const log = openLogFile(path, 100, 1);
    log.write(Buffer.from(word));
    log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
});

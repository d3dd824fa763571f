// The command itself: one file of scores a series, in the folder of its set; mistakes are said in a sentence.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dailyWave, monday } from '../models/made-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const main = join(import.meta.dirname, '../../../detectors/replay/main.ts');
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

mkdirSync(join(folder, 'made'));
const rows = [...dailyWave(3)].map((value, row) => `${monday + row * 300},${value},0`);
writeFileSync(join(folder, 'made/wave.csv.gz'), gzipSync(`timestamp,v0,label\n${rows.join('\n')}\n`));
const entry = { set: 'made', name: 'wave', rows: rows.length, n_train: 700, step_seconds: 300 };
writeFileSync(join(folder, 'manifest.json'), JSON.stringify([entry]));

const bad = join(folder, 'bad.json');
writeFileSync(bad, '[{');

test('scores every row after the training, one line a row', () => {
  const out = join(folder, 'scores');
  const { status, stderr } = run('--manifest', join(folder, 'manifest.json'), '--out', out, '--workers', '2');
  expect(stderr).toContain('made/wave');
  expect(status).toBe(0);
  const lines = readFileSync(join(out, 'made/wave.csv'), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(rows.length + 1);
  expect(lines[0]).toBe('score,alert');
  expect(lines[700]).toBe(',');
  expect(Number(lines[701]!.split(',')[0])).toBeGreaterThan(0);
});

test.each([
  { given: 'nothing', args: [], status: 2, says: 'usage' },
  { given: 'an unknown set', args: ['--set', 'none'], status: 1, says: 'no series' },
  { given: 'hours that are none', args: ['--refit-hours', 'abc'], status: 1, says: '--refit-hours must be a number' },
  { given: 'no hours', args: ['--refit-hours', '0'], status: 1, says: '--refit-hours must be a number' },
  { given: 'a seed that is none', args: ['--seed', 'x'], status: 1, says: '--seed must be a whole number' },
  { given: 'a manifest that is no JSON', args: ['--manifest', bad], status: 1, says: `${bad} cannot be read: ` },
])('$given: status $status', ({ args, status, says }) => {
  const always = args.length === 0 ? [] : ['--manifest', join(folder, 'manifest.json'), '--out', folder];
  const result = run(...always, ...args);
  expect(result.status).toBe(status);
  expect(result.stderr).toContain(says);
});

test('relative paths start where the command was typed; --help is no mistake', () => {
  const env = { ...process.env, INIT_CWD: folder };
  const args = [main, '--manifest', 'bad.json', '--out', 'scores'];
  expect(spawnSync(process.execPath, args, { encoding: 'utf8', env }).stderr).toContain(bad);
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('usage') });
});

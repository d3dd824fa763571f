// How much history may be kept: by the disk and by what a person allows.
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRetention } from '../../../compose/start/disk.ts';
import { parseSize, renderSize, retentionBytes } from '../../../compose/start/retention.ts';

describe('retention', () => {
  const gibibyte = 2 ** 30;
  test.each([
    { given: 'a large disk', free: 500 * gibibyte, held: 0, expected: 10 * gibibyte },
    { given: 'a small disk', free: 5 * gibibyte, held: 0, expected: 4 * gibibyte },
    { given: 'what is held already counts as its own', free: 1 * gibibyte, held: 4 * gibibyte, expected: 4 * gibibyte },
    { given: 'an almost full disk', free: 0, held: 0, expected: gibibyte / 4 },
  ])('$given → $expected bytes', ({ free, held, expected }) => {
    expect(retentionBytes(free, held)).toBe(expected);
  });

  test('a person may allow more than the usual, though never more than the disk', () => {
    expect(retentionBytes(500 * gibibyte, 0, 50 * gibibyte)).toBe(50 * gibibyte);
    expect(retentionBytes(10 * gibibyte, 0, 50 * gibibyte)).toBe(8 * gibibyte);
  });

  test('what is held counts, at any depth', () => {
    const folder = mkdtempSync(join(tmpdir(), 'odyssey-held-'));
    mkdirSync(join(folder, 'wal'));
    const before = readRetention(folder, Number.MAX_SAFE_INTEGER);
    // A file without content on the disk: its size counts, and the room that is left stays as it was.
    writeFileSync(join(folder, 'wal/00000000'), '');
    truncateSync(join(folder, 'wal/00000000'), 1_000 * gibibyte);
    const more = readRetention(folder, Number.MAX_SAFE_INTEGER) - before;
    expect(Math.abs(more - 800 * gibibyte)).toBeLessThan(5 * gibibyte);
    rmSync(folder, { recursive: true });
  });
});

describe('sizes', () => {
  test.each([
    { text: '10GB', bytes: 10 * 2 ** 30 },
    { text: '512MB', bytes: 512 * 2 ** 20 },
    { text: '1TB', bytes: 2 ** 40 },
    { text: '10GiB', bytes: 10 * 2 ** 30 },
    { text: '300000000B', bytes: 300_000_000 },
  ])('$text', ({ text, bytes }) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['', '0', '0GB', '10', '10 GB', '-1GB', '10G', '1e3MB', '5iB', '9999999999GB'])('%s is none', (text) => {
    expect(() => parseSize(text)).toThrow('no size');
  });

  test('are rendered as Prometheus takes them, and read back', () => {
    expect(renderSize(10 * 2 ** 30)).toBe('10240MB');
    expect(parseSize(renderSize(5 * 2 ** 30 + 7))).toBe(5 * 2 ** 30);
  });
});

// The list of families holds every family once, ids are unique, and every rule says what it is about.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { families } from '../../../../detectors/process/threats/index.ts';

const folder = new URL('../../../../detectors/process/threats/', import.meta.url);

test('every file of the folder is in the list', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  expect(families.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});

test('ids are unique, techniques are ATT&CK ids, reasons are sentences', () => {
  const rules = families.flatMap(({ rules: own }) => own);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rules.filter(({ technique }) => !/^T\d{4}(?:\.\d{3})?$/.test(technique))).toEqual([]);
  expect(rules.filter(({ reason }) => !/^\S.*\.$/.test(reason))).toEqual([]);
});

const literal =
  /\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])*)\/([gimsuy]*)(?=[.,;)\s])/g;

/** The patterns that stand in a file. */
function patternsOf(url: URL): RegExp[] {
  const found: RegExp[] = [];
  for (const line of readFileSync(url, 'utf8').split('\n')) {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) continue;
    for (const [, source = '', flags = ''] of line.matchAll(literal)) {
      try {
        found.push(new RegExp(source, flags.replace(/[gy]/g, '')));
      } catch {
        // A division or a path in a text looks like a pattern and is none.
      }
    }
  }
  return found;
}

/** Texts that make a pattern try again and again: its own words and single characters, repeated to 16 KiB. */
function pumps(pattern: RegExp): string[] {
  const words = pattern.source
    .replace(/\\[bBsSdwW]/g, ' ')
    .replace(/\\(.)/g, '$1')
    .split(/[()|\s^$[\]?*+{}]+/);
  const units = [
    'a',
    ' ',
    '1',
    '/',
    '.',
    '-',
    ':',
    '=',
    ',',
    'a ',
    'a/',
    '/a',
    '"a',
    '$(',
    '`',
    ...words.filter(Boolean).slice(0, 20),
  ];
  return units.map((unit) => `${unit.repeat(Math.ceil(16_384 / unit.length))}\u0001`);
}

test('no pattern backtracks: 16 KiB of anything is matched in less than 60 ms', () => {
  const files = ['', 'shell/', 'verdict/'].flatMap((sub) =>
    readdirSync(new URL(sub, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => new URL(sub + name, folder)),
  );
  const patterns = files.flatMap(patternsOf);
  expect(patterns.length).toBeGreaterThan(400);
  const slow = patterns.filter((pattern) =>
    pumps(pattern).some((text) => isSlow(pattern, text) && isSlow(pattern, text)),
  );
  expect(slow.map(({ source }) => source)).toEqual([]);
});

function isSlow(pattern: RegExp, text: string): boolean {
  const start = performance.now();
  pattern.test(text);
  return performance.now() - start > 60;
}

// Sizes, openings and names: a function fits a screen, a file is one sitting, and each says what it is for.
import { describe, expect, test } from 'vitest';
import { roomOf } from './layers.ts';
import { listFiles, parse, readFile } from './tree.ts';

const linesMax = 300;
const functionLinesMax = 70;
const paths = listFiles();
const files = paths.filter((path) => /\.(ts|mjs)$/.test(path)).map(parse);

describe('shape', () => {
  test(`no file is longer than ${linesMax} lines`, () => {
    const long = paths
      .filter((path) => /\.(ts|mjs|svelte)$/.test(path))
      .map((path) => ({ path, lines: readFile(path).split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > linesMax)).toEqual([]);
  });

  test(`no function is longer than ${functionLinesMax} lines`, () => {
    const product = files.filter(({ path }) => roomOf(path) !== 'test');
    const long = product.flatMap(({ path, functions }) =>
      functions.filter(({ lines }) => lines > functionLinesMax).map(({ name, lines }) => `${path} ${name}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  test('every file opens with a sentence that says what it is for', () => {
    const silent = files
      .filter(({ text }) => !/^(#!.*\n)?(\/\/ |\/\*\*\s+(\* )?)\S.{10,}/.test(text))
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  test('files are named in kebab-case, components in PascalCase, and none is a drawer for everything', () => {
    const odd = paths.filter((path) => {
      const name = path.split('/').at(-1)!;
      if (/\.svelte$/.test(name)) return !/^[A-Z][A-Za-z0-9]*\.svelte$/.test(name);
      return (
        /\.ts$/.test(name) &&
        (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(name) || /^(utils?|helpers?|common|misc)\.ts$/.test(name))
      );
    });
    expect(odd).toEqual([]);
  });

  test('every pure file is under a test of its own part: named by one, or by a file that one names', () => {
    const tested = reachFromTests();
    const bare = files.filter(
      ({ path, functions }) => ['pure', 'lib'].includes(roomOf(path)) && functions.length > 0 && !tested.has(path),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('no banner, no bare TODO, nothing left switched off', () => {
    const left = files.flatMap(({ path, text }) => {
      const found = text.match(/\b(TODO|FIXME)\b|\/\/ ?[-=*#]{6,}|\.only\(/g) ?? [];
      return path.startsWith('test/tidy/') ? [] : found.map((mark) => `${path}: ${mark}`);
    });
    expect(left).toEqual([]);
  });
});

/** What the tests of each part import, and what those files import in turn; tidy, proofs and benchmarks do not count. */
function reachFromTests(): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const targets = (paths: Iterable<string>) =>
    [...paths].flatMap((path) => byPath.get(path)?.imports ?? []).map(({ target }) => target);
  const tests = files
    .filter(({ path }) => /^test\/(?!tidy|prove|bench).*\.test\.ts$/.test(path))
    .map(({ path }) => path);
  const near = targets(tests);
  return new Set([...near, ...targets(near), ...targets(targets(near))]);
}

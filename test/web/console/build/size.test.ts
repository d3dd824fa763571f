// @vitest-environment node
// What a browser loads: the sign-in page and every route stay within their budgets; what was built is the sources' and compressed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../../../web/console/build/bundle.ts';
import { digestSources, isFresh, markFresh } from '../../../../web/console/build/freshness.ts';

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const kibibyte = 1_024;
const root = join(import.meta.dirname, '../../../..');
let folder = '';
let chunks: Record<string, Chunk> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-console-'));
  await bundle(folder);
  chunks = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A chunk and everything it cannot do without; `lazily` adds what its parts load themselves, other pages left out. */
function closure(name: string, lazily: boolean, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const { imports = [], dynamicImports = [] } = chunks[name]!;
  const lazy = lazily ? dynamicImports.filter((one) => !one.startsWith('pages/')) : [];
  for (const next of [...imports, ...lazy]) closure(next, lazily, found);
  return found;
}

const pagesOf = (name: string) => (chunks[name]!.dynamicImports ?? []).filter((one) => one.startsWith('pages/'));
const bytesOf = (names: Iterable<string>) =>
  [...names].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(folder, chunks[name]!.file)), { level: 9 }).length,
    0,
  );
const entry = () => Object.keys(chunks).find((name) => chunks[name]!.isEntry === true)!;

describe('budgets, gzip', () => {
  test('the sign-in page: at most 60 KiB of JavaScript', () => {
    expect(bytesOf(closure(entry(), false)) / kibibyte).toBeLessThan(60);
  });

  test('every page, with each of its views: at most 120 KiB of JavaScript, with the shell, the live connection and what its parts load', () => {
    const pages = Object.keys(chunks).filter((name) => name.startsWith('pages/'));
    expect(pages.length).toBeGreaterThan(3);
    const frame = closure(entry(), true);
    const routes = new Set([...frame].flatMap(pagesOf));
    const sizes = pages.flatMap((page) => {
      const whole = closure(page, true);
      const views = routes.has(page) ? [...whole].flatMap(pagesOf).filter((name) => !routes.has(name)) : [];
      return [[], ...views.map((view) => [view])].map((shown) => {
        const loaded = new Set([...frame, ...whole, ...shown.flatMap((view) => [...closure(view, true)])]);
        return [[page, ...shown].join(' with '), bytesOf(loaded) / kibibyte] as const;
      });
    });
    expect(sizes.length).toBeGreaterThan(pages.length);
    expect(sizes.filter(([, size]) => size > 120)).toEqual([]);
  });
});

describe('files', () => {
  test('nothing in the first page needs an exception from the policy', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i);
    expect(html).not.toMatch(/https?:\/\//);
  });

  test('the compressed forms hold the same', () => {
    const files = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.br'));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files) {
      const plain = readFileSync(join(folder, 'assets', name.slice(0, -3)));
      expect(brotliDecompressSync(readFileSync(join(folder, 'assets', name))).equals(plain)).toBe(true);
      expect(gunzipSync(readFileSync(join(folder, 'assets', `${name.slice(0, -3)}.gz`))).equals(plain)).toBe(true);
    }
  });

  test('a build is fresh once it is whole, and no longer when a source changed', () => {
    const digest = digestSources(root);
    expect(digestSources(root)).toBe(digest);
    expect(isFresh(folder, digest)).toBe(false);
    markFresh(folder, digest);
    expect(isFresh(folder, digest)).toBe(true);
    expect(isFresh(folder, `${digest}x`)).toBe(false);
    rmSync(join(folder, 'index.html'));
    expect([existsSync(join(folder, 'built-from.txt')), isFresh(folder, digest)]).toEqual([true, false]);
    writeFileSync(join(folder, 'index.html'), '');
  });
});

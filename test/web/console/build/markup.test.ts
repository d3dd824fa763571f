// @vitest-environment node
// Rules that every component keeps: it says what it is for, no inline styles, no raw HTML, only pages that are listed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages } from '../../../../web/console/pages/index.ts';
import { groups } from '../../../../web/console/pages/page.ts';

const folder = join(import.meta.dirname, '../../../../web/console');
const components = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svelte') && !path.startsWith('dist'))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
const without = (pattern: RegExp) => components.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

describe('components', () => {
  test('each opens with a sentence that says what it is for', () => {
    expect(components.filter(({ text }) => !/^<!--\s+\S.{15,}/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('none has a style in its markup: the policy refuses it', () => {
    expect(without(/\sstyle="/)).toEqual([]);
  });

  test('none puts raw HTML into the page', () => {
    expect(without(/\{@html|innerHTML|insertAdjacentHTML|document\.write/)).toEqual([]);
  });

  test('none loads anything from elsewhere', () => {
    expect(without(/(src|href)="https?:/)).toEqual([]);
  });
});

describe('pages', () => {
  test('no two have the same address or, in the rail, the same title', () => {
    const paths = pages.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
    const titles = pages.filter(({ group }) => group !== undefined).map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  });

  test('what stands in the rail has an icon, a group that exists and an address without parameters', () => {
    const railed = pages.filter(({ group }) => group !== undefined);
    expect(
      railed.filter(({ icon, path, group }) => icon === undefined || path.includes(':') || !groups.includes(group!)),
    ).toEqual([]);
  });

  test('the files are there', async () => {
    const listed = pages.map(({ load }) => /import\(["'`][^"'`]*?(\w+\.svelte)/.exec(load.toString())?.[1]);
    const there = new Set(components.map(({ path }) => path.replace(/^pages\//, '')));
    expect(listed.filter((name) => name !== undefined && !there.has(name))).toEqual([]);
  });
});

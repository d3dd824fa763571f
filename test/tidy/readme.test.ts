// The README promises only what is there: its settings, commands and ports are compared with the code.
import { describe, expect, test } from 'vitest';
import { printSettingsTable } from './settings-table.ts';
import { listFiles, readFile } from './tree.ts';

const readme = readFile('README.md');

describe('README', () => {
  test('holds the table of settings as the code prints it', () => {
    expect(readme).toContain(printSettingsTable());
  });

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFile('package.json'));
    const named = [...readme.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)].map(([, name]) => name!);
    const builtIn = ['ci', 'start', 'test', 'run'];
    expect(named.filter((name) => !builtIn.includes(name) && !(name in scripts))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
    const there = new Set(listFiles());
    expect(links.filter((target) => !there.has(target))).toEqual([]);
  });
});
